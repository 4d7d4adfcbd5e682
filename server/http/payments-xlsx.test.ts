/** The workbook as a spreadsheet reads it: types, styles, and nothing that could be a formula. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DashboardPayment } from "../../shared/api.ts";
import { PAYMENT_COLUMNS, type PaymentColumn } from "../../shared/payment-columns.ts";
import type { PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import { exportTable } from "./export-rows.ts";
import { paymentsXlsx } from "./payments-xlsx.ts";
import { unzipped } from "./zip-reader.test-support.ts";

const SHOWN = {
  id: "pay_1",
  createdAt: "2026-03-01T21:30:00.900Z",
  paidAt: null,
  amount: 1_250,
  status: "confirmed",
  orderReference: "=1+1",
  accountReference: "ACC1",
  description: 'Two <big> baskets & "one" small',
  phoneNumber: "254*****5678",
  receipt: "UC1ABC2DEF",
  flags: ["late", "overpaid"],
  attempts: [{ reason: "limit" }, { reason: null }],
} as unknown as DashboardPayment;

async function partsOf(
  shown: readonly Partial<DashboardPayment>[],
  columns: readonly PaymentColumn[],
  locale: "en" | "sw" = "en",
) {
  const rows = shown.map((_, n) => ({ payment: { id: `pay_${n}` as PaymentId } }));
  const table = exportTable({
    page: async () => ({ rows: rows as unknown as PaymentWithAttempts[], hasMore: false }),
    view: async ({ payment }) => ({
      ...{ ...SHOWN, merchantName: "Mama Njeri" },
      ...shown[Number(payment.id.slice(4))],
    }),
    columns,
    locale,
    onEnd: async () => {},
  });
  const pieces: Buffer[] = [];
  for await (const piece of paymentsXlsx(table)) pieces.push(piece);
  return unzipped(Buffer.concat(pieces));
}

type Seen = Readonly<Record<string, { style: string; text?: string; value?: number }>>;

/** What stands in the cells, read strictly: what is not understood is a failure. */
function cellsOf(parts: ReadonlyMap<string, string>): Seen {
  const [, rows = ""] = /<sheetData>(.*)<\/sheetData>/s.exec(sheet(parts)) ?? [];
  const cells: Record<string, Seen[string]> = {};
  const cell =
    /<c r="([A-Z]+\d+)" s="(\d)"(?:\/>|><v>([\d.]+)<\/v><\/c>| t="inlineStr"><is><t xml:space="preserve">([^<]*)<\/t><\/is><\/c>)/g;
  const rest = rows.replace(cell, (_, place: string, style: string, value, text) => {
    cells[place] = {
      style,
      ...(value === undefined ? {} : { value: Number(value) }),
      ...(text === undefined ? {} : { text: plain(text) }),
    };
    return "";
  });
  expect(rest.replace(/<row r="\d+">|<\/row>/g, "")).toBe("");
  return cells;
}

function sheet(parts: ReadonlyMap<string, string>): string {
  return parts.get("xl/worksheets/sheet1.xml") ?? "";
}

/** As Excel reads a text: entities first, then its own way of writing what XML cannot hold. */
function plain(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/_x([0-9A-F]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

describe("the workbook", () => {
  it("has the columns that were chosen: texts as text, amounts as numbers, times as dates in Nairobi", async () => {
    const cells = cellsOf(await partsOf([{}], PAYMENT_COLUMNS));
    const [heads, row] = [1, 2].map((line) =>
      Object.entries(cells)
        .filter(([place]) => place.slice(1) === String(line))
        .map(([, { style, ...rest }]) => ({ style, held: rest.text ?? rest.value })),
    );
    expect(heads?.map(({ held }) => held)).toEqual([
      "Opened (Nairobi)",
      "Amount (KES)",
      "Status",
      "Order",
      "Phone",
      "Receipt",
      "Reason",
      "Flags",
      "Paid (Nairobi)",
      "Account",
      "Description",
      "Attempts",
      "Payment id",
      "Merchant",
    ]);
    expect(new Set(heads?.map(({ style }) => style))).toEqual(new Set(["1"]));
    // 2 March 2026, 00:30:00: that day is Excel's 46,083rd.
    expect(row).toEqual([
      { style: "4", held: 46_083.02083333 },
      { style: "3", held: 1_250 },
      { style: "2", held: "confirmed" },
      { style: "2", held: "=1+1" },
      { style: "2", held: "254*****5678" },
      { style: "2", held: "UC1ABC2DEF" },
      { style: "2", held: undefined },
      { style: "2", held: "late overpaid" },
      { style: "4", held: undefined },
      { style: "2", held: "ACC1" },
      { style: "2", held: 'Two <big> baskets & "one" small' },
      { style: "3", held: 2 },
      { style: "2", held: "pay_1" },
      { style: "2", held: "Mama Njeri" },
    ]);
  });

  it("keeps its head in sight and bold, and says how its cells are written", async () => {
    const parts = await partsOf([], ["amount"], "sw");
    expect(sheet(parts)).toContain(
      '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>',
    );
    expect(cellsOf(parts)).toEqual({ A1: { style: "1", text: "Kiasi (KES)" } });
    expect(parts.get("xl/workbook.xml")).toContain('<sheet name="Malipo"');
    const styles = parts.get("xl/styles.xml") ?? "";
    const [, written = ""] = /<cellXfs[^>]*>(.*)<\/cellXfs>/s.exec(styles) ?? [];
    const formats = [...written.matchAll(/numFmtId="(\d+)" fontId="(\d)"/g)];
    // 49 is text, 3 is #,##0, 164 is the date of ours; font 1 is bold.
    expect(formats.map(([, format, font]) => `${format} ${font}`)).toEqual([
      "0 0",
      "49 1",
      "49 0",
      "3 0",
      "164 0",
    ]);
    expect(styles).toContain("<font><b/>");
    expect(styles).toContain('numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"');
  });

  it("gives back every text, as text", async () => {
    const odd = fc.string({
      unit: fc.constantFrom(
        "=",
        "@",
        "-",
        "<",
        "&",
        ">",
        "]",
        '"',
        "\r",
        "\n",
        "\u0001",
        "\ufffe",
        "_x0041_",
        "_",
        "x",
        "a",
        " ",
        "🥭",
      ),
    });
    const texts = fc.array(fc.oneof(odd, fc.string({ unit: "grapheme" })), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(texts, async (orders) => {
        const parts = await partsOf(
          orders.map((orderReference) => ({ orderReference })),
          ["order"],
        );
        expect(sheet(parts)).not.toMatch(/<f[ >]/);
        const cells = cellsOf(parts);
        for (const [n, order] of orders.entries()) {
          const wanted = order === "" ? { style: "2" } : { style: "2", text: order };
          expect(cells[`A${n + 2}`]).toEqual(wanted);
        }
      }),
      { numRuns: 60 },
    );
  });
});
