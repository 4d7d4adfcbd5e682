import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packageRoot } from "../server/package-root.ts";

/** A package like ours with a program of one line, built and run by the real tools. */
let house: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), "lipia-build-"));
  for (const name of [
    "tools",
    "package.json",
    "package-lock.json",
    "tsconfig.base.json",
    "vite.config.ts",
  ]) {
    cpSync(join(packageRoot(), name), join(house, name), { recursive: true });
  }
  symlinkSync(join(packageRoot(), "node_modules"), join(house, "node_modules"));
  for (const program of ["main.ts", "db/check-file.ts"]) {
    mkdirSync(dirname(join(house, "server", program)), { recursive: true });
    writeFileSync(join(house, "server", program), "export {};\n");
  }
  answerWith("1");
});

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  rmSync(house, { recursive: true });
});

/** The program says this expression, and its arguments. */
function answerWith(expression: string): void {
  const program = `export {};\nprocess.stdout.write(String(${expression}) + process.argv.slice(2));\n`;
  writeFileSync(join(house, "server/cli.ts"), program);
}

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

function lipia(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(house, "tools/lipia.mjs"), ...args], {
    env: { ...process.env, ...env },
  });
  running.push(child);
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, out, err }));
  });
  return { child, ended };
}

test("the answer is alone on standard output; a second run builds nothing, a change does", async () => {
  const first = await lipia(["keys", "create"]).ended;
  expect(first).toMatchObject({ code: 0, out: "1keys,create" });
  expect(first.err).toMatch(/^built programs in [\d.]+ s\n$/);

  expect(await lipia().ended).toMatchObject({ code: 0, out: "1", err: "" });

  answerWith("2");
  const changed = await lipia().ended;
  expect(changed.out).toBe("2");
  expect(changed.err).toContain("built programs");

  writeFileSync(join(house, "server/cli.test.ts"), "export {};\n");
  expect(await lipia().ended).toMatchObject({ out: "2", err: "" });

  rmSync(join(house, "dist/programs"), { recursive: true });
  expect(await lipia().ended).toMatchObject({ code: 0, out: "2" });
});

test("two at once build once", async () => {
  const both = await Promise.all([lipia().ended, lipia().ended]);
  expect(both.map(({ out }) => out)).toEqual(["1", "1"]);
  const built = both.flatMap(({ err }) => err.match(/built programs/g) ?? []);
  expect(built).toHaveLength(1);
});

test("what does not compile is said in the compiler's words, each time until it is mended", async () => {
  answerWith("(");
  for (const _ of [1, 2]) {
    const { code, out, err } = await lipia().ended;
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/server\/cli\.ts/);
    expect(err).toContain('The part "programs" does not build.');
  }
  answerWith("3");
  expect(await lipia().ended).toMatchObject({ code: 0, out: "3" });
});

test(".env is read, and what the environment already says wins", async () => {
  writeFileSync(join(house, ".env"), "SHOP=kibanda\nTOWN=Kisumu\n");
  answerWith("[process.env.SHOP, process.env.TOWN]");
  const { out } = await lipia([], { TOWN: "Nairobi" }).ended;
  expect(out).toBe("kibanda,Nairobi");
});

test("a signal reaches the program itself", async () => {
  writeFileSync(
    join(house, "server/cli.ts"),
    `process.on("SIGTERM", () => { process.stdout.write("stopped well"); process.exit(7); });
     process.stdout.write("up ");
     setInterval(() => {}, 1000);
     export {};\n`,
  );
  const { child, ended } = lipia();
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 7, out: "up stopped well" });
});
