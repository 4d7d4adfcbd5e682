import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLog } from "../log.ts";
import { checkSoundness } from "./soundness.ts";
import { openSqlite } from "./sqlite.ts";
import { makeWhole } from "./sqlite-file.ts";

let folder: string;
let path: string;
/** What the thread runs, as plain JavaScript that Node loads without a build. */
let program: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lipia-sound-"));
  path = join(folder, "lipia.db");
  await (await openSqlite(path)).close();
  makeWhole(path);
  program = join(folder, "check-file.mjs");
  const source = join(import.meta.dirname, "check-file.ts");
  writeFileSync(
    program,
    `import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))};
     register();
     await import(${JSON.stringify(`file://${source}`)});`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the log of a server would hold. */
function logged() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog("info", { write: (line) => void lines.push(JSON.parse(line)) });
  return { lines, log };
}

function damage(): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0x5a, 4_096, 40_960));
}

test("a small damaged file is refused at once", () => {
  damage();
  expect(() => checkSoundness(path, logged().log)).toThrow(/is damaged .*lipia restore FILE/);
});

test("a large file is read beside the work, and damage is told", async () => {
  const { lines, log } = logged();
  damage();
  const soundness = checkSoundness(path, log, { atOnceBytes: 1, program })();
  expect(soundness.isSound()).toBe(true);
  await vi.waitFor(() => expect(lines).toHaveLength(1), 20_000);
  expect(lines).toMatchObject([
    { msg: "database_damaged", error: expect.stringMatching(/is damaged .*lipia restore FILE/) },
  ]);
  expect(soundness.isSound()).toBe(false);
  await soundness.stop();
});

test("a large file that is whole stays sound, while others write to it", async () => {
  const { lines, log } = logged();
  const check = checkSoundness(path, log, { atOnceBytes: 1, program });
  const engine = await openSqlite(path);
  const soundness = check();
  await vi.waitFor(() => expect(lines).toMatchObject([{ msg: "database_sound" }]), 20_000);
  expect(soundness.isSound()).toBe(true);
  await soundness.stop();
  await engine.close();
});

test("a reading that fails says why", async () => {
  const { lines, log } = logged();
  writeFileSync(program, 'throw new Error("no memory left");');
  const soundness = checkSoundness(path, log, { atOnceBytes: 1, program })();
  await vi.waitFor(() => expect(lines).toHaveLength(1), 20_000);
  expect(lines).toMatchObject([
    { msg: "database_unchecked", error: expect.stringContaining("no memory left") },
  ]);
  await soundness.stop();
});

test("where the reader is not built, a large file is read at once", () => {
  damage();
  const options = { atOnceBytes: 1, program: join(folder, "nowhere.js") };
  expect(() => checkSoundness(path, logged().log, options)).toThrow(/is damaged/);
});
