/**
 * Where the log goes. Money is worth more than its log: a line that cannot be written is dropped,
 * and neither a full disk nor a reader that went away or stands still ends or holds up the server.
 */
import { writeSync } from "node:fs";
import type { DestinationStream } from "pino";

const ERROR_OUTPUT = 2;
/** A pipe whose reader is slow is full for moments; so long a line waits for room in it. */
const ROOM_PATIENCE_MS = 50;
const ROOM_WAIT_MS = 5;

/** Writes the bytes from an offset on; gives how many, or throws as `writeSync` does. */
export type WriteSome = (bytes: Uint8Array, offset: number) => number;

/**
 * Standard error, written line by line before the call returns, so that the last words of a process
 * that ends are not lost.
 * @param write for tests, which have no broken disk.
 */
export function steadyErrorOutput(
  write: WriteSome = (bytes, offset) => writeSync(ERROR_OUTPUT, bytes, offset),
): DestinationStream {
  let last: "whole" | "cut" | "dropped" = "whole";
  return {
    write(line) {
      // What a cut line left behind must not swallow the next.
      const bytes = Buffer.from(last === "cut" ? `\n${line}` : line);
      // Whoever reads nothing any more costs one wait, not one a line.
      const written = writeAll(write, bytes, last === "whole" ? ROOM_PATIENCE_MS : 0);
      if (written === bytes.length) last = "whole";
      else if (written > 0) last = "cut";
      else if (last === "whole") last = "dropped";
    },
  };
}

/** How many bytes could be written. */
function writeAll(write: WriteSome, bytes: Uint8Array, patienceMs: number): number {
  let written = 0;
  for (let patience = patienceMs; written < bytes.length; ) {
    const count = writeOrAskAgain(write, bytes, written);
    if (count === "failed") break;
    written += count;
    if (count > 0) continue;
    if (patience <= 0) break;
    patience -= ROOM_WAIT_MS;
    Atomics.wait(SLEEPER, 0, 0, ROOM_WAIT_MS);
  }
  return written;
}

const SLEEPER = new Int32Array(new SharedArrayBuffer(4));

/** 0 where there is no room just now. */
function writeOrAskAgain(write: WriteSome, bytes: Uint8Array, from: number): number | "failed" {
  try {
    return write(bytes, from);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "EAGAIN" || code === "EINTR" ? 0 : "failed";
  }
}
