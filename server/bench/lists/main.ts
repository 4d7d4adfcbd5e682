/**
 * `npm run bench -- data`: lists, searches and breakdowns on databases of a million payments and
 * more, beside the textbook's ways in the same run, and how soon a server is ready on one. Ends
 * with a code other than 0 when ours and the textbook's answers differ.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSeal } from "../../db/seal.ts";
import { openSqlite } from "../../db/sqlite.ts";
import { DRILL_SECRET } from "../../drills/canary-secrets.ts";
import { timeBreakdown } from "./breakdown.ts";
import { fill } from "./fill.ts";
import { differingPages, timeQuestions, timeTextbook } from "./measure.ts";
import { type DataOptions, readDataOptions, USAGE } from "./options.ts";
import { type SizeReport, sameAnswers, tableText } from "./report.ts";
import { shopOf } from "./shop.ts";
import { timeStarts } from "./starts.ts";

const PAGES_COMPARED = 20;
const FULL = { questions: 200, textbook: 10, starts: 5 };
const QUICK = { questions: 3, textbook: 2, starts: 0 };
const TELL_EVERY_MS = 10_000;

async function main(options: DataOptions): Promise<void> {
  const reports: SizeReport[] = [];
  for (const size of options.sizes) {
    const folder = mkdtempSync(join(tmpdir(), "lipia-bench-data-"));
    try {
      reports.push(await measureSize(options, size, join(folder, "lipia.db")));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const text = options.output === "json" ? JSON.stringify(reports, null, 2) : tableText(reports);
  process.stdout.write(`${text}\n`);
  if (!reports.every(sameAnswers)) process.exitCode = 1;
}

async function measureSize(options: DataOptions, size: number, path: string): Promise<SizeReport> {
  const { seed } = options;
  const times = options.size === "quick" ? QUICK : FULL;
  const shop = shopOf(size, seed);
  const seal = createSeal(Buffer.from(DRILL_SECRET, "hex"));
  const engine = await openSqlite(path);
  const startedAt = performance.now();
  try {
    await fill(engine, seal, shop, teller(size));
    const filledInS = (performance.now() - startedAt) / 1_000;
    const place = { engine, seal, shop, seed };
    return {
      size,
      filledInS,
      fileBytes: statSync(path).size,
      questions: await timeQuestions(place, times.questions),
      textbook: await timeTextbook(place, times.textbook),
      differingPages: await differingPages(place, PAGES_COMPARED),
      breakdown: await timeBreakdown(place, times.questions),
      starts: await timeStarts(path, times.starts),
    };
  } finally {
    await engine.close();
  }
}

function teller(size: number): (done: number) => void {
  let toldAt = performance.now();
  return (done) => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    process.stderr.write(`${done.toLocaleString("en")} of ${size.toLocaleString("en")} payments\n`);
  };
}

const options = readDataOptions(process.argv.slice(2));
if (options === null) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else await main(options);
