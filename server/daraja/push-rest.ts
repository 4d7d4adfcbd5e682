/** Pushes rest after Daraja refused their rate, for longer each time it does so again (machine §5). */
import type { Clock, PushAnswer } from "../ports.ts";

export interface PushRest {
  /** How long no push should leave yet, in ms; 0 when one may now. */
  leftMs(): number;
  /** Told how each push ended. */
  heard(answer: PushAnswer): void;
}

/** Short, since a customer is waiting: most refusals are of a spike within one second. */
const FIRST_MS = 1_000;
const MOST_MS = 30_000;

/** No rest is due at first. */
export function pushRest(clock: Pick<Clock, "now">): PushRest {
  let restMs = 0;
  let until = 0;
  return {
    leftMs: () => Math.max(0, until - clock.now()),
    heard(answer) {
      if (answer.kind === "not_sent" && answer.cause === "rate_limited") {
        // Those of one crowd are refused together; they say no more than the first of them.
        if (clock.now() < until) return;
        restMs = Math.min(MOST_MS, Math.max(FIRST_MS, 2 * restMs));
        until = clock.now() + restMs;
      } else if (answer.kind !== "not_sent") restMs = 0;
    },
  };
}
