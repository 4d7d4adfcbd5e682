/** The secret file: made once, whole, for its owner only, and never overwritten. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseSecret, secretFromFile } from "./secret.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lipia-secret-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("is made with its folder, mode 600, and read again afterwards", () => {
  const path = join(folder, "data", "lipia.secret");
  const made = secretFromFile(path);
  expect(made).toHaveLength(32);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).toBe(`${made.toString("hex")}\n`);
  expect(secretFromFile(path)).toEqual(made);
  expect(readdirSync(join(folder, "data"))).toEqual(["lipia.secret"]);
});

test.each(["", "short", "g".repeat(64), `${"a".repeat(64)}b`])(
  "a file that holds %j stops the start and stays as it is",
  (text) => {
    const path = join(folder, "lipia.secret");
    writeFileSync(path, text);
    expect(() => secretFromFile(path)).toThrow(/64 hex digits.*backup/);
    expect(readFileSync(path, "utf8")).toBe(text);
  },
);

test("two processes that start at once agree on one secret", async () => {
  const path = join(folder, "lipia.secret");
  // Each says when it is ready and waits for the word, so that they really meet.
  const program = `
    const { secretFromFile } = await import(${JSON.stringify(import.meta.resolve("./secret.ts"))});
    process.stdout.write("ready ");
    process.stdin.once("data", () => {
      process.stdout.write(secretFromFile(${JSON.stringify(path)}).toString("hex"));
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

test("hex digits of either case count, anything else does not", () => {
  expect(parseSecret(` ${"Ab".repeat(32)}\n`)).toHaveLength(32);
  expect(parseSecret("ab".repeat(31))).toBeNull();
});
