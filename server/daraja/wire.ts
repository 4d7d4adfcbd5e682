/**
 * Reading a callback: their JSON into our words (daraja.md §4). Answers to our own calls are read
 * beside this file, in push-answer.ts, query-answer.ts and oauth-answer.ts.
 */
import type { CallbackNews } from "../core/evidence.ts";
import {
  isObject,
  type JsonObject,
  member,
  objectMember,
  parseJsonObject,
  textMember,
} from "./json.ts";
import { redacted } from "./redact.ts";

/** Ids and codes are opaque text; the longest recorded has 36 characters (machine §2). */
const ID_MAX = 64;

/**
 * What the callback says was paid, each value as it came. Absent, valueless and contradictory
 * items are null, which equals no amount and is no receipt, so they can never confirm.
 */
export interface CallbackMetadata {
  readonly amount: unknown;
  readonly receipt: unknown;
  readonly transactionDate: unknown;
  readonly phone: unknown;
}

export type CallbackReading =
  | { readonly kind: "unreadable" }
  | {
      readonly kind: "readable";
      readonly checkoutRequestId: string;
      /** May change when a callback is delivered again, so it is recorded and never a key. */
      readonly merchantRequestId: string | null;
      /** Verbatim: a number or a text, never cast (daraja.md §3, "Cast trap"). */
      readonly resultCode: number | string;
      /** Redacted: fit to store and show. */
      readonly resultDescription: string;
      readonly metadata: CallbackMetadata;
    };

const UNREADABLE: CallbackReading = { kind: "unreadable" };

/**
 * Reads a callback's raw body; never throws. Readable is a `Body.stkCallback` object with a
 * CheckoutRequestID of 1 to 64 characters and a ResultCode that is a number or a text (machine §2).
 */
export function readCallback(bodyText: string): CallbackReading {
  const root = parseJsonObject(bodyText);
  const body = root === null ? null : objectMember(root, "Body");
  const callback = body === null ? null : callbackIn(body);
  if (callback === null) return UNREADABLE;
  const checkoutRequestId = textMember(callback, "CheckoutRequestID", ID_MAX);
  const resultCode = member(callback, "ResultCode");
  if (checkoutRequestId === null) return UNREADABLE;
  if (typeof resultCode !== "number" && typeof resultCode !== "string") return UNREADABLE;
  if (typeof resultCode === "string" && resultCode.length > ID_MAX) return UNREADABLE;
  return {
    kind: "readable",
    checkoutRequestId,
    merchantRequestId: textMember(callback, "MerchantRequestID", ID_MAX),
    resultCode,
    resultDescription: redacted(member(callback, "ResultDesc")),
    metadata: readMetadata(callback),
  };
}

/** The same as the core wants it: null for an unreadable body. */
export function readCallbackNews(bodyText: string): CallbackNews | null {
  const reading = readCallback(bodyText);
  if (reading.kind === "unreadable") return null;
  const { kind: _kind, metadata, ...told } = reading;
  const { amount, receipt, transactionDate } = metadata;
  return { ...told, amount, receipt, transactionDate };
}

/** A capital S was recorded once (2025-08); a body with both spellings contradicts itself. */
function callbackIn(body: JsonObject): JsonObject | null {
  if (!Object.hasOwn(body, "StkCallback")) return objectMember(body, "stkCallback");
  return Object.hasOwn(body, "stkCallback") ? null : objectMember(body, "StkCallback");
}

/** Items are read by Name: Balance comes and goes, so positions shift (daraja.md §4). */
function readMetadata(callback: JsonObject): CallbackMetadata {
  const list = objectMember(callback, "CallbackMetadata");
  const item = list === null ? undefined : member(list, "Item");
  const items: readonly unknown[] = Array.isArray(item) ? item : [item];
  return {
    amount: agreedValue(items, "Amount"),
    receipt: agreedValue(items, "MpesaReceiptNumber"),
    transactionDate: agreedValue(items, "TransactionDate"),
    phone: agreedValue(items, "PhoneNumber"),
  };
}

/** The one value that the items of a name agree on, else null. */
function agreedValue(items: readonly unknown[], name: string): unknown {
  const named = items.filter(
    (item): item is JsonObject =>
      isObject(item) && member(item, "Name") === name && Object.hasOwn(item, "Value"),
  );
  const [first, ...others] = named.map((item) => member(item, "Value"));
  return others.every((other) => other === first) ? (first ?? null) : null;
}
