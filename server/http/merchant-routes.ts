/** The merchant's server → Lipia: /v1/payments with the secret key (contract §4). */
import { Router } from "express";
import {
  EXPIRES_DEFAULT_S,
  listPaymentsQuery,
  openPaymentRequest,
  type PaymentList,
  promptRequest,
  ROUTES,
} from "../../shared/api.ts";
import { type Phone, parsePhone } from "../../shared/phone.ts";
import type { PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import { advance } from "../flows/advance.ts";
import { type OpenDeps, openUnlessPaused } from "../flows/open-payment.ts";
import type { Prompted } from "../flows/prompt-customer.ts";
import { parsePaymentId } from "../ids.ts";
import type { Merchant } from "../ports.ts";
import { type KeyDeps, merchantOf } from "./auth.ts";
import { pathOf } from "./dashboard-seams.ts";
import { type IdempotencyDeps, idempotent } from "./idempotency.ts";
import { noBody } from "./no-body.ts";
import type { Presenter } from "./present.ts";
import { fieldProblem, type Problem, requestIdOf } from "./problem.ts";
import { refusalProblem } from "./refusals.ts";
import { type Answer, ok, parse, refuse, route } from "./route.ts";

export interface MerchantRouteDeps extends OpenDeps, IdempotencyDeps, KeyDeps {
  readonly present: Presenter;
  readonly prompt: (id: PaymentId, phone: Phone) => Promise<Prompted>;
}

const NO_SUCH_PAYMENT: Problem = {
  status: 404,
  type: "not_found",
  code: "payment_not_found",
  message: "There is no payment with this id under this key.",
};
export const MERCHANT_PAUSED: Problem = {
  status: 409,
  type: "conflict",
  code: "merchant_paused",
  message: "This merchant takes no new payments just now; it was paused in the dashboard.",
  retryAfterSeconds: 60,
};
export const BAD_PHONE = fieldProblem(
  "phoneNumber",
  "phoneNumber must be a Kenyan mobile number, for example 0712345678 or 254712345678",
);

/** Every /v1 route. Ids of other merchants answer exactly like absent ones. */
export function merchantRoutes(deps: MerchantRouteDeps): Router {
  const router = Router();
  router.post(
    pathOf(ROUTES.openPayment),
    route(async (req, res) => {
      const caller = await merchantOf(deps, req);
      if ("problem" in caller) return refuse(caller.problem);
      const body = parse(openPaymentRequest, req.body);
      if (!body.ok) return refuse(body.problem);
      const { phoneNumber, expiresInSeconds, ...wish } = body.value;
      const phone = phoneNumber === undefined ? null : parsePhone(phoneNumber);
      if (phoneNumber !== undefined && phone === null) return refuse(BAD_PHONE);
      return idempotent(deps, req, requestIdOf(res), {
        merchant: caller.merchant,
        run: async ({ claim }) => {
          const full = {
            ...wish,
            ...(phone === null ? {} : { phone }),
            amountSource: "server" as const,
            expiresInSeconds: expiresInSeconds ?? EXPIRES_DEFAULT_S,
          };
          return openedAnswer(deps, await openUnlessPaused(deps, caller.merchant, full, claim));
        },
        resume: (id) => found(deps, caller.merchant, id, 201),
      });
    }),
  );
  router.get(
    pathOf(ROUTES.listPayments),
    route(async (req) => {
      const caller = await merchantOf(deps, req);
      if ("problem" in caller) return refuse(caller.problem);
      return listAnswer(deps, caller.merchant, req.query);
    }),
  );
  router.get(
    pathOf(ROUTES.getPayment),
    route(async (req) => {
      const caller = await merchantOf(deps, req);
      if ("problem" in caller) return refuse(caller.problem);
      const id = parsePaymentId(String(req.params.id));
      return id === null ? refuse(NO_SUCH_PAYMENT) : found(deps, caller.merchant, id, 200);
    }),
  );
  router.post(
    pathOf(ROUTES.promptPayment),
    route(async (req, res) => {
      const caller = await merchantOf(deps, req);
      if ("problem" in caller) return refuse(caller.problem);
      const body = parse(promptRequest, req.body);
      if (!body.ok) return refuse(body.problem);
      const phone = parsePhone(body.value.phoneNumber);
      if (phone === null) return refuse(BAD_PHONE);
      const owned = await ownedPayment(deps, caller.merchant, String(req.params.id));
      if (owned === null) return refuse(NO_SUCH_PAYMENT);
      const { id } = owned.payment;
      return idempotent(deps, req, requestIdOf(res), {
        merchant: caller.merchant,
        run: async (under) => {
          await under.link(id);
          return promptedAnswer(deps, await deps.prompt(id, phone));
        },
        resume: async (_, since) => {
          const now = await deps.payments.load(id);
          const prompted = now?.attempts.some(({ createdAt }) => createdAt >= since) ?? false;
          return prompted ? found(deps, caller.merchant, id, 201) : null;
        },
      });
    }),
  );
  router.post(
    pathOf(ROUTES.cancelPayment),
    noBody,
    route(async (req, res) => {
      const caller = await merchantOf(deps, req);
      if ("problem" in caller) return refuse(caller.problem);
      const owned = await ownedPayment(deps, caller.merchant, String(req.params.id));
      if (owned === null) return refuse(NO_SUCH_PAYMENT);
      const { id } = owned.payment;
      return idempotent(deps, req, requestIdOf(res), {
        merchant: caller.merchant,
        run: () => cancelAnswer(deps, id),
        resume: () => found(deps, caller.merchant, id, 200),
      });
    }),
  );
  return router;
}

/** The payment when it is this merchant's own; null for foreign and absent ids alike. */
async function ownedPayment(
  deps: MerchantRouteDeps,
  merchant: Merchant,
  text: string,
): Promise<PaymentWithAttempts | null> {
  const id = parsePaymentId(text);
  const rows = id === null ? null : await deps.payments.load(id);
  const own = rows?.payment.merchantId === merchant.id;
  return own && rows.payment.environment === merchant.environment ? rows : null;
}

async function found(
  deps: MerchantRouteDeps,
  merchant: Merchant,
  id: PaymentId,
  status: number,
): Promise<Answer> {
  const rows = await ownedPayment(deps, merchant, id);
  return rows === null ? refuse(NO_SUCH_PAYMENT) : { status, body: deps.present.payment(rows) };
}

async function listAnswer(
  deps: MerchantRouteDeps,
  merchant: Merchant,
  input: unknown,
): Promise<Answer> {
  const query = parse(listPaymentsQuery, input);
  if (!query.ok) return refuse(query.problem);
  const { startingAfter, status, q, createdFrom, createdTo, ...rest } = query.value;
  const after = startingAfter === undefined ? undefined : parsePaymentId(startingAfter);
  if (after === null) {
    return refuse(fieldProblem("startingAfter", "startingAfter must be the id of a payment"));
  }
  const { rows, hasMore } = await deps.payments.list({
    ...rest,
    merchantId: merchant.id,
    environment: merchant.environment,
    startingAfter: after,
    statuses: status === undefined ? undefined : [status],
    q: q === "" ? undefined : q,
    createdFrom: createdFrom === undefined ? undefined : Date.parse(createdFrom),
    createdTo: createdTo === undefined ? undefined : Date.parse(createdTo),
  });
  return ok({ data: rows.map(deps.present.payment), hasMore } satisfies PaymentList);
}

function openedAnswer(
  deps: MerchantRouteDeps,
  opened: Awaited<ReturnType<typeof openUnlessPaused>>,
): Answer {
  switch (opened.kind) {
    case "merchant_paused":
      return refuse(MERCHANT_PAUSED);
    case "opened":
      return { status: 201, body: deps.present.payment(opened.now) };
    case "existing":
      return { status: 200, body: deps.present.payment(opened.now) };
    case "order_already_paid":
    case "order_in_progress":
      return refuse({
        status: 409,
        type: "conflict",
        code: opened.kind,
        message:
          opened.kind === "order_already_paid"
            ? "This order is already paid; do not charge the customer again."
            : "This order has a payment of another amount in progress; wait until it ends.",
        param: "orderReference",
        paymentId: opened.now.payment.id,
        paymentStatus: opened.now.payment.status,
      });
  }
}

function promptedAnswer(deps: MerchantRouteDeps, prompted: Prompted): Answer {
  switch (prompted.kind) {
    case "prompted":
      return { status: 201, body: deps.present.payment(prompted.now) };
    case "refused":
      return refuse(refusalProblem(prompted.why, prompted.now, deps.clock.now()));
    case "unknown_payment":
      return refuse(NO_SUCH_PAYMENT);
  }
}

async function cancelAnswer(deps: MerchantRouteDeps, id: PaymentId): Promise<Answer> {
  const done = await advance(deps, id, { type: "cancel" });
  switch (done.kind) {
    case "changed":
    case "unchanged":
      return ok(deps.present.payment(done.now));
    case "refused":
      return refuse(refusalProblem(done.why, done.now, deps.clock.now()));
    case "missed":
      throw new Error(`cancelling kept missing ${done.guard}`);
    case "unknown_payment":
      return refuse(NO_SUCH_PAYMENT);
  }
}
