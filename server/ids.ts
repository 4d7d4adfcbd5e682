/** Identifiers are made by us, time-sortable (UUIDv7), so that lists page by id and inserts stay local. */
import { randomBytes } from "node:crypto";
import { uuidv7obj } from "uuidv7";
import type { AttemptId, Instant, PaymentId } from "./core/payment.ts";
import type { Ids } from "./ports.ts";

/** Ids from the system's randomness; monotonic within the process. */
export function systemIds(): Ids {
  const hex = () => uuidv7obj().toHex();
  return {
    payment: () => `pay_${hex()}` as PaymentId,
    attempt: () => hex() as AttemptId,
    row: (prefix) => `${prefix}_${hex()}`,
    secret: (bytes) => randomBytes(bytes).toString("base64url"),
  };
}

const PAYMENT_ID = /^pay_[0-9a-f]{32}$/;
const ATTEMPT_ID = /^[0-9a-f]{32}$/;

/** A payment id as a caller wrote it; null when it cannot be one of ours. */
export function parsePaymentId(text: string): PaymentId | null {
  return PAYMENT_ID.test(text) ? (text as PaymentId) : null;
}

/** An attempt id as it stands in a callback address; null when it cannot be one of ours. */
export function parseAttemptId(text: string): AttemptId | null {
  return ATTEMPT_ID.test(text) ? (text as AttemptId) : null;
}

/** When one of our ids was made: the first 48 bits of a UUIDv7 are epoch ms. */
export function madeAt(id: PaymentId | AttemptId): Instant {
  return Number.parseInt(id.replace(/^pay_/, "").slice(0, 12), 16);
}
