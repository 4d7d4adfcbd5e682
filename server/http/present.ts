/** Rows of ours as objects of the contract: the one mapper to the API, the dashboard and the checkout. */
import type {
  AttemptObject,
  CheckoutView,
  DashboardPayment,
  PaymentObject,
} from "../../shared/api.ts";
import { shillingsFromCents } from "../../shared/money.ts";
import { isUnderway } from "../../shared/payment-view.ts";
import { maskedPhone } from "../../shared/phone.ts";
import type { Environment, Reason } from "../../shared/words.ts";
import type { Attempt, Instant, Payment, PaymentWithAttempts } from "../core/payment.ts";
import { classifyResultCode } from "../core/result-codes.ts";
import type { Clock, KnownMerchant } from "../ports.ts";
import type { Tokens } from "../tokens.ts";
import { logoAddress } from "./logo-route.ts";
import type { MpesaNotices } from "./mpesa-notice.ts";

export interface Presenter {
  /** The payment of contract §4, with the checkout token: for the secret key only. */
  payment(rows: PaymentWithAttempts): PaymentObject;
  /** Without token and address: for people who are signed in. */
  forDashboard(rows: PaymentWithAttempts): DashboardPayment;
  /** What the customer's page may know. */
  forCheckout(rows: PaymentWithAttempts, merchant: KnownMerchant): Promise<CheckoutView>;
}

const iso = (at: Instant): string => new Date(at).toISOString();
const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));

/** Over: no new attempt will ever be made (contract §7, "release stock on that"). */
export function isClosed(payment: Payment): boolean {
  return (
    payment.closing !== null || payment.status === "confirmed" || payment.status === "reversed"
  );
}

/** Mappers that know where this server is reached and what its clock says. */
export function createPresenter(deps: {
  readonly tokens: Tokens;
  readonly publicUrl: URL;
  readonly clock: Clock;
  readonly notice: MpesaNotices;
}): Presenter {
  const { tokens, publicUrl, clock, notice } = deps;
  return {
    payment(rows) {
      const checkoutToken = tokens.checkoutToken(rows.payment.id);
      return {
        ...plainPayment(rows),
        checkoutUrl: `${publicUrl.origin}/pay/${checkoutToken}`,
        checkoutToken,
      };
    },
    forDashboard: (rows) => ({ ...plainPayment(rows), merchantId: rows.payment.merchantId }),
    forCheckout: async (rows, merchant) => ({
      ...checkoutView(rows, merchant, clock.now()),
      ...(await notice(rows)),
    }),
  };
}

function attemptObject(attempt: Attempt): AttemptObject {
  return {
    id: `att_${attempt.id}`,
    state: attempt.state,
    phoneNumber: maskedPhone(attempt.phoneTail),
    resultCode: attempt.resultCode,
    resultDescription: attempt.resultDescription,
    reason: attempt.reason,
    receipt: attempt.receipt,
    createdAt: iso(attempt.createdAt),
    resolvedAt: isoOrNull(attempt.resolvedAt),
  };
}

function plainPayment({
  payment,
  attempts,
}: PaymentWithAttempts): Omit<PaymentObject, "checkoutUrl" | "checkoutToken"> {
  const last = attempts.at(-1);
  const looks = attempts.map((attempt) => attempt.nextLookAt).filter((at) => at !== null);
  return {
    id: payment.id,
    object: "payment",
    livemode: isLive(payment.environment),
    amount: shillingsFromCents(payment.amountCents),
    currency: "KES",
    amountSource: payment.amountSource,
    orderReference: payment.orderReference,
    accountReference: payment.accountReference,
    description: payment.description,
    metadata: { ...payment.metadata },
    status: payment.status,
    receipt: payment.receipt,
    paidAt: isoOrNull(payment.paidAt),
    phoneNumber: maskedOrNull(last?.phoneTail ?? payment.phoneTail),
    flags: [...payment.flags],
    attempts: attempts.map(attemptObject),
    version: payment.version,
    closed: isClosed(payment),
    retryAt: isoOrNull(payment.retryAt),
    nextLookAt: looks.length === 0 ? null : iso(Math.min(...looks)),
    createdAt: iso(payment.createdAt),
    expiresAt: iso(payment.expiresAt),
  };
}

function maskedOrNull(tail: string | null): string | null {
  return tail === null ? null : maskedPhone(tail);
}

/** Only production money is live. */
export function isLive(environment: Environment): boolean {
  return environment === "production";
}

/** A verdict by query hides the customer's own reason in its code; the page wants that reason. */
function customersReason(attempt: Attempt | undefined): Reason | null {
  if (attempt === undefined || attempt.state !== "failed") return null;
  if (attempt.reason !== "query_only" || attempt.resultCode === null) return attempt.reason;
  const meaning = classifyResultCode(attempt.resultCode);
  return meaning.kind === "failure" ? meaning.reason : attempt.reason;
}

function checkoutView(
  rows: PaymentWithAttempts,
  merchant: KnownMerchant,
  at: Instant,
): CheckoutView {
  const { payment, attempts } = rows;
  const last = attempts.at(-1);
  const underway = isUnderway(payment.status) && last !== undefined;
  return {
    id: payment.id,
    version: payment.version,
    livemode: isLive(payment.environment),
    simulated: payment.environment === "simulator",
    merchantName: merchant.name,
    accent: merchant.brand.accent,
    logo: logoAddress(merchant.brand.logo),
    amount: shillingsFromCents(payment.amountCents),
    orderReference: payment.orderReference,
    accountReference: payment.accountReference,
    description: payment.description,
    status: payment.status,
    closed: isClosed(payment),
    reason: customersReason(last),
    receipt: payment.receipt,
    paidAt: isoOrNull(payment.paidAt),
    phoneNumber: maskedOrNull(last?.phoneTail ?? payment.phoneTail),
    phoneKnown: payment.phoneTail !== null && last === undefined,
    promptedAt: underway ? iso(last.sentAt ?? last.createdAt) : null,
    retryAt: isoOrNull(payment.retryAt),
    codeTold: last?.customerCode != null,
    expiresAt: iso(payment.expiresAt),
    successUrl: payment.successUrl,
    cancelUrl: payment.cancelUrl,
    now: iso(at),
  };
}
