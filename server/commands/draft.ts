/**
 * A copy in the making, beside the name it gets when it is whole. It is as large as the database, so
 * it goes with whoever made it: at a fault, at a signal, and at the next run where neither was heard.
 */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { constants } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../clock.ts";
import { SIDE_FILES } from "../db/sqlite-file.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Longer than the checks of a large copy, during which nothing is written to it. */
const LEFT_BEHIND_AFTER_MS = 24 * 3_600_000;
/** Long enough for a signal that came during work that cannot be interrupted. */
const HEARING_MS = 10;

/** How the name of a draft ends, or of a side file of one. */
const NAMED = /-(\d+)-\d+(?:-wal|-shm|-journal)?$/;

export interface Draft {
  readonly path: string;
  /** Between two long steps: a signal that came meanwhile ends the process here. */
  hear(): Promise<void>;
}

/**
 * Makes something under a draft's name; what is there under that name afterwards is removed.
 * @param file the name that it gets when it is whole.
 * @param what a word for the names of drafts, such as `making`.
 */
export async function withDraft<T>(
  file: string,
  what: string,
  make: (draft: Draft) => Promise<T>,
): Promise<T> {
  removeLeftBehind(file, what);
  // The moment too: in a container every run may have the same number.
  const path = `${file}.${what}-${process.pid}-${systemClock().now()}`;
  const onSignal = (signal: NodeJS.Signals) => {
    remove(path);
    forgetSignals();
    // The first process of a container hears no signal from itself.
    if (process.pid === 1) process.exit(128 + constants.signals[signal]);
    // Whoever waits for this process hears that the signal ended it.
    process.kill(process.pid, signal);
  };
  const forgetSignals = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await make({ path, hear: () => delay(HEARING_MS) });
  } finally {
    remove(path);
    forgetSignals();
  }
}

function remove(draft: string): void {
  for (const side of ["", ...SIDE_FILES]) rmSync(draft + side, { force: true });
}

/**
 * What a kill or a power cut left. The number in a name says little where containers share a folder,
 * so that only what nobody has touched for long goes.
 */
function removeLeftBehind(file: string, what: string): void {
  const folder = dirname(file);
  if (!existsSync(folder)) return;
  const before = systemClock().now() - LEFT_BEHIND_AFTER_MS;
  for (const name of readdirSync(folder)) {
    const [, pid] = name.startsWith(`${basename(file)}.${what}-`) ? (NAMED.exec(name) ?? []) : [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(folder, name);
    const touchedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (touchedAt !== undefined && touchedAt < before) rmSync(path, { force: true });
  }
}

/** Of this machine's processes; our own number was another's before. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
