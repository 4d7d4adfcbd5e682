/** Opens a payment for an order: one order, one payment (contract §4, machine §3). */
import { centsFromShillings } from "../../shared/money.ts";
import { isBlocking } from "../../shared/payment-view.ts";
import { type Phone, phoneTail } from "../../shared/phone.ts";
import type { AmountSource } from "../../shared/words.ts";
import { accountReferenceChoices } from "../core/account-reference.ts";
import type { Payment, PaymentId, PaymentWithAttempts, TimelineLine } from "../core/payment.ts";
import type { IdempotencyClaim, Ids, Merchant } from "../ports.ts";
import { type AdvanceDeps, advance } from "./advance.ts";

/** What a merchant says of a payment; validated at the edge. */
export interface PaymentWish {
  /** Whole shillings. */
  readonly amount: number;
  readonly amountSource: AmountSource;
  readonly orderReference: string;
  readonly accountReference?: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly expiresInSeconds: number;
  readonly successUrl?: string;
  readonly cancelUrl?: string;
  /** The customer's number, where the shop knows it: the checkout then offers it, masked. */
  readonly phone?: Phone;
}

export type Opened =
  | { readonly kind: "opened" | "existing"; readonly now: PaymentWithAttempts }
  | {
      readonly kind: "order_already_paid" | "order_in_progress";
      readonly now: PaymentWithAttempts;
    };

export type OpenDeps = AdvanceDeps & { readonly ids: Ids };

const DAY_MS = 86_400_000;
/** An account reference is not given twice within this time (contract §4). */
const ACCOUNT_REFERENCE_QUIET_MS = 90 * DAY_MS;
/** Guards that two callers may trip over one another's heels; each miss reads the order again. */
const TRIES_MAX = 5;

/**
 * Opens, or finds, the payment of an order.
 * @param claim the Idempotency-Key of the call; it is linked to a new payment in the very commit
 *   that opens it, so that a crash right after cannot make a second one (machine §6, P0).
 * @returns the new payment; the unfinished one of the same amount; or why neither may be.
 */
export async function openPayment(
  deps: OpenDeps,
  merchant: Merchant,
  wish: PaymentWish,
  claim?: IdempotencyClaim,
): Promise<Opened> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const known = await earlierPayment(deps, merchant, wish);
    if (known !== null) return known;
    const payment = await freshPayment(deps, merchant, wish);
    const line: TimelineLine = {
      at: payment.createdAt,
      kind: "opened",
      attemptId: null,
      from: null,
      to: null,
      status: payment.status,
      detail: { amount: wish.amount, source: wish.amountSource },
    };
    const accountReference = wish.accountReference === undefined ? "ours" : "given";
    const committed = await deps.payments.open(payment, line, {
      accountReference,
      phone: wish.phone,
      claim,
    });
    if (committed.ok) return opened(deps, payment);
  }
  throw new Error("an order kept changing while it was opened");
}

/** The same, but a paused merchant gets no new payment; what its order has already is found. */
export async function openUnlessPaused(
  deps: OpenDeps,
  merchant: Merchant,
  wish: PaymentWish,
  claim?: IdempotencyClaim,
): Promise<Opened | { readonly kind: "merchant_paused" }> {
  if (merchant.pausedAt === null) return openPayment(deps, merchant, wish, claim);
  const earlier = await standing(deps, merchant, wish);
  return earlier === null || !("now" in earlier) ? { kind: "merchant_paused" } : earlier;
}

function opened(deps: OpenDeps, payment: Payment): Opened {
  const { id, merchantId, version } = payment;
  deps.push.nudge({ id, merchantId, version });
  deps.log.info("payment_opened", { paymentId: id, merchantId, version });
  return { kind: "opened", now: { payment, attempts: [] } };
}

/** What the order's earlier payments say; closes an unfinished one of another amount. */
async function earlierPayment(
  deps: OpenDeps,
  merchant: Merchant,
  wish: PaymentWish,
): Promise<Opened | null> {
  const earlier = await standing(deps, merchant, wish);
  switch (earlier?.kind) {
    case "run_out":
      // The worker has not come by yet: it must let go of the order first.
      await advance(deps, earlier.id, { type: "expire" });
      return null;
    case "other_amount":
      await advance(deps, earlier.id, { type: "cancel" });
      return null;
    case undefined:
      return null;
    default:
      return earlier;
  }
}

/** How an order stands before a wish, changing nothing; null when it has nothing unfinished or paid. */
async function standing(
  deps: OpenDeps,
  merchant: Merchant,
  wish: PaymentWish,
): Promise<Opened | { readonly kind: "run_out" | "other_amount"; readonly id: PaymentId } | null> {
  const order = await deps.payments.byOrder(merchant.id, merchant.environment, wish.orderReference);
  // Of money that was given back in part only, some is still held for the order: it is paid.
  const paid = order.find(({ attempts }) => attempts.some(({ state }) => state === "confirmed"));
  if (paid !== undefined) return { kind: "order_already_paid", now: paid };
  const blocked = order.find((other) => isBlocking(other.payment.status));
  const open = blocked ?? order.find((other) => isUnfinished(other.payment));
  if (open === undefined) return null;
  if (blocked === undefined && open.payment.expiresAt <= deps.clock.now()) {
    return { kind: "run_out", id: open.payment.id };
  }
  if (open.payment.amountCents === centsFromShillings(wish.amount)) {
    return { kind: "existing", now: open };
  }
  if (blocked !== undefined) return { kind: "order_in_progress", now: blocked };
  return { kind: "other_amount", id: open.payment.id };
}

function isUnfinished(payment: Payment): boolean {
  return payment.closing === null && payment.status !== "reversed";
}

async function freshPayment(
  deps: OpenDeps,
  merchant: Merchant,
  wish: PaymentWish,
): Promise<Payment> {
  const at = deps.clock.now();
  const accountReference = await chosenReference(deps, merchant, wish, at);
  return {
    id: deps.ids.payment(),
    merchantId: merchant.id,
    environment: merchant.environment,
    shortcode: merchant.shortcode,
    amountCents: centsFromShillings(wish.amount),
    amountSource: wish.amountSource,
    orderReference: wish.orderReference,
    accountReference,
    description: wish.description ?? null,
    metadata: wish.metadata ?? {},
    successUrl: wish.successUrl ?? null,
    cancelUrl: wish.cancelUrl ?? null,
    phoneTail: wish.phone === undefined ? null : phoneTail(wish.phone),
    status: "open",
    closing: null,
    flags: [],
    receipt: null,
    paidAt: null,
    page: null,
    retryAt: null,
    version: 1,
    createdAt: at,
    expiresAt: at + wish.expiresInSeconds * 1_000,
    updatedAt: at,
  };
}

async function chosenReference(
  deps: OpenDeps,
  merchant: Merchant,
  wish: PaymentWish,
  at: number,
): Promise<string> {
  // A reference that the merchant chose is theirs to repeat: a house number, a member number.
  if (wish.accountReference !== undefined) return wish.accountReference;
  const since = at - ACCOUNT_REFERENCE_QUIET_MS;
  for (const candidate of accountReferenceChoices(wish.orderReference, deps.ids.secret(32))) {
    const { environment, shortcode } = merchant;
    const used = await deps.payments.accountReferenceUsed(environment, shortcode, candidate, since);
    if (!used) return candidate;
  }
  throw new Error("no account reference is free");
}
