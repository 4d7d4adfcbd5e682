/** The rows of a file of payments: read in pages by key and never held as a whole. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { EXPORT_ROWS_MAX, type PaymentColumn } from "../../shared/payment-columns.ts";
import type { Locale } from "../../shared/words.ts";
import type { PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import type { PaymentStore } from "../ports.ts";
import {
  type Cell,
  type ExportColumn,
  type ExportedPayment,
  exportColumns,
} from "./export-columns.ts";

/** Rows read at once: some milliseconds, in which nothing else is answered. */
const PAGE_ROWS = 200;

export interface ExportWish {
  readonly page: (limit: number, startingAfter?: PaymentId) => ReturnType<PaymentStore["list"]>;
  /** A payment as the file may show it. */
  readonly view: (payment: PaymentWithAttempts) => Promise<ExportedPayment>;
  readonly columns: readonly PaymentColumn[];
  readonly locale: Locale;
  readonly rowsMax?: number;
  /**
   * Hears once how many rows were handed out, and whether those were all: before the file ends, so
   * that nobody holds a whole file of which nothing was noted, or when its reader leaves.
   */
  readonly onEnd: (rows: number, extent: ExportExtent) => Promise<void>;
}

/** `cut`: more than a file may hold. `left`: broken off before its end. */
export type ExportExtent = "whole" | "cut" | "left";

/** What is written into a file, whatever kind it is. */
export interface ExportTable {
  readonly locale: Locale;
  readonly columns: readonly ExportColumn[];
  readonly heads: readonly string[];
  /** Rows as they are read, a page at a time; the last is a remark where the file was cut. */
  readonly pages: () => AsyncGenerator<readonly (readonly Cell[])[]>;
}

const CUT_SHORT: Readonly<Record<Locale, (rows: number) => string>> = {
  en: (rows) =>
    `Only the newest ${rows} payments are in this file. Export the rest with a filter by date.`,
  sw: (rows) =>
    `Faili hii ina malipo ${rows} mapya zaidi tu. Pakua mengine kwa kuchuja kwa tarehe.`,
};

const EMPTY: Cell = { kind: "text", text: "" };

export function exportTable(wish: ExportWish): ExportTable {
  const { locale } = wish;
  const columns = exportColumns(wish.columns);
  const heads = columns.map(({ head }) => head[locale]);
  return { locale, columns, heads, pages: () => pagesOf(wish, columns) };
}

async function* pagesOf(wish: ExportWish, columns: readonly ExportColumn[]) {
  const { page, view, locale, onEnd, rowsMax = EXPORT_ROWS_MAX } = wish;
  let after: PaymentId | undefined;
  let written = 0;
  let extent: ExportExtent = "left";
  try {
    while (extent === "left") {
      const { rows, hasMore } = await page(Math.min(PAGE_ROWS, rowsMax - written), after);
      const cells: Cell[][] = [];
      for (const row of rows) {
        const shown = await view(row);
        cells.push(columns.map(({ of }) => of(shown)));
      }
      written += rows.length;
      after = rows.at(-1)?.payment.id;
      if (cells.length > 0) yield cells;
      if (!hasMore || after === undefined) extent = "whole";
      else if (written >= rowsMax) extent = "cut";
      // SQLite answers within the turn: callbacks and other readers get theirs between two pages.
      else await nextTurn();
    }
    if (extent === "cut") {
      const remark: Cell = { kind: "text", text: CUT_SHORT[locale](rowsMax) };
      yield [[remark, ...columns.slice(1).map(() => EMPTY)]];
    }
  } finally {
    await onEnd(written, extent);
  }
}
