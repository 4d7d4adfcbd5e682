/**
 * The built server as a process of its own, as a merchant runs it: it can be stopped, killed in
 * the middle of anything, and started again on the same database and port.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Two workers start at once on a busy machine; alone it takes half a second. */
const START_PATIENCE_MS = 30_000;
const STOP_PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 50;

const built = (file: string) => fileURLToPath(new URL(`../dist/programs/${file}`, import.meta.url));

export type Env = Readonly<Record<string, string>>;

export interface ServerProcess {
  /** All that it has written, for the report of a failure. */
  output(): string;
  /** As Ctrl-C does; by force when it does not end in time. */
  stop(): Promise<void>;
  /** As a power cut does: no handler runs, no buffer is flushed. */
  kill(): Promise<void>;
}

/** Starts the server and resolves when it says that it is ready. */
export async function startServer(env: Env, origin: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [built("main.js")], { env: bare(env), stdio: "pipe" });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  }
  await untilReady(child, origin, () => text);
  const end = async (signal: NodeJS.Signals) => {
    if (hasEnded(child)) return;
    const ended = once(child, "exit");
    child.kill(signal);
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(force);
  };
  return { output: () => text, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
}

async function untilReady(child: ChildProcess, origin: string, output: () => string) {
  const until = Date.now() + START_PATIENCE_MS;
  while (Date.now() < until) {
    if (hasEnded(child)) throw new Error(`The server ended before it was ready:\n${output()}`);
    const ready = await fetch(`${origin}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  child.kill("SIGKILL");
  throw new Error(`The server was not ready after ${START_PATIENCE_MS} ms:\n${output()}`);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Runs the `lipia` command line and gives what it wrote to standard output. */
export async function runCommand(env: Env, args: readonly string[]): Promise<string> {
  const options = { env: bare(env) };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [built("cli.js"), ...args],
    options,
  );
  return stdout;
}

/** Nothing of the person's own set-up leaks into a test. */
function bare(env: Env): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, ...env };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  probe.close();
  await once(probe, "close");
  return address.port;
}
