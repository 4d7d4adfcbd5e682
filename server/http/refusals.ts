/** The one mapper from the machine's refusals to HTTP, in words that say what to do. */
import type { Instant, PaymentWithAttempts, RefusalCode, Refused } from "../core/payment.ts";
import type { Problem } from "./problem.ts";

const WORDS: Readonly<Record<RefusalCode, string>> = {
  order_already_paid: "This order is already paid; do not charge the customer again.",
  payment_in_progress: "Payment already in progress",
  payment_in_review:
    "Money or evidence for this payment contradicts; a person must settle it in the dashboard.",
  payment_reversed: "This payment's money was given back; open a new payment.",
  payment_closed: "This payment was cancelled; open a new payment.",
  payment_expired: "The time to pay ran out; open a new payment.",
  phone_in_progress: "This phone has another M-Pesa prompt open; finish or cancel that one first.",
  too_many_prompts: "This phone was prompted too often; let it rest, then try again.",
  operator_refused: "The payment's state does not allow this.",
};

/** A refusal as a problem: 429 for too many prompts, else 409, with when to come back. */
export function refusalProblem(why: Refused, now: PaymentWithAttempts, at: Instant): Problem {
  return {
    status: why.code === "too_many_prompts" ? 429 : 409,
    type: why.code === "too_many_prompts" ? "rate_limited" : "conflict",
    code: why.code,
    message: WORDS[why.code],
    ...(why.retryAt === null ? {} : { retryAfterSeconds: (why.retryAt - at) / 1_000 }),
    paymentId: now.payment.id,
    paymentStatus: now.payment.status,
  };
}
