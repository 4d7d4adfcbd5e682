/**
 * The nouns of Lipia. A *payment* is one amount to collect for one order reference of one
 * merchant; an *attempt* is one prompt on one phone for a payment (machine, "Words").
 * Everything here is plain data: no I/O, no clock, no randomness.
 */
import type { Cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type {
  AmountSource,
  AttemptState,
  Environment,
  Flag,
  PaymentStatus,
  Reason,
  TimelineKind,
} from "../../shared/words.ts";

declare const idBrand: unique symbol;
type Id<Name extends string> = string & { readonly [idBrand]: Name };

/** `pay_` + 32 hex digits, time-sortable. */
export type PaymentId = Id<"payment">;
/** 32 hex digits: it travels in the callback address, where base64url text might one day spell a word that Daraja refuses (machine §2). */
export type AttemptId = Id<"attempt">;
export type MerchantId = Id<"merchant">;
export type UserId = Id<"user">;

/** Epoch milliseconds, UTC. */
export type Instant = number;

/** Detail of a timeline entry: plain text facts, never a phone number, secret or token. */
export type Detail = Readonly<Record<string, string | number | boolean | null>>;

/** Money under a receipt, as a source told it that is believed without a second one. */
export interface ProvenReceipt {
  readonly receipt: Receipt;
  readonly amountCents: Cents;
}

/** One prompt on one phone. Amount, order reference, merchant and phone never change (I6). */
export interface Attempt {
  readonly id: AttemptId;
  readonly paymentId: PaymentId;
  readonly merchantId: MerchantId;
  readonly environment: Environment;
  readonly orderReference: string;
  readonly amountCents: Cents;
  /** Keyed hash of the phone: equal phones have equal hashes, the number itself stays sealed. */
  readonly phoneHash: string;
  readonly phoneTail: string;
  readonly state: AttemptState;
  readonly reason: Reason | null;
  readonly merchantRequestId: string | null;
  readonly checkoutRequestId: string | null;
  /** First failure code told, verbatim; success is recorded as "0". */
  readonly resultCode: string | null;
  readonly resultDescription: string | null;
  /** A later, different failure code for the same prompt, kept beside the first (machine row 9). */
  readonly laterResultCode: string | null;
  readonly receipt: Receipt | null;
  /** The receipt that the customer says is in the SMS: a hint, never evidence (machine §8.4). */
  readonly customerCode: Receipt | null;
  /** What the evidence says was received, under all receipts; null until evidence names an amount. */
  readonly receivedCents: Cents | null;
  /** The attempt's own among them, where such a source named it (received.ts). */
  readonly provenReceipts: readonly ProvenReceipt[];
  /** What was proven given back. */
  readonly reversedCents: Cents;
  readonly flags: readonly Flag[];
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
  readonly acceptedAt: Instant | null;
  readonly inDoubtAt: Instant | null;
  readonly resolvedAt: Instant | null;
  /** TransactionDate of the success, else when it was learnt. */
  readonly paidAt: Instant | null;
  /** Success evidence that waits for a second source (machine §2, confirm rule). */
  readonly heldAt: Instant | null;
  /** Success evidence of any kind is stored for this attempt. */
  readonly successSeen: boolean;
  readonly looks: number;
  readonly lastLookAt: Instant | null;
  readonly nextLookAt: Instant | null;
  /** The next moment this attempt must be woken: a look, the deadline, ageing. */
  readonly wakeAt: Instant | null;
  /** The first of the two agreeing query failures that the fail rule wants (machine §2). */
  readonly queryFailureCode: string | null;
  readonly queryFailureAt: Instant | null;
  /** When the query last answered without a verdict: it was within reach (machine §2, confirm rule). */
  readonly queryReachedAt: Instant | null;
}

export type Closing = "cancelled" | "expired";

/** One amount for one order. `status` is derived from the attempts on every change. */
export interface Payment {
  readonly id: PaymentId;
  readonly merchantId: MerchantId;
  readonly environment: Environment;
  readonly shortcode: string;
  readonly amountCents: Cents;
  readonly amountSource: AmountSource;
  readonly orderReference: string;
  readonly accountReference: string;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly successUrl: string | null;
  readonly cancelUrl: string | null;
  /** Last digits of the number the merchant named beforehand; the number itself stays sealed. */
  readonly phoneTail: string | null;
  /** Origin of the page that first led to the checkout, as the browser tells it; null while none is known. */
  readonly page: string | null;
  readonly status: PaymentStatus;
  readonly closing: Closing | null;
  readonly flags: readonly Flag[];
  readonly receipt: Receipt | null;
  readonly paidAt: Instant | null;
  readonly retryAt: Instant | null;
  readonly version: number;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly updatedAt: Instant;
}

/** A payment with all its attempts, oldest first: what `decide` looks at. */
export interface PaymentWithAttempts {
  readonly payment: Payment;
  readonly attempts: readonly Attempt[];
}

/** Where evidence came from, strongest last (machine §2). */
export type EvidenceClass = "E1" | "E2" | "E3" | "E4";

/** Evidence is kept for ever beside the attempt it speaks of (I2, I15). */
export interface Evidence {
  readonly attemptId: AttemptId;
  readonly evidenceClass: EvidenceClass;
  readonly at: Instant;
  readonly success: boolean;
  readonly receipt: Receipt | null;
  readonly amountCents: Cents | null;
  readonly detail: Detail;
}

/** One line of a payment's story, written in the same commit as the move it tells (I2). */
export interface TimelineLine {
  readonly at: Instant;
  readonly kind: TimelineKind;
  readonly attemptId: AttemptId | null;
  readonly from: AttemptState | null;
  readonly to: AttemptState | null;
  readonly status: PaymentStatus;
  readonly detail: Detail;
}

/** What a move does: the next rows, their story, and what must be done after the commit. */
export interface Change {
  readonly kind: "change";
  readonly payment: Payment;
  /** Attempts whose rows change, in their next form. */
  readonly attempts: readonly Attempt[];
  /** A new attempt to insert, guarded by the order's and the phone's claims. */
  readonly created: Attempt | null;
  readonly timeline: readonly TimelineLine[];
  readonly evidence: readonly Evidence[];
  /** Something a person must hear of: a contradiction, an impossible event. */
  readonly alarm: string | null;
}

/** Nothing moves; the reason goes to the log. `alarm` marks what should be impossible. */
export interface Ignored {
  readonly kind: "ignore";
  readonly because: string;
  readonly alarm: boolean;
  /** Unproven news: worth asking Daraja, at most once per 30 s (machine §2 E0). */
  readonly hint: boolean;
}

export const REFUSALS = [
  "order_already_paid",
  "payment_in_progress",
  "payment_in_review",
  "payment_reversed",
  "payment_closed",
  "payment_expired",
  "phone_in_progress",
  "too_many_prompts",
  "operator_refused",
  "code_of_another_day",
  "code_not_needed",
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

/** A request that the machine forbids now. */
export interface Refused {
  readonly kind: "refuse";
  readonly code: RefusalCode;
  /** When asking again makes sense; null when it never will. */
  readonly retryAt: Instant | null;
  /** Attempts to ask Daraja about before this answer is given (machine §8.1). */
  readonly lookFirst: readonly AttemptId[];
}

export type Decision = Change | Ignored | Refused;
