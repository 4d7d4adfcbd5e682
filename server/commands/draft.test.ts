/** A copy in the making goes with whoever made it, also when a signal ends the command. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../db/open-database.ts";
import { createSeal } from "../db/seal.ts";
import { examine } from "../db/sqlite-file.ts";
import { packageRoot } from "../package-root.ts";
import { withDraft } from "./draft.ts";

const SECRET = Buffer.alloc(32, 7);
/** Enough for a copy to take a while. */
const BALLAST_MB = 40;
const DAY_MS = 86_400_000;

let folder: string;
let child: ChildProcess | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lipia-draft-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function node(args: readonly string[], env: Record<string, string> = {}) {
  const started = spawn(process.execPath, ["--import", "tsx", ...args], {
    cwd: packageRoot(),
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  return started;
}

const drafts = () => readdirSync(folder).filter((name) => /\.(making|restoring)-/.test(name));

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "a draft goes when %s comes",
  async (signal) => {
    const program = `
    import { writeFileSync } from "node:fs";
    import { withDraft } from ${JSON.stringify(join(import.meta.dirname, "draft.ts"))};
    void withDraft(${JSON.stringify(join(folder, "copy"))}, "making", async ({ path }) => {
      for (const side of ["", "-wal", "-shm"]) writeFileSync(path + side, "half");
      console.log("begun");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
    const maker = node(["--input-type=module", "-e", program]);
    await once(maker.stdout, "data");
    expect(drafts()).toHaveLength(3);
    maker.kill(signal);
    expect(await once(maker, "exit")).toEqual([null, signal]);
    expect(readdirSync(folder)).toEqual([]);
  },
);

test("a draft goes at a fault too, and signals mean what they meant before", async () => {
  const listening = process.listenerCount("SIGTERM");
  const file = join(folder, "copy");
  const fault = withDraft(file, "making", async ({ path }) => {
    writeFileSync(path, "half");
    throw new Error("no room");
  });
  await expect(fault).rejects.toThrow("no room");
  expect(readdirSync(folder)).toEqual([]);
  expect(process.listenerCount("SIGTERM")).toBe(listening);
});

test("what a kill left goes at the next run, and what may be at work stays", async () => {
  const dead = node(["-e", ""]);
  await once(dead, "exit");
  const left = (name: string, ageMs: number) => {
    const path = join(folder, name);
    writeFileSync(path, "half");
    const at = (Date.now() - ageMs) / 1_000;
    utimesSync(path, at, at);
  };
  const draft = (pid: number | undefined, of = "copy.making") => `${of}-${pid}-1700000000000`;
  for (const side of ["", "-wal", "-shm", "-journal"]) left(draft(dead.pid) + side, 2 * DAY_MS);
  const kept = [
    "copy",
    "copy.making-notes",
    draft(dead.pid, "copy.restoring"),
    draft(dead.pid, "other.making"),
    draft(process.ppid),
  ];
  for (const name of kept) left(name, 2 * DAY_MS);
  const young = `${draft(dead.pid)}1`;
  left(young, DAY_MS / 2);
  await withDraft(join(folder, "copy"), "making", async () => undefined);
  expect(readdirSync(folder).sort()).toEqual([...kept, young].sort());
});

describe("a command that SIGTERM ends", () => {
  let path: string;
  beforeEach(async () => {
    path = join(folder, "lipia.db");
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    await (await openDatabase(path, createSeal(SECRET), log)).close();
    const client = new Database(path);
    client.exec("create table ballast (bytes blob)");
    client.exec(
      `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${BALLAST_MB})
       insert into ballast select randomblob(1048576) from n`,
    );
    client.close();
  });

  /** Runs it, and sends the signal as soon as there is a draft. */
  async function interrupted(...args: readonly string[]): Promise<NodeJS.Signals | null> {
    const env = { DATABASE_URL: `file:${path}`, LIPIA_SECRET: SECRET.toString("hex") };
    const command = node([join(packageRoot(), "server", "cli.ts"), ...args], env);
    command.stdout.resume();
    const ended = once(command, "exit");
    while (drafts().length === 0 && command.exitCode === null) await delay(1);
    command.kill("SIGTERM");
    const [, signal] = await ended;
    return signal;
  }

  test("backup leaves no draft, and no copy unless a whole one", async () => {
    const file = join(folder, "copy.db");
    const signal = await interrupted("backup", file);
    expect(drafts()).toEqual([]);
    expect(existsSync(file)).toBe(signal === null);
    if (signal === null) examine(file);
  }, 60_000);

  test("restore leaves no draft, and a whole database", async () => {
    const file = join(folder, "copy.db");
    copyFileSync(path, file);
    await interrupted("restore", file);
    expect(drafts()).toEqual([]);
    expect(examine(path).schema).toBe("current");
  }, 60_000);
});
