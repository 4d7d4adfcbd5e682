import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packageRoot } from "../server/package-root.ts";
import { withLock } from "./lock.mjs";

const runFile = promisify(execFile);
/** Above what Linux, macOS and Windows give out, so surely nobody's. */
const NOBODY = 2 ** 30;

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lipia-lock-"));
  lock = join(folder, "build.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("processes enter one at a time, even when they first find a dead one's lock", async () => {
  const log = join(folder, "log");
  writeFileSync(lock, String(NOBODY));
  const program = `
    import { appendFileSync } from "node:fs";
    import { withLock } from ${JSON.stringify(pathToFileURL(join(packageRoot(), "tools/lock.mjs")).href)};
    await withLock(${JSON.stringify(lock)}, { patienceMs: 10000 }, async () => {
      appendFileSync(${JSON.stringify(log)}, "in ");
      await new Promise((resolve) => setTimeout(resolve, 20));
      appendFileSync(${JSON.stringify(log)}, "out ");
    });`;
  const args = ["--input-type=module", "--eval", program];
  await Promise.all(Array.from({ length: 6 }, () => runFile(process.execPath, args)));
  expect(readFileSync(log, "utf8")).toBe("in out ".repeat(6));
  expect(existsSync(lock)).toBe(false);
});

test("the lock is released when the work fails", async () => {
  const work = withLock(lock, { patienceMs: 1000 }, async () => {
    throw new Error("does not compile");
  });
  await expect(work).rejects.toThrow("does not compile");
  expect(existsSync(lock)).toBe(false);
});

test("whoever waits too long is told who holds the lock", async () => {
  writeFileSync(lock, String(process.ppid));
  const waits: number[] = [];
  const onWait = (pid: number) => waits.push(pid);
  await expect(withLock(lock, { patienceMs: 150, onWait }, async () => {})).rejects.toThrow(
    `process ${process.ppid} has held`,
  );
  expect(waits).toEqual([process.ppid]);
});
