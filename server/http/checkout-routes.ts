/** The customer's page → Lipia: read the payment, ask for a prompt, tell the SMS's code. The checkout token is the key. */
import { type Request, Router } from "express";
import { checkoutCodeRequest, checkoutPromptRequest, ROUTES } from "../../shared/api.ts";
import { type Phone, parsePhone } from "../../shared/phone.ts";
import { type Receipt, receiptIn } from "../../shared/receipt.ts";
import type { Environment } from "../../shared/words.ts";
import type { PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import type { Prompted } from "../flows/prompt-customer.ts";
import type { takeCustomerCode } from "../flows/take-customer-code.ts";
import type { Clock, MerchantStore, PaymentStore } from "../ports.ts";
import type { Tokens } from "../tokens.ts";
import { checkoutOf } from "./auth.ts";
import type { CodeTries } from "./code-tries.ts";
import { noStore, pathOf } from "./dashboard-seams.ts";
import { BAD_PHONE } from "./merchant-routes.ts";
import type { Presenter } from "./present.ts";
import { fieldProblem, type Problem } from "./problem.ts";
import type { PromptsByNetwork } from "./prompts-by-network.ts";
import { refusalProblem } from "./refusals.ts";
import { type Answer, ok, parse, refuse, route } from "./route.ts";
import { noForeignPage } from "./same-site.ts";

export interface CheckoutRouteDeps {
  readonly tokens: Tokens;
  readonly payments: PaymentStore;
  readonly merchants: MerchantStore;
  readonly present: Presenter;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly publicUrl: string;
  readonly prompt: (id: PaymentId, phone: Phone) => Promise<Prompted>;
  readonly tellCode: (id: PaymentId, code: Receipt) => ReturnType<typeof takeCustomerCode>;
  readonly codeTries: CodeTries;
  readonly promptsFrom: PromptsByNetwork;
  /** Is this a test phone that no limit holds back? */
  readonly isExempt: (phone: Phone) => boolean;
  /** Which network a request comes from, behind trusted proxies. */
  readonly networkOf: (req: Request) => string;
}

/** A checkout token reads for this long after the payment's expiry (contract §4). */
export const TOKEN_READS_AFTER_MS = 7 * 86_400_000;

const NO_LONGER: Problem = {
  status: 404,
  type: "not_found",
  code: "payment_not_found",
  message: "This checkout link is no longer valid; ask the shop for a new one.",
};

const TOO_MANY_FROM_HERE: Problem = {
  status: 429,
  type: "rate_limited",
  code: "rate_limited",
  message: "Too many prompts from this network went unpaid; try again in a few minutes.",
};

const NO_CODE = fieldProblem("code", "the code has 10 letters and digits, as in TKN1A2B3C4");

const CODE_USED: Problem = {
  ...fieldProblem("code", "This code belongs to another payment."),
  code: "code_used",
};

const TOO_MANY_CODES: Problem = {
  status: 429,
  type: "rate_limited",
  code: "rate_limited",
  message: "Too many codes were tried for this payment; try again in a few minutes.",
};

const BUSY: Problem = {
  status: 409,
  type: "conflict",
  code: "payment_moving",
  message: "The payment changed at the same moment; read it again.",
};

/** The routes that a checkout page calls from Lipia's own origin. */
export function checkoutRoutes(deps: CheckoutRouteDeps): Router {
  const router = Router();
  router.use("/checkout/v1", noStore, noForeignPage(deps.publicUrl));
  router.get(
    pathOf(ROUTES.checkoutRead),
    route(async (req) => {
      const caller = checkoutOf(deps.tokens, req);
      if ("problem" in caller) return refuse(caller.problem);
      return viewAnswer(deps, await readable(deps, caller.id));
    }),
  );
  router.post(
    pathOf(ROUTES.checkoutPrompt),
    route(async (req) => {
      const caller = checkoutOf(deps.tokens, req);
      if ("problem" in caller) return refuse(caller.problem);
      const body = parse(checkoutPromptRequest, req.body);
      if (!body.ok) return refuse(body.problem);
      if ((await readable(deps, caller.id)) === null) return refuse(NO_LONGER);
      const { phoneNumber } = body.value;
      const phone =
        phoneNumber === undefined
          ? await deps.payments.phoneOfPayment(caller.id)
          : parsePhone(phoneNumber);
      if (phone === null) return refuse(BAD_PHONE);
      const prompted = await promptFrom(deps, req, caller.id, phone);
      switch (prompted.kind) {
        case "wait":
          return refuse({ ...TOO_MANY_FROM_HERE, retryAfterSeconds: prompted.seconds });
        case "prompted":
          return viewAnswer(deps, prompted.now);
        case "refused":
          return refuse(refusalProblem(prompted.why, prompted.now, deps.clock.now()));
        case "unknown_payment":
          return refuse(NO_LONGER);
      }
    }),
  );
  router.post(
    pathOf(ROUTES.checkoutCode),
    route(async (req) => {
      const caller = checkoutOf(deps.tokens, req);
      if ("problem" in caller) return refuse(caller.problem);
      const body = parse(checkoutCodeRequest, req.body);
      if (!body.ok) return refuse(body.problem);
      if ((await readable(deps, caller.id)) === null) return refuse(NO_LONGER);
      const { waitSeconds } = await deps.codeTries.spend(caller.id);
      if (waitSeconds > 0) return refuse({ ...TOO_MANY_CODES, retryAfterSeconds: waitSeconds });
      const code = receiptIn(body.value.code);
      if (code === null) return refuse(NO_CODE);
      return codeAnswer(deps, await deps.tellCode(caller.id, code));
    }),
  );
  return router;
}

async function codeAnswer(
  deps: CheckoutRouteDeps,
  told: Awaited<ReturnType<CheckoutRouteDeps["tellCode"]>>,
): Promise<Answer> {
  switch (told.kind) {
    case "changed":
    case "unchanged":
      return viewAnswer(deps, told.now);
    case "refused":
      return refuse(refusalProblem(told.why, told.now, deps.clock.now()));
    case "used":
      return refuse(CODE_USED);
    case "missed":
      return refuse(BUSY);
    case "unknown_payment":
      return refuse(NO_LONGER);
  }
}

/** Prompts, unless too many prompts from the same network ended unpaid (machine §8). */
async function promptFrom(
  deps: CheckoutRouteDeps,
  req: Request,
  id: PaymentId,
  phone: Phone,
): Promise<Prompted | { readonly kind: "wait"; readonly seconds: number }> {
  if (deps.isExempt(phone)) return deps.prompt(id, phone);
  const admission = await deps.promptsFrom.admit(deps.networkOf(req), id);
  if (admission.kind === "wait") return admission;
  const prompted = await deps.prompt(id, phone);
  if (prompted.kind !== "prompted") admission.takeBack();
  return prompted;
}

/** The payment while its token still reads, on a server of the payment's own environment. */
export async function readable(
  deps: Pick<CheckoutRouteDeps, "payments" | "clock" | "environment">,
  id: PaymentId,
): Promise<PaymentWithAttempts | null> {
  const rows = await deps.payments.load(id);
  if (rows === null || rows.payment.environment !== deps.environment) return null;
  return deps.clock.now() < rows.payment.expiresAt + TOKEN_READS_AFTER_MS ? rows : null;
}

async function viewAnswer(
  deps: CheckoutRouteDeps,
  rows: PaymentWithAttempts | null,
): Promise<Answer> {
  const merchant = rows === null ? null : await deps.merchants.byId(rows.payment.merchantId);
  if (rows === null || merchant === null) return refuse(NO_LONGER);
  return ok(await deps.present.forCheckout(rows, merchant));
}
