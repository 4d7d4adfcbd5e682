/** The sandbox's rate limit on queries: so many a minute, burst 1 (daraja.md §3). Off by default. */
import type { Clock } from "../ports.ts";

const MINUTE_MS = 60_000;

export interface SpikeArrest {
  admits(): boolean;
  /** Requests a minute; 0 when there is no limit. */
  perMinute(): number;
  /** Changes the limit while running; 0 switches it off. */
  set(perMinute: number): void;
}

/** Spaces requests evenly, in real time whatever the speed, as the gateway does. */
export function createSpikeArrest(clock: Clock, perMinute: number): SpikeArrest {
  let rate = perMinute;
  let nextAt = 0;
  return {
    admits() {
      if (rate === 0) return true;
      const now = clock.now();
      if (now < nextAt) return false;
      nextAt = now + MINUTE_MS / rate;
      return true;
    },
    perMinute: () => rate,
    set(next) {
      rate = next;
      nextAt = 0;
    },
  };
}
