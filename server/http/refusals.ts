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
  code_of_another_day:
    "This code belongs to another day; copy the code from the SMS about this payment.",
  code_not_needed: "No code is needed here now; read the payment again.",
};

/** What is not simply a conflict with how the payment stands. */
const KIND: Partial<Record<RefusalCode, Pick<Problem, "status" | "type" | "param">>> = {
  too_many_prompts: { status: 429, type: "rate_limited" },
  code_of_another_day: { status: 422, type: "invalid_request", param: "code" },
};

/** A refusal as a problem: mostly 409, with when to come back. */
export function refusalProblem(why: Refused, now: PaymentWithAttempts, at: Instant): Problem {
  return {
    status: 409,
    type: "conflict",
    ...KIND[why.code],
    code: why.code,
    message: WORDS[why.code],
    ...(why.retryAt === null ? {} : { retryAfterSeconds: (why.retryAt - at) / 1_000 }),
    paymentId: now.payment.id,
    paymentStatus: now.payment.status,
  };
}
