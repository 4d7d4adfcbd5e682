/** The mapper from a decision by hand that moved nothing to HTTP, in words that say what to do. */

import type { Cents } from "../../shared/money.ts";
import { formatKes } from "../../shared/money.ts";
import type { AttemptId } from "../core/payment.ts";
import type { Resolved } from "../flows/resolve-by-hand.ts";
import { type DetailDeps, NO_SUCH_PAYMENT, ownPayment } from "./payment-detail.ts";
import { fieldProblem, type Problem } from "./problem.ts";
import { whyNotProblem } from "./refusals.ts";

const STALE: Problem = {
  status: 409,
  type: "conflict",
  code: "stale",
  message: "the payment changed meanwhile; read it again before you decide",
};

/** The owner of a receipt is named when it is a payment of this merchant. */
export async function resolvedProblem(
  deps: DetailDeps,
  done: Exclude<Resolved, { kind: "resolved" }>,
): Promise<Problem> {
  switch (done.kind) {
    case "stale":
      return STALE;
    case "unknown_payment":
      return NO_SUCH_PAYMENT;
    case "unknown_attempt":
      return fieldProblem("attemptId", "attemptId names no attempt of this payment");
    case "receipt_used":
      return {
        status: 409,
        type: "conflict",
        code: "receipt_used",
        message: "this receipt belongs to another payment already, or was used for this one before",
        param: "receipt",
        ...(await ownerOf(deps, done.owner)),
      };
    case "receipt_other_day":
      return {
        ...fieldProblem("receipt", "this receipt's first letters name another day; look again"),
        code: "receipt_other_day",
      };
    case "more_than_received": {
      const left = formatKes(done.leftCents as Cents);
      return {
        ...fieldProblem("amount", `only ${left} of it has not been given back yet`),
        code: "more_than_received",
      };
    }
    case "refused":
      return whyNotProblem(done.because, done.at, deps.clock.now());
  }
}

async function ownerOf(deps: DetailDeps, owner: AttemptId | null): Promise<{ paymentId?: string }> {
  const paymentId = owner === null ? null : await deps.payments.paymentOfAttempt(owner);
  const own = paymentId === null ? null : await ownPayment(deps, paymentId);
  return own === null ? {} : { paymentId: own.payment.id };
}
