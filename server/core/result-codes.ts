/**
 * Daraja's result codes and what they mean (machine §7, daraja.md §5). A new code is one row.
 * Codes that are not listed are not failures: the attempt goes to in_doubt and the resolver asks.
 */
import type { Reason } from "../../shared/words.ts";

/** Definite failures. Keys are the code as text: callbacks send numbers, queries strings. */
const FAILURES: ReadonlyMap<string, Reason> = new Map([
  ["1", "insufficient_funds"],
  ["2", "limit"],
  ["3", "limit"],
  ["4", "limit"],
  ["8", "limit"],
  ["11", "customer_account"],
  ["17", "too_soon"],
  ["20", "merchant_setup"],
  ["21", "merchant_setup"],
  ["26", "mpesa_busy"],
  ["1001", "customer_busy"],
  ["1019", "timed_out"],
  ["1025", "prompt_not_delivered"],
  ["1031", "cancelled"],
  ["1032", "cancelled"],
  ["1037", "unreachable"],
  ["1101", "merchant_setup"],
  ["1102", "merchant_setup"],
  ["2001", "wrong_pin"],
  ["2006", "merchant_setup"],
  ["2008", "other"],
  ["2026", "timed_out"],
  ["2028", "merchant_setup"],
  ["2029", "other"],
  ["2040", "customer_account"],
  ["8006", "pin_locked"],
  ["9999", "prompt_not_delivered"],
  ["SFC_IC0003", "merchant_setup"],
] as const);

export type CodeMeaning =
  | { readonly kind: "success" }
  | { readonly kind: "failure"; readonly reason: Reason }
  | { readonly kind: "in_doubt" };

/**
 * What a ResultCode means. Success is the number 0 or the text "0" exactly: no cast and no trim,
 * because a cast turned "E3008" into 0 and booked failed collections as paid (daraja.md §3).
 */
export function classifyResultCode(code: number | string): CodeMeaning {
  if (code === 0 || code === "0") return { kind: "success" };
  const reason = FAILURES.get(typeof code === "number" ? String(code) : code);
  return reason === undefined ? { kind: "in_doubt" } : { kind: "failure", reason };
}

/** How long a failure forbids the next prompt (machine §8.2), in ms after the failure was learnt. */
const COOL_DOWNS: Partial<Record<Reason, number>> = {
  customer_busy: 60_000,
  too_soon: 120_000,
  mpesa_busy: 30_000,
  prompt_not_delivered: 60_000,
};

/** Cool-down of a reason in ms; 0 when a definite failure lifts the lock at once. */
export function coolDownMs(reason: Reason): number {
  return COOL_DOWNS[reason] ?? 0;
}

/** Codes that close a payment's status with the seed's words `cancelled` and `expired` (machine §3). */
export function statusOfFailure(code: string | null): "cancelled" | "expired" | "failed" {
  switch (code) {
    case "1032":
    case "1031":
      return "cancelled";
    case "1037":
    case "1019":
    case "2026":
      return "expired";
    default:
      return "failed";
  }
}
