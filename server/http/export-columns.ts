/** What a file of payments has in each column: its head, its width, and what stands in a cell. */
import type { DashboardPayment } from "../../shared/api.ts";
import type { PaymentColumn } from "../../shared/payment-columns.ts";
import type { Locale } from "../../shared/words.ts";

/** A cell as it is meant; each kind of file writes it in its own way. */
export type Cell =
  | { readonly kind: "text"; readonly text: string }
  /** Whole shillings, or how many. */
  | { readonly kind: "number"; readonly value: number }
  /** Epoch milliseconds; null while it has not happened. */
  | { readonly kind: "time"; readonly at: number | null };

/** A payment with the name of its merchant, where that is known. */
export interface ExportedPayment extends DashboardPayment {
  readonly merchantName?: string | undefined;
}

export interface ExportColumn {
  readonly head: Readonly<Record<Locale, string>>;
  /** In characters, for files that have widths. */
  readonly width: number;
  readonly of: (payment: ExportedPayment) => Cell;
}

/** A column of the page is one of the file, but a remark, which is a reason and flags. */
const COLUMNS: Readonly<Record<PaymentColumn, readonly ExportColumn[]>> = {
  time: [time("Opened (Nairobi)", "Ilifunguliwa (Nairobi)", ({ createdAt }) => createdAt)],
  amount: [number("Amount (KES)", "Kiasi (KES)", ({ amount }) => amount)],
  status: [text("Status", "Hali", 12, ({ status }) => status)],
  order: [text("Order", "Oda", 24, ({ orderReference }) => orderReference)],
  phone: [text("Phone", "Simu", 15, ({ phoneNumber }) => phoneNumber)],
  receipt: [text("Receipt", "Risiti", 13, ({ receipt }) => receipt)],
  reason: [
    text("Reason", "Sababu", 20, ({ attempts }) => attempts.at(-1)?.reason ?? null),
    text("Flags", "Alama", 20, ({ flags }) => flags.join(" ")),
  ],
  paidAt: [time("Paid (Nairobi)", "Ililipwa (Nairobi)", ({ paidAt }) => paidAt)],
  account: [text("Account", "Akaunti", 14, ({ accountReference }) => accountReference)],
  description: [text("Description", "Maelezo", 36, ({ description }) => description)],
  attempts: [number("Attempts", "Majaribio", ({ attempts }) => attempts.length)],
  id: [text("Payment id", "Kitambulisho", 40, ({ id }) => id)],
  merchant: [
    text("Merchant", "Biashara", 24, ({ merchantName, merchantId }) => merchantName ?? merchantId),
  ],
};

/** The columns of a file that shows these columns of the page, in their order. */
export function exportColumns(shown: readonly PaymentColumn[]): readonly ExportColumn[] {
  return shown.flatMap((column) => COLUMNS[column]);
}

function text(
  en: string,
  sw: string,
  width: number,
  of: (payment: ExportedPayment) => string | null,
): ExportColumn {
  return { head: { en, sw }, width, of: (each) => ({ kind: "text", text: of(each) ?? "" }) };
}

function number(en: string, sw: string, of: (payment: ExportedPayment) => number): ExportColumn {
  return { head: { en, sw }, width: 14, of: (each) => ({ kind: "number", value: of(each) }) };
}

function time(
  en: string,
  sw: string,
  of: (payment: ExportedPayment) => string | null,
): ExportColumn {
  const at = (each: ExportedPayment) => {
    const instant = of(each);
    return instant === null ? null : Date.parse(instant);
  };
  return { head: { en, sw }, width: 20, of: (each) => ({ kind: "time", at: at(each) }) };
}
