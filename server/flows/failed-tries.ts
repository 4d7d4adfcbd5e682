/**
 * Wrong passwords, codes and passkeys in the audit log: one row a person in a quarter of an hour says that
 * somebody tries. A row for every guess would let a stranger fill the log.
 */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Instant, UserId } from "../core/payment.ts";
import type { AuditStore, Clock, Log } from "../ports.ts";

const WINDOW_SECONDS = 15 * 60;

/** What did not fit: the password, the code that was asked after it, or a passkey. */
type Wrong = "password" | "code" | "passkey";
export type NoteFailedTry = (userId: UserId, wrong: Wrong) => void;

/**
 * One for a process. Who does not exist is not noted: the address may be a password typed amiss. The
 * row is written once the answer is on its way, so that the time it takes tells nobody who exists.
 */
export function failedTries(deps: {
  readonly audit: AuditStore;
  readonly clock: Clock;
  readonly log: Log;
}): NoteFailedTry {
  const written = new RateLimiterMemory({ points: 1, duration: WINDOW_SECONDS });
  const write = async (userId: UserId, wrong: Wrong, at: Instant) => {
    if (await isSpent(written, userId)) return;
    const entry = { at, actor: "system", target: userId, details: { wrong } } as const;
    await deps.audit.append({ ...entry, action: "sign_in_failed" });
  };
  return (userId, wrong) => {
    const at = deps.clock.now();
    setImmediate(() => {
      write(userId, wrong, at).catch((error: unknown) => {
        deps.log.error("failed_try_not_noted", { userId, error: String(error) });
      });
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
