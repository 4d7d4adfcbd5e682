import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { missingFrom } from "./missing.ts";
import { holds, type Proof, type Report } from "./report.ts";

const run = promisify(execFile);
/** A dozen seconds on a machine with other work; times are not asserted. */
const PATIENCE_MS = 90_000;

test(
  "a quick run answers, keeps and tells every callback",
  async () => {
    const program = fileURLToPath(new URL("./main.ts", import.meta.url));
    const args = ["--import", "tsx", program, "--quick", "--json"];
    const { stdout } = await run(process.execPath, args, { timeout: PATIENCE_MS });
    const { proof, levels, sizes }: Report = JSON.parse(stdout);
    expect(proof.missing).toEqual({ empty: 0, textbook: 0, ours: 0 });
    expect(proof.refused).toBe(0);
    expect(proof.nudged).toBe(proof.acknowledged.ours);
    expect(levels.map(({ connections }) => connections)).toEqual([1, 32]);
    for (const { endpoints } of levels) expect(endpoints.ours.requests).toBeGreaterThan(0);
    expect(sizes.loaderBytes).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);

const GOOD: Proof = {
  acknowledged: { empty: 5, textbook: 5, ours: 5 },
  missing: { empty: 0, textbook: 0, ours: 0 },
  refused: 0,
  nudged: 5,
};

test.each<[string, Partial<Proof>]>([
  ["an acknowledged callback is not in our database", { missing: { ...GOOD.missing, ours: 1 } }],
  ["nothing was acknowledged", { acknowledged: { ...GOOD.acknowledged, ours: 0 } }],
  ["a server refused a post", { refused: 1 }],
  ["the socket missed a payment", { nudged: 4 }],
])("a run fails when %s", (_why, fault) => {
  expect(holds(GOOD)).toBe(true);
  expect(holds({ ...GOOD, ...fault })).toBe(false);
});

test("what the database does not show as paid is missing", () => {
  const folder = mkdtempSync(join(tmpdir(), "lipia-bench-test-"));
  const path = join(folder, "some.db");
  const client = new Database(path);
  client.exec("create table paid (receipt text); insert into paid values ('A'), ('C')");
  client.close();
  expect(missingFrom(path, ["A", "B", "C", "D"], "select receipt from paid")).toEqual(["B", "D"]);
  rmSync(folder, { recursive: true, force: true });
});
