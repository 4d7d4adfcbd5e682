/** The one mapper from the machine's refusals to HTTP, in words that say what to do. */
import type { WhyNot } from "../../shared/words.ts";
import type { Instant, PaymentWithAttempts, Refused } from "../core/payment.ts";
import type { Problem } from "./problem.ts";

const WORDS: Readonly<Record<WhyNot, string>> = {
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
  no_attempt: "Nobody has been asked to pay yet, so there is nothing to settle.",
  no_phone: "No phone is known yet; name one.",
  nothing_to_ask: "No prompt of this payment waits for a result.",
  no_id: "M-Pesa's answer to the prompt was lost, and with it the id to ask by.",
  asked_just_now: "M-Pesa was asked a moment ago; ask again in a few seconds.",
  not_sent_yet: "The prompt is being sent this moment; wait for M-Pesa's answer.",
  still_waiting: "The customer is still being asked; this is possible 3 minutes after the prompt.",
  too_early: "The prompt may still be open on the phone; wait until 3 minutes after it was sent.",
  success_held: "M-Pesa reported a payment that waits for a second source; it cannot be failed.",
  success_seen: "There is evidence that money moved; it cannot be called failed.",
  already_paid: "It is paid; mark it as reversed when the money was given back.",
  already_failed: "It has failed already.",
  receipt_known: "It is paid, and its receipt is known.",
  not_paid: "No money is confirmed that could have been given back.",
  role_too_small: "Your role does not allow this.",
  second_person_asked: "A second person is asked already; they approve or decline first.",
};

/** What is not simply a conflict with how the payment stands. */
const KIND: Partial<Record<WhyNot, Pick<Problem, "status" | "type" | "param">>> = {
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

/** An action that is not possible now, with when it will be. */
export function whyNotProblem(because: WhyNot, possibleAt: Instant | null, at: Instant): Problem {
  return {
    status: 409,
    type: "conflict",
    ...KIND[because],
    code: because,
    message: WORDS[because],
    ...(possibleAt === null ? {} : { retryAfterSeconds: (possibleAt - at) / 1_000 }),
  };
}
