import { describe, expect, it } from "vitest";
import type { DashboardPayment } from "../../shared/api.ts";
import { PAYMENT_COLUMNS, type PaymentColumn } from "../../shared/payment-columns.ts";
import type { PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import { type ExportExtent, exportTable } from "./export-rows.ts";
import { paymentsCsv } from "./payments-csv.ts";

const SHOWN = {
  createdAt: "2026-03-01T21:30:00.000Z",
  paidAt: "2026-03-01T21:30:20.000Z",
  amount: 1_250,
  status: "confirmed",
  orderReference: "=cmd|'/c calc'!A1",
  accountReference: "ACC1",
  description: 'Two "big" baskets, one small',
  phoneNumber: "254*****5678",
  receipt: "UC1ABC2DEF",
  flags: ["late", "overpaid"],
  attempts: [{ reason: "limit" }, { reason: null }],
} as unknown as DashboardPayment;

/** A list of so many payments, and what was asked of it. */
function list(size: number) {
  const asked: number[] = [];
  const ids = Array.from({ length: size }, (_, n) => `pay_${n}` as PaymentId);
  return {
    asked,
    async page(limit: number, after?: PaymentId) {
      asked.push(limit);
      const from = after === undefined ? 0 : ids.indexOf(after) + 1;
      const rows = ids.slice(from, from + limit).map((id) => ({ payment: { id } }));
      return { rows: rows as unknown as PaymentWithAttempts[], hasMore: from + limit < size };
    },
  };
}

async function fileOf(
  size: number,
  options: {
    columns?: readonly PaymentColumn[];
    locale?: "en" | "sw";
    rowsMax?: number;
    piecesMax?: number;
  } = {},
) {
  const { asked, page } = list(size);
  const { columns = ["id"], locale = "en", rowsMax } = options;
  const view = async ({ payment }: PaymentWithAttempts) => {
    return { ...SHOWN, id: payment.id, merchantName: "=Kiosk" };
  };
  const pieces: string[] = [];
  const ends: [number, ExportExtent][] = [];
  const onEnd = async (rows: number, extent: ExportExtent) => void ends.push([rows, extent]);
  const cap = rowsMax === undefined ? {} : { rowsMax };
  const table = exportTable({ page, view, columns, locale, onEnd, ...cap });
  for await (const piece of paymentsCsv(table)) {
    pieces.push(piece);
    if (pieces.length === options.piecesMax) break;
  }
  return { asked, ends, pieces, lines: pieces.join("").slice(1).split("\r\n").slice(0, -1) };
}

describe("the file of a list", () => {
  it("has the columns that were chosen, in their order, with Nairobi times and masked phones", async () => {
    const { pieces, lines } = await fileOf(1, { columns: ["order", ...PAYMENT_COLUMNS] });
    expect(pieces[0]?.charCodeAt(0)).toBe(0xfeff);
    expect(lines).toEqual([
      "Order,Opened (Nairobi),Amount (KES),Status,Order,Phone,Receipt,Reason,Flags,Paid (Nairobi),Account,Description,Attempts,Payment id,Merchant",
      `'=cmd|'/c calc'!A1,2026-03-02 00:30:00,1250,confirmed,'=cmd|'/c calc'!A1,254*****5678,UC1ABC2DEF,,late overpaid,2026-03-02 00:30:20,ACC1,"Two ""big"" baskets, one small",2,pay_0,'=Kiosk`,
    ]);
  });

  it("has its heads in the language of the page, also when there is nothing else", async () => {
    const { lines } = await fileOf(0, { columns: ["amount", "phone"], locale: "sw" });
    expect(lines).toEqual(["Kiasi (KES),Simu"]);
  });

  it("is read in pages, each row once", async () => {
    const { asked, ends, pieces, lines } = await fileOf(450);
    expect(lines.slice(1)).toEqual(Array.from({ length: 450 }, (_, n) => `pay_${n}`));
    expect(asked).toEqual([200, 200, 200]);
    expect(pieces).toHaveLength(4);
    expect(ends).toEqual([[450, "whole"]]);
  });

  it("reads no page more once its reader has left, and says how far it came", async () => {
    const { asked, ends } = await fileOf(1_000, { piecesMax: 3 });
    expect(asked).toEqual([200, 200]);
    expect(ends).toEqual([[400, "left"]]);
  });

  it("ends at its cap and says so in its last line", async () => {
    const columns = ["id", "amount"] as const;
    const { asked, ends, lines } = await fileOf(1_000, { columns, rowsMax: 250 });
    expect(asked).toEqual([200, 50]);
    expect(ends).toEqual([[250, "cut"]]);
    expect(lines).toHaveLength(1 + 250 + 1);
    expect(lines.at(-1)).toMatch(/^Only the newest 250 payments are in this file\..*,$/);
  });

  it("says nothing of a cap that it just fills", async () => {
    const { lines } = await fileOf(250, { rowsMax: 250 });
    expect(lines.at(-1)).toBe("pay_249");
  });
});
