/** A lock between processes that outlives no crash: a file that names the process holding it. */
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 100;
/** A breaker works for a millisecond; one this old has died at it. */
const BREAKER_PATIENCE_MS = 10_000;

/**
 * Runs `work` while holding the lock file; waits while a living process holds it. A file whose
 * process has ended is taken over. Throws when the wait outlasts `patienceMs`.
 * @template T
 * @param {string} file
 * @param {{ patienceMs: number, onWait?: (pid: number) => void }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, options, work) {
  const deadline = performance.now() + options.patienceMs;
  let told = false;
  while (!take(file)) {
    const holder = holderOf(file);
    if (holder !== null && !isAlive(holder)) {
      breakLock(file, holder);
      continue;
    }
    if (performance.now() > deadline) {
      throw new Error(`process ${holder} has held ${file} too long; end it or delete the file`);
    }
    if (!told && holder !== null) options.onWait?.(holder);
    told = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Linking a finished file is atomic, so nobody ever reads a lock without its holder. @param {string} file */
function take(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** @param {string} file @returns {number | null} null when the lock has just been released */
function holderOf(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM is somebody else's process: alive.
    return codeOf(error) === "EPERM";
  }
}

/**
 * Removes a dead process's lock. Only one breaker works at a time and looks again first; otherwise
 * two waiters could see the same dead holder and the slower one would remove the faster one's lock.
 * @param {string} file
 * @param {number} dead
 */
function breakLock(file, dead) {
  const breaker = `${file}.break`;
  try {
    writeFileSync(breaker, "", { flag: "wx" });
  } catch {
    const age = Date.now() - (statSync(breaker, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > BREAKER_PATIENCE_MS) rmSync(breaker, { force: true });
    return;
  }
  try {
    if (holderOf(file) === dead) rmSync(file, { force: true });
  } finally {
    rmSync(breaker, { force: true });
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
