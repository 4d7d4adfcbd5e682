/** The list as a file: exactly the columns that are shown, read in pages and never held as a whole. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { DashboardPayment } from "../../shared/api.ts";
import { nairobiTime } from "../../shared/nairobi.ts";
import { EXPORT_ROWS_MAX, type PaymentColumn } from "../../shared/payment-columns.ts";
import type { Locale } from "../../shared/words.ts";
import type { PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import type { PaymentStore } from "../ports.ts";
import { BYTE_ORDER_MARK, csvLine } from "./csv.ts";

/** Rows read at once: some milliseconds, in which nothing else is answered. */
const PAGE_ROWS = 200;

export interface ExportParts {
  readonly page: (limit: number, startingAfter?: PaymentId) => ReturnType<PaymentStore["list"]>;
  readonly view: (payment: PaymentWithAttempts) => DashboardPayment;
  readonly columns: readonly PaymentColumn[];
  readonly locale: Locale;
  readonly rowsMax?: number;
}

interface Part {
  readonly head: Readonly<Record<Locale, string>>;
  readonly of: (payment: DashboardPayment) => string;
}

/** A column of the page is one of the file, but a remark, which is a reason and flags. */
const PARTS: Readonly<Record<PaymentColumn, readonly Part[]>> = {
  time: [part("Opened (Nairobi)", "Ilifunguliwa (Nairobi)", (each) => time(each.createdAt))],
  amount: [part("Amount (KES)", "Kiasi (KES)", ({ amount }) => String(amount))],
  status: [part("Status", "Hali", ({ status }) => status)],
  order: [part("Order", "Oda", ({ orderReference }) => orderReference)],
  phone: [part("Phone", "Simu", ({ phoneNumber }) => phoneNumber ?? "")],
  receipt: [part("Receipt", "Risiti", ({ receipt }) => receipt ?? "")],
  reason: [
    part("Reason", "Sababu", ({ attempts }) => attempts.at(-1)?.reason ?? ""),
    part("Flags", "Alama", ({ flags }) => flags.join(" ")),
  ],
  paidAt: [part("Paid (Nairobi)", "Ililipwa (Nairobi)", ({ paidAt }) => paidAt && time(paidAt))],
  account: [part("Account", "Akaunti", ({ accountReference }) => accountReference)],
  description: [part("Description", "Maelezo", ({ description }) => description)],
  attempts: [part("Attempts", "Majaribio", ({ attempts }) => String(attempts.length))],
  id: [part("Payment id", "Kitambulisho", ({ id }) => id)],
};

const CUT_SHORT: Readonly<Record<Locale, (rows: number) => string>> = {
  en: (rows) =>
    `Only the newest ${rows} payments are in this file. Export the rest with a filter by date.`,
  sw: (rows) =>
    `Faili hii ina malipo ${rows} mapya zaidi tu. Pakua mengine kwa kuchuja kwa tarehe.`,
};

function part(en: string, sw: string, of: (payment: DashboardPayment) => string | null): Part {
  return { head: { en, sw }, of: (payment) => of(payment) ?? "" };
}

function time(instant: string): string {
  return nairobiTime(Date.parse(instant));
}

/** The file in pieces, a page each. Its last line says so when there was more than it may hold. */
export async function* paymentsCsv(parts: ExportParts): AsyncGenerator<string> {
  const { page, view, columns, locale, rowsMax = EXPORT_ROWS_MAX } = parts;
  const fields = columns.flatMap((column) => PARTS[column]);
  yield BYTE_ORDER_MARK + csvLine(fields.map(({ head }) => head[locale]));
  let after: PaymentId | undefined;
  for (let written = 0; ; ) {
    const { rows, hasMore } = await page(Math.min(PAGE_ROWS, rowsMax - written), after);
    const shown = rows.map(view);
    if (shown.length > 0) {
      yield shown.map((each) => csvLine(fields.map(({ of }) => of(each)))).join("");
    }
    written += rows.length;
    after = rows.at(-1)?.payment.id;
    if (!hasMore || after === undefined) return;
    if (written >= rowsMax) break;
    // SQLite answers within the turn: callbacks and other readers get theirs between two pages.
    await nextTurn();
  }
  yield csvLine([CUT_SHORT[locale](rowsMax), ...fields.slice(1).map(() => "")]);
}
