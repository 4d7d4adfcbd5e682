/**
 * Wrong passwords and codes in the audit log: one row a person in a quarter of an hour says that
 * somebody tries. A row for every guess would let a stranger fill the log.
 */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { UserId } from "../core/payment.ts";
import type { AuditStore, Clock } from "../ports.ts";

const WINDOW_SECONDS = 15 * 60;

/** @param wrong what did not fit: the password, or the code that was asked after it. */
export type NoteFailedTry = (userId: UserId, wrong: "password" | "code") => Promise<void>;

/** One for a process. Who does not exist is not noted: the address may be a password typed amiss. */
export function failedTries(deps: {
  readonly audit: AuditStore;
  readonly clock: Clock;
}): NoteFailedTry {
  const written = new RateLimiterMemory({ points: 1, duration: WINDOW_SECONDS });
  return async (userId, wrong) => {
    if (await isSpent(written, userId)) return;
    await deps.audit.append({
      at: deps.clock.now(),
      actor: "system",
      action: "sign_in_failed",
      target: userId,
      details: { wrong },
    });
  };
}

async function isSpent(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  try {
    await limiter.consume(key);
    return false;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return true;
  }
}
