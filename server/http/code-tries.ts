/**
 * How often a customer's code may be tried for one payment: enough for typing errors, too few to
 * find out which receipts exist. Counted in memory: a restart gives nobody much.
 */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { PaymentId } from "../core/payment.ts";

const TRIES = 6;
const WINDOW_SECONDS = 10 * 60;

export interface CodeTries {
  /** Counts a try; seconds to wait when there were too many. */
  spend(id: PaymentId): Promise<{ readonly waitSeconds: number }>;
}

/** Empty counters; one per process. */
export function codeTries(): CodeTries {
  const limiter = new RateLimiterMemory({ points: TRIES, duration: WINDOW_SECONDS });
  return {
    async spend(id) {
      try {
        await limiter.consume(id);
        return { waitSeconds: 0 };
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return { waitSeconds: refused.msBeforeNext / 1_000 };
        throw refused;
      }
    },
  };
}
