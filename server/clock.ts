/** The clocks of a running server. */
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "./ports.ts";

/**
 * Wall time that never runs backwards within the process (I22): when the system clock is set
 * back, time stands still until it has caught up.
 */
export function systemClock(): Clock {
  let last = 0;
  return {
    now() {
      last = Math.max(last, Date.now());
      return last;
    },
    async sleep(ms, signal) {
      await delay(ms, undefined, { signal });
    },
  };
}
