/**
 * What a callback's bytes mean by the machine's own words (§1, §2, §7), read without any code of
 * the product's own reader: two readings of one page find what one reading overlooked.
 */

import { type Fields, isFields, oneMeaning, own } from "./one-meaning.ts";

/** What the own address of an attempt was told. */
export type Told =
  | { readonly kind: "paid"; readonly receipt: string }
  | { readonly kind: "mismatch" }
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "doubt" }
  | { readonly kind: "unreadable" };

export interface Attempted {
  readonly checkoutRequestId: string;
  /** Whole shillings. */
  readonly amount: number;
}

/** More is drained, and all of it counts as unreadable (contract §5). */
const BODY_MAX_BYTES = 256 * 1024;
/** Machine §7: the definite failures. Everything that is neither these nor success is a doubt. */
const FAILURE_CODES = new Set(
  "1 2001 8006 1032 1031 1037 1019 2026 1001 17 2 3 4 8 11 2040 1025 9999 26 2028 SFC_IC0003 2006 20 21 1101 1102 2008 2029".split(
    " ",
  ),
);

/** The text that a body is kept as. */
export function keptText(bytes: Buffer): string {
  if (bytes.length <= BODY_MAX_BYTES) return bytes.toString("utf8");
  // The beginning of what is too large is evidence; its end says that it was cut.
  return `${bytes.subarray(0, BODY_MAX_BYTES).toString("utf8")}…`;
}

/** Reads a body against the attempt on whose own address it came. */
export function toldBy(
  bytes: Buffer,
  attempt: Attempted,
  isOwned: (receipt: string) => boolean,
): Told {
  const callback = callbackIn(keptText(bytes));
  if (callback === null) return { kind: "unreadable" };
  const id = own(callback, "CheckoutRequestID");
  const code = own(callback, "ResultCode");
  if (typeof id !== "string" || id.length < 1 || id.length > 64) return { kind: "unreadable" };
  if (typeof code !== "string" && typeof code !== "number") return { kind: "unreadable" };
  if (typeof code === "string" && code.length > 64) return { kind: "unreadable" };
  const foreign = id !== attempt.checkoutRequestId;
  if (code === 0 || code === "0") return success(callback, attempt, foreign, isOwned);
  if (foreign) return { kind: "unreadable" };
  return FAILURE_CODES.has(String(code))
    ? { kind: "failed", code: String(code) }
    : { kind: "doubt" };
}

function success(
  callback: Fields,
  { amount }: Attempted,
  foreign: boolean,
  isOwned: (receipt: string) => boolean,
): Told {
  const metadata = own(callback, "CallbackMetadata");
  const list = isFields(metadata) ? own(metadata, "Item") : undefined;
  const items: readonly unknown[] = Array.isArray(list) ? list : [list];
  const receipt = String(agreed(items, "MpesaReceiptNumber") ?? "");
  const code = typeof agreed(items, "MpesaReceiptNumber") === "string" ? receipt.trim() : "";
  const good = /^[A-Za-z0-9]{10}$/.test(code);
  const upper = code.toUpperCase();
  if (foreign || !good || isOwned(upper) || !equals(agreed(items, "Amount"), amount)) {
    return { kind: "mismatch" };
  }
  return { kind: "paid", receipt: upper };
}

/** The value that all items of a name agree on. */
function agreed(items: readonly unknown[], name: string): unknown {
  const values = items
    .filter(isFields)
    .filter((item) => own(item, "Name") === name && Object.hasOwn(item, "Value"))
    .map((item) => own(item, "Value"));
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

/** 20, 20.0, "20", "20.00" are equal; "20abc" and null are not (machine §2). */
function equals(value: unknown, amount: number): boolean {
  if (typeof value === "number") return value === amount;
  return typeof value === "string" && /^\d+(\.\d{1,2})?$/.test(value) && Number(value) === amount;
}

/** The callback of a body that has one meaning only, else null. */
function callbackIn(text: string): Fields | null {
  const root = oneMeaning(text);
  if (root === null) return null;
  const wrapped = own(root, "Body");
  if (!isFields(wrapped)) return null;
  const both = Object.hasOwn(wrapped, "stkCallback") && Object.hasOwn(wrapped, "StkCallback");
  const callback = own(wrapped, "stkCallback") ?? own(wrapped, "StkCallback");
  return !both && isFields(callback) ? callback : null;
}

/** Where one attempt stands by the machine's table (§4, rows 7, 8, 9, 10, 22, 25). */
export interface Standing {
  readonly state: "pending" | "in_doubt" | "failed" | "confirmed" | "review";
  readonly receipt: string | null;
}

/** The next standing after a callback on the own address. */
export function after(before: Standing, told: Told): Standing {
  const { state } = before;
  if (state === "confirmed" || state === "review") return before;
  switch (told.kind) {
    case "paid":
      return { state: "confirmed", receipt: told.receipt };
    case "mismatch":
      return { state: "review", receipt: null };
    case "failed":
      return { ...before, state: "failed" };
    case "doubt":
      return state === "failed" ? before : { ...before, state: "in_doubt" };
    case "unreadable":
      return before;
  }
}
