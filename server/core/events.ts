/** What can happen to an attempt and to a payment: the events that `decide` understands. */
import type { Cents } from "../../shared/money.ts";
import type { PromptLimits } from "../../shared/prompt-limits.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { EventName } from "./cells.ts";
import type { Attempt, AttemptId, Detail, Instant } from "./payment.ts";

/** What the outside said with an event; null where it said nothing. */
export interface Told {
  /** Result or error code, verbatim as text. */
  readonly code: string | null;
  readonly description: string | null;
  readonly receipt: Receipt | null;
  readonly amountCents: Cents | null;
  /** When the money moved, by M-Pesa's own clock. */
  readonly paidAt: Instant | null;
  readonly checkoutRequestId: string | null;
  readonly merchantRequestId: string | null;
  /** The person who told it, by e-mail address; null where a machine did. */
  readonly by: string | null;
  /** Further plain facts for the timeline. */
  readonly note: Detail;
}

export const NOTHING_TOLD: Told = {
  code: null,
  description: null,
  receipt: null,
  amountCents: null,
  paidAt: null,
  checkoutRequestId: null,
  merchantRequestId: null,
  by: null,
  note: {},
};

/** Something that happened to one attempt. */
export interface AttemptEvent {
  readonly type: Exclude<EventName, "prompt">;
  readonly attemptId: AttemptId;
  readonly told: Told;
}

/** The customer, or the merchant's server, wants a prompt on a phone (machine row 21). */
export interface PromptEvent {
  readonly type: "prompt";
  /** The id of the attempt to make. */
  readonly attemptId: AttemptId;
  readonly phoneHash: string;
  readonly phoneTail: string;
  /** Recent attempts on this phone, of any payment, oldest first. */
  readonly ofPhone: readonly Attempt[];
  /** The shop's prompt limits, or `exempt` for a test phone (machine §8). */
  readonly limits: PromptLimits | "exempt";
  /** The signed-in person who asks, by e-mail address; null for the customer and the shop. */
  readonly by: string | null;
}

/** The merchant cancels, or the time to pay runs out. */
export interface CloseEvent {
  readonly type: "cancel" | "expire";
}

/** The customer tells the code from M-Pesa's SMS (machine §8.4). */
export interface CodeEvent {
  readonly type: "customer_code";
  readonly receipt: Receipt;
}

/** A page of the shop's leads to the checkout, in a frame or by a link. */
export interface ShownEvent {
  readonly type: "checkout_shown";
  /** Its origin, or `other` (flows/note-page.ts). */
  readonly page: string;
}

/** Money of another payment of the order was given back. */
export interface RecountEvent {
  readonly type: "order_recounted";
}

export type PaymentEvent =
  | AttemptEvent
  | PromptEvent
  | CloseEvent
  | CodeEvent
  | ShownEvent
  | RecountEvent;

/** An attempt event with what was told; absent members were not told. */
export function happened(
  type: AttemptEvent["type"],
  attemptId: AttemptId,
  told: Partial<Told> = {},
): AttemptEvent {
  return { type, attemptId, told: { ...NOTHING_TOLD, ...told } };
}
