/** Between the core's nouns and the columns that hold them. */
import type { Phone } from "../../shared/phone.ts";
import { endsBlanked } from "../core/blanked.ts";
import type { Attempt, Evidence, Payment, TimelineLine } from "../core/payment.ts";
import type { Seal, StoredTimelineLine } from "../ports.ts";
import type { Params } from "./engine.ts";
import type { Tables } from "./tables.ts";

export type PaymentRow = Tables["payments"]["$inferSelect"];
export type AttemptRow = Tables["attempts"]["$inferSelect"];
export type TimelineRow = Tables["timeline"]["$inferSelect"];

/**
 * Does this payment hold its order? Unfinished ones do, and so does every one whose money moved or
 * may move, also after closing; a reversed one has let go (machine §3).
 */
function wantsOrder({ status, closing }: Payment): 0 | 1 {
  switch (status) {
    case "pending":
    case "in_doubt":
    case "confirmed":
    case "review":
      return 1;
    case "reversed":
      return 0;
    case "open":
    case "cancelled":
    case "expired":
    case "failed":
      return closing === null ? 1 : 0;
  }
}

export function paymentParams(payment: Payment): Params {
  const claimsOrder = wantsOrder(payment);
  return { ...payment, claimsOrder, agedOutAt: null, versionRead: payment.version - 1 };
}

export function paymentOf(row: PaymentRow): Payment {
  const { claimsOrder: _, phoneEnc: __, agedOutAt: ___, ...payment } = row;
  return payment;
}

export function attemptParams(attempt: Attempt, seal: Seal): Params {
  const { checkoutRequestId, successSeen, ...columns } = attempt;
  const known = checkoutRequestId !== null;
  return {
    ...columns,
    successSeen: successSeen ? 1 : 0,
    checkoutRequestEnc: known ? seal.seal(checkoutRequestId) : null,
    // Of a blanked name the stored hash is all that still finds the original: it stays.
    checkoutRequestHash:
      known && !endsBlanked(checkoutRequestId)
        ? seal.hash("checkoutRequest", checkoutRequestId)
        : null,
  };
}

/** The columns that only a new attempt writes: its phone never changes (I6). */
export function phoneParams(phone: Phone, tail: string, seal: Seal): Params {
  return { phoneEnc: seal.seal(phone), phoneTailReversed: reversed(tail) };
}

/** @param seal gives null for what does not open, where an attempt without its name is worth showing. */
export function attemptOf(row: AttemptRow, seal: { open(sealed: string): string | null }): Attempt {
  const {
    phoneEnc: _phone,
    phoneTailReversed: _tail,
    checkoutRequestHash: _hash,
    checkoutRequestEnc,
    successSeen,
    ...columns
  } = row;
  return {
    ...columns,
    checkoutRequestId: checkoutRequestEnc === null ? null : seal.open(checkoutRequestEnc),
    successSeen: successSeen === 1,
  };
}

export function timelineParams(line: TimelineLine, payment: Payment): Params {
  return { ...line, paymentId: payment.id, environment: payment.environment };
}

export function timelineOf(row: TimelineRow): StoredTimelineLine {
  const { paymentId, seq, environment: _, ...line } = row;
  return { ...line, id: `${paymentId}.${seq}` };
}

export function evidenceParams(evidence: Evidence, payment: Payment): Params {
  return { ...evidence, success: evidence.success ? 1 : 0, environment: payment.environment };
}

/** Digits backwards: the end of a number becomes the beginning of an index entry. */
export function reversed(digits: string): string {
  return [...digits].reverse().join("");
}
