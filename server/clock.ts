/** The clocks of a running server. */
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "./ports.ts";

/** The two clocks of the machine: the wall's, which may be put back, and one that only runs on. */
interface Machine {
  readonly wall: () => number;
  readonly elapsed: () => number;
}

const MACHINE: Machine = { wall: Date.now, elapsed: () => performance.now() };

/**
 * Wall time that never runs backwards within the process (I22). When the system clock is put back,
 * time goes on at half its pace until the wall has caught up: locks end and looks come due later
 * than they should, but they do.
 */
export function systemClock({ wall, elapsed }: Machine = MACHINE): Clock {
  let last = 0;
  let lastElapsed = elapsed();
  return {
    now() {
      const passed = elapsed() - lastElapsed;
      lastElapsed += passed;
      last = Math.max(wall(), last + passed / 2);
      return Math.floor(last);
    },
    elapsed: () => performance.now(),
    async sleep(ms, signal) {
      await delay(ms, undefined, { signal });
    },
  };
}
