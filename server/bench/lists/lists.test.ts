import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readDataOptions } from "./options.ts";
import { QUESTIONS } from "./questions.ts";
import { type SizeReport, sameAnswers } from "./report.ts";
import { shopOf } from "./shop.ts";

const PATIENCE_MS = 90_000;

test(
  "a quick run asks every question, and ours equals the textbook's",
  async () => {
    const program = fileURLToPath(new URL("./main.ts", import.meta.url));
    const args = ["--import", "tsx", program, "--quick", "--json", "--rows", "2000"];
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, args, { timeout: PATIENCE_MS });
    const [report]: SizeReport[] = JSON.parse(stdout);
    if (report === undefined) throw new Error("nothing was reported");
    expect(report.size).toBe(2_000);
    expect(report.questions.map(({ name }) => name)).toEqual(QUESTIONS.map(({ name }) => name));
    expect(report.breakdown.ours.rows).toBeGreaterThan(2);
    expect(report.breakdown.differing).toEqual([]);
    expect(sameAnswers(report)).toBe(true);
    expect(sameAnswers({ ...report, differingPages: 1 })).toBe(false);
  },
  PATIENCE_MS,
);

test("a shop is the same for the same seed, and its receipts and orders are all different", () => {
  const [shop, again, other] = [shopOf(3_000, 5), shopOf(3_000, 5), shopOf(3_000, 6)];
  const all = Array.from({ length: shop.size }, (_, n) => shop.payment(n));
  expect(again.payment(77)).toEqual(shop.payment(77));
  expect(other.payment(77)).not.toEqual(shop.payment(77));
  expect(new Set(all.map(({ orderReference }) => orderReference)).size).toBe(shop.size);
  const receipts = all.flatMap(({ attempts }) => attempts.flatMap((one) => one.receipt ?? []));
  expect(new Set(receipts).size).toBe(receipts.length);
  expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).sort());
});

test.each<[string[], ReturnType<typeof readDataOptions>]>([
  [[], { sizes: [1_000_000, 5_000_000], size: "full", output: "text", seed: 1 }],
  [["--quick"], { sizes: [1_000], size: "quick", output: "text", seed: 1 }],
  [["--rows", "5,70", "--json"], { sizes: [5, 70], size: "full", output: "json", seed: 1 }],
  [["--rows", "0"], null],
  [["--rows", "many"], null],
  [["--fast"], null],
])("%j is understood as it should be", (args, wanted) => {
  expect(readDataOptions(args)).toEqual(wanted);
});
