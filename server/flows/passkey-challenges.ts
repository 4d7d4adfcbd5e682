/**
 * Challenges that passkeys sign: kept here and nowhere else, each for one answer within five
 * minutes. They live in memory, as the counters of sign-in do: after a restart one asks again.
 */
import type { Clock, Ids } from "../ports.ts";

/** Long enough to fetch a phone and scan with it. */
export const CHALLENGE_LASTS_MS = 5 * 60_000;
const CHALLENGE_BYTES = 32;

export interface Challenges {
  /** A fresh challenge under a name; one that was asked before under it is worth nothing now. */
  issue(name: string): string;
  /** Uses the challenge up; null when there is none or its time is over. */
  take(name: string): string | null;
}

/** @param most how many are kept at once; the oldest goes first. */
export function passkeyChallenges(
  deps: { readonly ids: Ids; readonly clock: Clock },
  most: number,
): Challenges {
  const kept = new Map<string, { readonly challenge: string; readonly until: number }>();
  const dropOldest = () => {
    for (const [name, { until }] of kept) {
      if (until > deps.clock.now() && kept.size < most) return;
      kept.delete(name);
    }
  };
  return {
    issue(name) {
      kept.delete(name);
      dropOldest();
      const challenge = deps.ids.secret(CHALLENGE_BYTES);
      kept.set(name, { challenge, until: deps.clock.now() + CHALLENGE_LASTS_MS });
      return challenge;
    },
    take(name) {
      const found = kept.get(name);
      kept.delete(name);
      return found !== undefined && found.until > deps.clock.now() ? found.challenge : null;
    },
  };
}
