/** Made-up nouns for the store's tests; what a test does not name is plain. */
import { cents } from "../../shared/money.ts";
import { type Phone, phoneTail } from "../../shared/phone.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type {
  Attempt,
  AttemptId,
  Change,
  Evidence,
  MerchantId,
  Payment,
  PaymentId,
  TimelineLine,
} from "../core/payment.ts";
import type { InboxRow, Seal } from "../ports.ts";

let made = 0;

/** A number that no other sample has. */
export function unique(): number {
  made += 1;
  return made;
}

export function merchantId(): MerchantId {
  return `mer_${unique()}` as MerchantId;
}

/** Ids grow, as real ones do. */
export function samplePayment(over: Partial<Payment> = {}): Payment {
  const n = unique();
  return {
    id: `pay_${n.toString(16).padStart(32, "0")}` as PaymentId,
    merchantId: "mer_sample" as MerchantId,
    environment: "simulator",
    shortcode: "174379",
    amountCents: cents(125_000),
    amountSource: "server",
    orderReference: `ORDER-${n}`,
    accountReference: `ACC${n}`,
    description: "Two baskets",
    metadata: { cart: "7" },
    successUrl: null,
    cancelUrl: null,
    phoneTail: null,
    status: "open",
    closing: null,
    flags: [],
    receipt: null,
    paidAt: null,
    page: null,
    retryAt: null,
    version: 1,
    createdAt: 1_000_000 + n,
    expiresAt: 9_000_000_000_000,
    updatedAt: 1_000_000 + n,
    ...over,
  };
}

export function samplePhone(): Phone {
  return `2547${unique().toString().padStart(8, "0")}` as Phone;
}

export function sampleReceipt(): Receipt {
  return `UA1${unique().toString().padStart(7, "0")}` as Receipt;
}

export function sampleAttempt(
  payment: Payment,
  phone: Phone,
  seal: Seal,
  over: Partial<Attempt> = {},
): Attempt {
  return {
    id: unique().toString(16).padStart(32, "0") as AttemptId,
    paymentId: payment.id,
    merchantId: payment.merchantId,
    environment: payment.environment,
    orderReference: payment.orderReference,
    amountCents: payment.amountCents,
    phoneHash: seal.hash("phone", phone),
    phoneTail: phoneTail(phone),
    state: "created",
    reason: null,
    merchantRequestId: null,
    checkoutRequestId: null,
    resultCode: null,
    resultDescription: null,
    laterResultCode: null,
    receipt: null,
    receivedCents: null,
    provenReceipts: [],
    reversedCents: cents(0),
    flags: [],
    createdAt: payment.createdAt,
    sentAt: null,
    acceptedAt: null,
    inDoubtAt: null,
    resolvedAt: null,
    paidAt: null,
    heldAt: null,
    successSeen: false,
    looks: 0,
    lastLookAt: null,
    nextLookAt: null,
    wakeAt: null,
    queryFailureCode: null,
    queryFailureAt: null,
    queryReachedAt: null,
    customerCode: null,
    ...over,
  };
}

export function sampleLine(over: Partial<TimelineLine> = {}): TimelineLine {
  return {
    at: 1_000_000,
    kind: "opened",
    attemptId: null,
    from: null,
    to: null,
    status: "open",
    detail: {},
    ...over,
  };
}

export function sampleEvidence(attempt: Attempt, over: Partial<Evidence> = {}): Evidence {
  return {
    attemptId: attempt.id,
    evidenceClass: "E1",
    at: 1_000_000,
    success: true,
    receipt: attempt.receipt,
    amountCents: attempt.amountCents,
    detail: { code: "0" },
    ...over,
  };
}

/** The next form of a payment, as a decision would give it. */
export function sampleChange(payment: Payment, over: Partial<Change> = {}): Change {
  return {
    kind: "change",
    payment: { ...payment, version: payment.version + 1 },
    attempts: [],
    created: null,
    timeline: [],
    evidence: [],
    alarm: null,
    ...over,
  };
}

export function sampleInbox(attemptId: AttemptId, body: string, seal: Seal): InboxRow {
  return {
    id: `inb_${unique().toString().padStart(8, "0")}`,
    environment: "simulator",
    attemptId,
    digest: seal.hash("callbackBody", body),
    bodySealed: seal.seal(body),
    receivedAt: 1_000_000,
    remoteAddress: "127.0.0.1",
  };
}
