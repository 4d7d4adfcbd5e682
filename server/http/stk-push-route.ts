/**
 * The seed route: create and prompt in one call, with the exact answers that existing carts
 * expect (contract §4, `POST /api/mpesa/stk-push`).
 */
import { Router } from "express";
import {
  AMOUNT_MAX_KES,
  EXPIRES_DEFAULT_S,
  ROUTES,
  type StkPushAnswer,
  type StkPushRequest,
  stkPushRequest,
} from "../../shared/api.ts";
import { shillingsFromCents } from "../../shared/money.ts";
import { parsePhone } from "../../shared/phone.ts";
import type { Attempt, PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import { openUnlessPaused } from "../flows/open-payment.ts";
import type { Prompted } from "../flows/prompt-customer.ts";
import { merchantOf } from "./auth.ts";
import { pathOf } from "./dashboard-seams.ts";
import { idempotent } from "./idempotency.ts";
import { BAD_PHONE, MERCHANT_PAUSED, type MerchantRouteDeps } from "./merchant-routes.ts";
import { fieldProblem, requestIdOf } from "./problem.ts";
import { type Answer, parse, refuse, route } from "./route.ts";

/** The words carts look for; they stand in the answer whatever the language. */
const IN_PROGRESS = "Payment already in progress";
const ACCEPTED = "Prompt sent. The customer now enters the M-Pesa PIN on the phone.";

const PAUSED: Answer = {
  status: 409,
  body: { error: MERCHANT_PAUSED.message },
  headers: { "Retry-After": String(MERCHANT_PAUSED.retryAfterSeconds) },
};

/** Router of the seed route. */
export function stkPushRoute(deps: MerchantRouteDeps): Router {
  const router = Router();
  router.post(
    pathOf(ROUTES.stkPush),
    route(async (req, res) => {
      const caller = await merchantOf(deps, req);
      if ("problem" in caller) return refuse(caller.problem);
      const body = parse(stkPushRequest, req.body);
      if (!body.ok) return refuse(body.problem);
      const phone = parsePhone(String(body.value.phoneNumber));
      if (phone === null) return refuse(BAD_PHONE);
      const wish = wishOf(body.value);
      if (wish.amount > AMOUNT_MAX_KES) {
        return refuse(fieldProblem("amount", `amount must be at most ${AMOUNT_MAX_KES}`));
      }
      return idempotent(deps, req, requestIdOf(res), {
        merchant: caller.merchant,
        run: async ({ claim, link }) => {
          const opened = await openUnlessPaused(deps, caller.merchant, wish, claim);
          if (opened.kind === "merchant_paused") return PAUSED;
          if (opened.kind !== "opened" && opened.kind !== "existing") return inProgress(opened.now);
          if (opened.kind === "existing") await link(opened.now.payment.id);
          return answerOf(await deps.prompt(opened.now.payment.id, phone), deps.clock.now());
        },
        resume: (id) => resumed(deps, id),
      });
    }),
  );
  return router;
}

/** A fraction is rounded up to the next shilling, as documented; the answer says what is charged. */
function wishOf(body: StkPushRequest) {
  const plain = body.accountReference?.toUpperCase().replace(/[^A-Z0-9]/g, "") ?? "";
  return {
    amount: Math.ceil(body.amount),
    amountSource: "server" as const,
    orderReference: String(body.orderId),
    ...(plain.length >= 1 && plain.length <= 12 ? { accountReference: plain } : {}),
    expiresInSeconds: EXPIRES_DEFAULT_S,
  };
}

function inProgress({ payment }: PaymentWithAttempts, retryAfterSeconds?: number): Answer {
  return {
    status: 409,
    body: { error: IN_PROGRESS, paymentId: payment.id, status: payment.status },
    ...(retryAfterSeconds === undefined
      ? {}
      : { headers: { "Retry-After": String(Math.max(1, Math.ceil(retryAfterSeconds))) } }),
  };
}

function answerOf(prompted: Prompted, at: number): Answer {
  switch (prompted.kind) {
    case "unknown_payment":
      throw new Error("a payment vanished while it was prompted");
    case "refused": {
      const { why, now } = prompted;
      const wait = why.retryAt === null ? undefined : (why.retryAt - at) / 1_000;
      if (why.code !== "too_many_prompts") return inProgress(now, wait);
      const headers = { "Retry-After": String(Math.max(1, Math.ceil(wait ?? 60))) };
      const error = "This phone was prompted too often; let it rest, then try again.";
      return { status: 429, body: { error, paymentId: now.payment.id }, headers };
    }
    case "prompted": {
      const attempt = prompted.now.attempts.find(({ id }) => id === prompted.attemptId);
      return attemptAnswer(prompted.now, attempt);
    }
  }
}

/** How the push itself ended; later news of the same attempt does not change this answer. */
function attemptAnswer({ payment }: PaymentWithAttempts, attempt: Attempt | undefined): Answer {
  if (attempt === undefined) throw new Error("the attempt of this call is missing");
  // A payment that is proven was accepted, even if the push answer got lost.
  const accepted = attempt.acceptedAt !== null || attempt.state === "confirmed";
  if (accepted && attempt.checkoutRequestId !== null) {
    const body: StkPushAnswer = {
      checkoutRequestId: attempt.checkoutRequestId,
      message: ACCEPTED,
      paymentId: payment.id,
      amount: shillingsFromCents(payment.amountCents),
    };
    return { status: 201, body };
  }
  if (attempt.state === "failed") {
    const error = attempt.resultDescription ?? "The prompt was not sent.";
    const surelyNotSent = attempt.reason === "not_sent" || attempt.reason === "superseded";
    return { status: surelyNotSent ? 502 : 400, body: { error, paymentId: payment.id } };
  }
  return { status: 202, body: { paymentId: payment.id, status: "in_doubt" } };
}

async function resumed(deps: MerchantRouteDeps, id: PaymentId): Promise<Answer> {
  const now = await deps.payments.load(id);
  if (now === null) throw new Error("the payment of this key is missing");
  const last = now.attempts.at(-1);
  return last === undefined
    ? { status: 502, body: { error: "The prompt was not sent.", paymentId: id } }
    : attemptAnswer(now, last);
}
