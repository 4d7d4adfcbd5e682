/** `lipia orphans`: callbacks that came to a right address for an attempt this database does not know. */
import { parseReceipt } from "../../shared/receipt.ts";
import { readCallbackNews } from "../daraja/wire.ts";
import { scrub } from "../log.ts";
import type { InboxStore } from "../ports.ts";
import { answer, type Command, refusePositionals } from "./command.ts";
import { withHouse } from "./house.ts";

interface Orphan {
  readonly receivedAt: string;
  readonly attemptId: string;
  /** M-Pesa's verdict, "0" for paid; null for a body that cannot be read. */
  readonly resultCode: string | null;
  readonly receipt: string | null;
  readonly amount: string | null;
}

const PAGE = 500;

export const orphans: Command = {
  name: "orphans",
  usage: "[--json]",
  summary: "list callbacks whose payment this database does not know",
  help: `Lists callbacks that came to an address of ours for an attempt that is not in this database, oldest
first: what happens when an older backup was restored and customers had paid since. Result code 0
with a receipt is money that came in: find the order by the receipt in M-Pesa's own records.
One whose text the disk damaged is left out, and named on standard error.

With --json an array of {"receivedAt","attemptId","resultCode","receipt","amount"}.`,
  options: { json: { type: "boolean" } },
  async run(given) {
    refusePositionals(given, "lipia orphans --help");
    const found = await withHouse(({ store }) => allOrphans(store.inbox));
    answer(given.flag("json") ? JSON.stringify(found) : table(found));
    return 0;
  },
};

async function allOrphans(inbox: InboxStore): Promise<Orphan[]> {
  const found: Orphan[] = [];
  for (let after: string | null = null; ; ) {
    const rows: Awaited<ReturnType<InboxStore["orphans"]>> = await inbox.orphans(after, PAGE);
    for (const row of rows) {
      const news = readCallbackNews(row.body);
      found.push({
        receivedAt: new Date(row.receivedAt).toISOString(),
        attemptId: `att_${row.attemptId}`,
        resultCode: news === null ? null : plain(news.resultCode),
        receipt: news === null ? null : parseReceipt(news.receipt),
        amount: news === null ? null : plain(news.amount),
      });
    }
    after = rows.at(-1)?.id ?? null;
    if (after === null) return found;
  }
}

/** What a stranger wrote, fit for a terminal: no control characters, nothing that may be a phone. */
function plain(value: unknown): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  return scrub(String(value).replace(/[^\x20-\x7e]/g, "?")).slice(0, 64);
}

function table(found: readonly Orphan[]): string {
  if (found.length === 0) return "No callback waits for a payment that is unknown here.";
  const rows = found.map(({ receivedAt, attemptId, resultCode, receipt, amount }) => [
    receivedAt,
    attemptId,
    resultCode ?? "unreadable",
    receipt ?? "-",
    amount ?? "-",
  ]);
  const all = [["received", "attempt", "result", "receipt", "amount"], ...rows];
  const widths = all[0]?.map((_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
