/**
 * The built server as a process of its own, as a merchant runs it: it can be stopped, killed in
 * the middle of anything, and started again on the same database and port.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { packageRoot } from "../package-root.ts";

const START_PATIENCE_MS = 30_000;
const STOP_PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 5;

export type ProcessEnv = Readonly<Record<string, string>>;

export interface Ready {
  /** From the start of the process to the first 200 of /readyz. */
  readonly readyMs: number;
  /** Its main thread: how long it ran, and how long it could run but had no processor. */
  readonly processor: { readonly ranMs: number; readonly waitedMs: number } | "not told";
}

export interface ServerProcess {
  readonly ready: Ready;
  readonly pid: number;
  /** As a power cut does to a process: no handler runs, no buffer is flushed. */
  kill(): Promise<void>;
  /** As Ctrl-C does; by force when it does not end in time. @returns its exit code. */
  stop(): Promise<number | null>;
  hasEnded(): boolean;
}

function built(file: string): string {
  const path = join(packageRoot(), "dist", "programs", file);
  if (!existsSync(path)) throw new Error(`dist/programs/${file} is missing; run: npm run build`);
  return path;
}

/** Starts the server and resolves when it says that it is ready; all it writes goes to `logFile`. */
export async function startServer(env: ProcessEnv, logFile: string): Promise<ServerProcess> {
  const out = openSync(logFile, "a");
  const startedAt = performance.now();
  const child = spawn(process.execPath, [built("main.js")], { env, stdio: ["ignore", out, out] });
  closeSync(out);
  await untilReady(child, Number(env.PORT), logFile);
  const readyMs = performance.now() - startedAt;
  const pid = child.pid ?? 0;
  const end = async (signal: NodeJS.Signals) => {
    if (hasEnded(child)) return child.exitCode;
    const ended = once(child, "exit");
    child.kill(signal);
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(force);
    return child.exitCode;
  };
  return {
    ready: { readyMs, processor: processorOf(pid) },
    pid,
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGTERM"),
    hasEnded: () => hasEnded(child),
  };
}

/** Linux tells in schedstat: ns on a processor, ns on the run queue. */
function processorOf(pid: number): Ready["processor"] {
  const file = `/proc/${pid}/schedstat`;
  if (!existsSync(file)) return "not told";
  const [ran, waited] = readFileSync(file, "utf8").split(" ").map(Number);
  return { ranMs: (ran ?? 0) / 1e6, waitedMs: (waited ?? 0) / 1e6 };
}

async function untilReady(child: ChildProcess, port: number, logFile: string): Promise<void> {
  const until = performance.now() + START_PATIENCE_MS;
  while (performance.now() < until) {
    if (hasEnded(child)) throw new Error(`the server ended before it was ready: ${tail(logFile)}`);
    if (await isReady(port)) return;
    await delay(LOOK_EVERY_MS);
  }
  child.kill("SIGKILL");
  throw new Error(`the server was not ready after ${START_PATIENCE_MS} ms: ${tail(logFile)}`);
}

function tail(logFile: string): string {
  return readFileSync(logFile, "utf8").slice(-2_000);
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get({ host: "127.0.0.1", port, path: "/readyz", agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on("error", () => resolve(false));
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

export interface DrillKeys {
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly signingKey: string;
  readonly webhookSecret: string;
}

/** Keys made by the command that merchants use. */
export async function makeKeys(env: ProcessEnv): Promise<DrillKeys> {
  const args = [built("cli.js"), "keys", "create", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...env } });
  return JSON.parse(stdout);
}

/** Copies the database into a file by the command that merchants use; rejects when it fails. */
export async function backUp(env: ProcessEnv, file: string): Promise<void> {
  const args = [built("cli.js"), "backup", file];
  await promisify(execFile)(process.execPath, args, { env: { ...env } });
}

/** A loopback port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  probe.close();
  await once(probe, "close");
  return address.port;
}
