/** A payment's public status, derived from its attempts by precedence (machine §3). */
import { type Cents, cents } from "../../shared/money.ts";
import type { Flag, PaymentStatus } from "../../shared/words.ts";
import type { Attempt, Instant, Payment } from "./payment.ts";
import { receivedOf } from "./received.ts";
import { retryAtAfter } from "./reprompt.ts";
import { statusOfFailure } from "./result-codes.ts";

/**
 * What a confirmed or reversed attempt still holds of the customer's money; never less than
 * nothing, so that a reversal told twice cannot eat up what another attempt brought.
 */
function netCents(attempt: Attempt): number {
  if (attempt.state !== "confirmed" && attempt.state !== "reversed") return 0;
  return Math.max(0, receivedOf(attempt) - attempt.reversedCents);
}

/** Confirmed minus reversed over some attempts: what was really received (I20). */
export function receivedCents(attempts: readonly Attempt[]): Cents {
  return cents(attempts.reduce((sum, attempt) => sum + netCents(attempt), 0));
}

function has(attempts: readonly Attempt[], ...states: Attempt["state"][]): boolean {
  return attempts.some((attempt) => states.includes(attempt.state));
}

function wasReversed(attempts: readonly Attempt[]): boolean {
  return attempts.some((attempt) => attempt.state === "reversed" || attempt.reversedCents > 0);
}

/** The status by precedence: money first, then doubt, then the running prompt, then the past. */
export function statusOf(
  payment: Pick<Payment, "amountCents" | "closing">,
  attempts: readonly Attempt[],
): PaymentStatus {
  const proven = has(attempts, "confirmed");
  if (proven && receivedCents(attempts) >= payment.amountCents) return "confirmed";
  if (has(attempts, "review")) return "review";
  if (has(attempts, "in_doubt")) return "in_doubt";
  if (has(attempts, "created", "sending", "pending")) return "pending";
  if (wasReversed(attempts)) return "reversed";
  // An operator may have confirmed less than the amount; a person must settle the rest.
  if (proven) return "review";
  if (payment.closing !== null) return payment.closing;
  const last = attempts.at(-1);
  return last === undefined ? "open" : statusOfFailure(last.resultCode);
}

/**
 * Re-derives everything a payment says about its attempts.
 * @param siblings attempts of other payments of the same order: a second success anywhere in the
 *   order is money to give back (`overpaid`, I4 and I20).
 */
export function summarise(
  payment: Payment,
  attempts: readonly Attempt[],
  siblings: readonly Attempt[],
  at: Instant,
): Payment {
  const status = statusOf(payment, attempts);
  const paid = attempts.filter((attempt) => attempt.state === "confirmed");
  const first = paid[0] ?? attempts.find((attempt) => attempt.state === "reversed");
  const flags = new Set<Flag>(attempts.flatMap((attempt) => attempt.flags));
  const received = receivedCents(attempts);
  const elsewhere = receivedCents(siblings);
  const over = received > payment.amountCents || (received > 0 && elsewhere > 0);
  if (over) flags.add("overpaid");
  const retryAt = retryAtAfter(attempts);
  return {
    ...payment,
    status,
    flags: [...flags].sort(),
    receipt: first?.receipt ?? null,
    paidAt: first?.paidAt ?? null,
    retryAt: payment.closing === null && retryAt !== null && retryAt > at ? retryAt : null,
    version: payment.version + 1,
    updatedAt: Math.max(at, payment.updatedAt),
  };
}
