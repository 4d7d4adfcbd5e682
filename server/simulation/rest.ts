/** When an attempt has stopped waiting for anything that Daraja may say. */
import type { AttemptState } from "../../shared/words.ts";
import type { AttemptId, PaymentWithAttempts, TimelineLine } from "../core/payment.ts";

const WAITING: readonly (AttemptState | null)[] = ["created", "sending", "pending", "in_doubt"];

/** With this line of the story: settled, or asked about no more after one source had confirmed it. */
export function comesToRest(
  { attemptId, from, to }: TimelineLine,
  before: PaymentWithAttempts,
  after: PaymentWithAttempts,
): boolean {
  if (WAITING.includes(from) && !WAITING.includes(to)) return true;
  return looksOn(before, attemptId) && !looksOn(after, attemptId);
}

/** Confirmed money of which Daraja is asked on. */
function looksOn({ attempts }: PaymentWithAttempts, attemptId: AttemptId | null): boolean {
  return attempts.some(
    ({ id, state, nextLookAt }) => id === attemptId && state === "confirmed" && nextLookAt !== null,
  );
}
