/**
 * Both ends of a child process: the parent calls functions by name, one at a time, and the child
 * runs them. Servers and the load client each get a process, so that none slows another's loop.
 */
import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

/** A child that does not end by itself after this is killed, by its own handle. */
const END_PATIENCE_MS = 10_000;
const LOG_TAIL = 2_000;

// biome-ignore lint/suspicious/noExplicitAny: `never` would not let the argument's type be read back
export type Calls = Readonly<Record<string, (argument: any) => Promise<unknown>>>;

interface Call {
  readonly name: string;
  readonly argument: unknown;
}
type Outcome =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "fault"; readonly text: string };

export interface Remote<C extends Calls> {
  /** Rejects with what the child says, or with the end of its log when it died. */
  call<N extends keyof C & string>(name: N, argument: Parameters<C[N]>[0]): ReturnType<C[N]>;
  /** Lets the child end, or ends it. */
  end(): Promise<void>;
}

/** Starts `module` once more as a child; what it says on standard error goes to `logFile`. */
export function startRemote<C extends Calls>(
  module: string,
  args: readonly string[],
  logFile: string,
): Remote<C> {
  const errors = openSync(logFile, "a");
  const child = fork(module, [...args], {
    stdio: ["ignore", "ignore", errors, "ipc"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  closeSync(errors);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    call(name, argument) {
      const answer = asked(child, exited, { name, argument }, logFile).then((outcome) => {
        if (outcome.kind === "fault") throw new Error(`${args.join(" ")}: ${outcome.text}`);
        return outcome.value;
      });
      // The child runs the same program, so its answer has the type it was declared with.
      return answer as ReturnType<C[typeof name]>;
    },
    async end() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), END_PATIENCE_MS);
      if (child.exitCode === null && child.signalCode === null) await exited;
      clearTimeout(timer);
    },
  };
}

async function asked(
  child: ChildProcess,
  exited: Promise<void>,
  call: Call,
  logFile: string,
): Promise<Outcome> {
  let settle: (outcome: Outcome) => void = () => {};
  const told = new Promise<Outcome>((resolve) => {
    settle = resolve;
  });
  child.once("message", settle);
  if (child.connected) child.send(call);
  const outcome = await Promise.race([told, exited.then(() => null)]);
  child.off("message", settle);
  if (outcome !== null) return outcome;
  return { kind: "fault", text: `it ended.\n${readFileSync(logFile, "utf8").slice(-LOG_TAIL)}` };
}

/** The child's end: answers calls until the parent lets go, then runs `end` and leaves. */
export function serveCalls(calls: Calls, end: () => Promise<void>): void {
  const say = (outcome: Outcome) => process.send?.(outcome);
  process.on("message", ({ name, argument }: Call) => {
    const run = calls[name];
    if (run === undefined) {
      say({ kind: "fault", text: `there is no call ${name}` });
      return;
    }
    run(argument).then(
      (value) => say({ kind: "value", value: value ?? null }),
      (error: unknown) =>
        say({ kind: "fault", text: error instanceof Error ? (error.stack ?? "") : String(error) }),
    );
  });
  process.once("disconnect", () => {
    end().finally(() => process.exit());
  });
}
