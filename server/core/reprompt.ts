/** When may a payment be prompted again? Machine §8, as pure rules over stored attempts. */
import type { AttemptState } from "../../shared/words.ts";
import type { Attempt, Instant } from "./payment.ts";
import { coolDownMs } from "./result-codes.ts";
import { pushedAt } from "./schedule.ts";

/** The push lock of an order (machine §8.2). */
export const PUSH_LOCK_MS = 35_000;
/** A failure known from the query alone is trusted after this long without Pull (machine §8.3). */
export const QUERY_ONLY_MS = 180_000;
/** A doubt keeps its phone busy for this long after the push (machine §8.5). */
export const PHONE_DOUBT_MS = 180_000;

const UNRESOLVED: readonly AttemptState[] = ["created", "sending", "pending", "in_doubt"];
const BLOCKING: readonly AttemptState[] = [...UNRESOLVED, "review", "confirmed"];

/** Is the outcome of this attempt open? An order has room for one such attempt (I4). */
export function unresolved(attempt: Attempt): boolean {
  return UNRESOLVED.includes(attempt.state);
}

/** Does this attempt forbid a prompt for its order (machine §8.1)? A reversed one releases it. */
export function blocks(attempt: Attempt): boolean {
  return BLOCKING.includes(attempt.state);
}

/**
 * When the lock that one attempt leaves behind ends; null when it leaves none. A definite failure
 * lifts the push lock; money given back does not say that the prompt is gone from the phone.
 */
function lockEndsAt(attempt: Attempt): Instant | null {
  const pushed = pushedAt(attempt);
  if (attempt.state === "reversed") return pushed + PUSH_LOCK_MS;
  if (attempt.state !== "failed" || attempt.reason === null) return null;
  if (attempt.reason === "query_only") return pushed + QUERY_ONLY_MS;
  const coolDown = coolDownMs(attempt.reason);
  return coolDown === 0 ? null : (attempt.resolvedAt ?? pushed) + coolDown;
}

/** Earliest moment the locks of §8.2 and §8.3 allow a prompt; null when none is running. */
export function retryAtAfter(attempts: readonly Attempt[]): Instant | null {
  const ends = attempts.map(lockEndsAt).filter((end) => end !== null);
  return ends.length === 0 ? null : Math.max(...ends);
}

/**
 * When the phone is free for another prompt (machine §8.5).
 * @param attempts everything recent on that phone, of any payment.
 * @returns null when it is free now, `"unknown"` while a prompt is on it.
 */
export function phoneFreeAt(attempts: readonly Attempt[], at: Instant): Instant | "unknown" | null {
  let free: Instant | null = null;
  for (const attempt of attempts) {
    if (attempt.state === "created" || attempt.state === "sending" || attempt.state === "pending") {
      return "unknown";
    }
    const until = pushedAt(attempt) + PHONE_DOUBT_MS;
    if (attempt.state === "in_doubt" && until > at) free = Math.max(free ?? 0, until);
  }
  return free;
}
