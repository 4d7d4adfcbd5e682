/** The secret file: made once, whole, for its owner only, and never overwritten. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  isFull,
  type KeyRing,
  parseRing,
  replaceRingFile,
  ringFromFile,
  rotated,
} from "./secret.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lipia-secret-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("is made with its folder, mode 600, and read again afterwards", () => {
  const path = join(folder, "data", "lipia.secret");
  const made = ringFromFile(path);
  expect(made.current).toHaveLength(32);
  expect(made.former).toEqual([]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).toBe(`${made.current.toString("hex")}\n`);
  expect(ringFromFile(path)).toEqual(made);
  expect(readdirSync(join(folder, "data"))).toEqual(["lipia.secret"]);
});

test.each(["", "short", "g".repeat(64), `${"a".repeat(64)}b`])(
  "a file that holds %j stops the start and stays as it is",
  (text) => {
    const path = join(folder, "lipia.secret");
    writeFileSync(path, text);
    expect(() => ringFromFile(path)).toThrow(/64 hex digits.*backup/);
    expect(readFileSync(path, "utf8")).toBe(text);
  },
);

test("two processes that start at once agree on one secret", async () => {
  const path = join(folder, "lipia.secret");
  // Each says when it is ready and waits for the word, so that they really meet.
  const program = `
    const { ringFromFile } = await import(${JSON.stringify(import.meta.resolve("./secret.ts"))});
    process.stdout.write("ready ");
    process.stdin.once("data", () => {
      process.stdout.write(ringFromFile(${JSON.stringify(path)}).current.toString("hex"));
      process.exit();
    });`;
  const children = Array.from({ length: 2 }, () => {
    const args = ["--import", "tsx", "--input-type=module", "--eval", program];
    return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  });
  await Promise.all(children.map(({ stdout }) => once(stdout, "data")));
  const found = children.map(async ({ stdin, stdout }) => {
    const answer = once(stdout, "data");
    stdin.write("go");
    return String(await answer);
  });
  const [one, two] = await Promise.all(found);
  expect(one).toBe(two);
  expect(one).toBe(readFileSync(path, "utf8").trim());
  expect(readdirSync(folder)).toEqual(["lipia.secret"]);
});

const [A, B, C] = ["aa", "bb", "cc"].map((byte) => byte.repeat(32)) as [string, string, string];
const hexOf = (ring: KeyRing | null) =>
  ring && [ring.current, ...ring.former.map(({ secret }) => secret)].map((s) => s.toString("hex"));

test("a ring is the current secret and those before it, by lines or commas", () => {
  expect(hexOf(parseRing(` ${A.toUpperCase()}\n`))).toEqual([A]);
  expect(hexOf(parseRing(`${A}, ${B},${C}`))).toEqual([A, B, C]);
  const text = `${A}\n${B} retired 2026-03-01T08:00:00.000Z\n\n${C}\n`;
  const ring = parseRing(text);
  expect(hexOf(ring)).toEqual([A, B, C]);
  expect(ring?.former.map(({ retiredAt }) => retiredAt)).toEqual([Date.UTC(2026, 2, 1, 8), null]);
});

test.each([
  ["nothing", ""],
  ["a short line", `${A}\nabc`],
  ["one secret twice", `${A},${B},${A.toUpperCase()}`],
  ["a retired one in front", `${A} retired 2026-03-01T08:00:00.000Z,${B}`],
  ["a day that is none", `${A},${B} retired yesterday`],
  ["too many", Array.from({ length: 21 }, (_, n) => `${n + 10}`.repeat(32)).join(",")],
])("a ring of %s is none", (_what, text) => {
  expect(parseRing(text)).toBeNull();
});

test("no rotation drops a secret: a full ring is refused", () => {
  let ring: KeyRing = { current: Buffer.alloc(32, 1), former: [] };
  for (let n = 1; n < 20; n += 1) {
    expect(isFull(ring)).toBe(false);
    ring = rotated(ring, n);
  }
  expect(ring.former.at(-1)?.secret).toEqual(Buffer.alloc(32, 1));
  expect(isFull(ring)).toBe(true);
  expect(() => rotated(ring, 20)).toThrow(/20 secrets/);
});

test("a rotation puts a new secret in front, keeps the others, and replaces the file whole", () => {
  const path = join(folder, "lipia.secret");
  const before = ringFromFile(path);
  const at = Date.UTC(2026, 5, 1);
  const after = rotated(before, at);
  replaceRingFile(path, after);
  expect(ringFromFile(path)).toEqual(after);
  expect(after.former).toEqual([{ secret: before.current, retiredAt: at }]);
  expect(after.current).not.toEqual(before.current);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["lipia.secret"]);
});
