/** Reading a WAL as SQLite does: a drill that believes a torn frame would invent damage. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { committedEnd } from "./wal-image.ts";

let folder: string;
/** The log after one transaction, and after a second one. */
let [first, second] = [Buffer.alloc(0), Buffer.alloc(0)];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lipia-wal-"));
  const path = join(folder, "a.db");
  const db = new Database(path);
  db.pragma("journal_mode = WAL");
  db.exec("create table notes (text)");
  first = readFileSync(`${path}-wal`);
  db.prepare("insert into notes values (?)").run("x".repeat(9_000));
  second = readFileSync(`${path}-wal`);
  db.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a whole log ends where it ends", () => {
  expect(committedEnd(first)).toBe(first.length);
  expect(committedEnd(second)).toBe(second.length);
  expect(second.length).toBeGreaterThan(first.length);
});

test("a commit mark over a page that never arrived commits nothing", () => {
  const torn = Buffer.from(second);
  torn.fill(0, torn.length - 100);
  torn[torn.length - 1] = 7;
  expect(committedEnd(torn)).toBe(first.length);
});

test("neither does a frame that is cut, nor anything behind a frame that is spoilt", () => {
  expect(committedEnd(second.subarray(0, -1))).toBe(first.length);
  const spoilt = Buffer.from(second);
  spoilt.writeUInt8(spoilt.readUInt8(first.length + 200) ^ 1, first.length + 200);
  expect(committedEnd(spoilt)).toBe(first.length);
});

test("a log without its header is empty", () => {
  expect(committedEnd(Buffer.alloc(4_000))).toBe(0);
  expect(committedEnd(second.subarray(0, 31))).toBe(0);
});
