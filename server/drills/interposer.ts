/** Builds and steers interpose.c, where there are Linux and a C compiler. */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";
import type { ProcessEnv } from "./server-process.ts";

/** The numbers of the control file, in the order of `struct control`. */
const FIELDS = [
  "kind",
  "countdown",
  "times",
  "error",
  "hits",
  "generation",
  "writtenEnd",
  "syncedEnd",
] as const;
type Field = (typeof FIELDS)[number];
const NUMBER_BYTES = 8;

export const KINDS = { writes: 1, fsyncs: 2, tornWrites: 3 } as const;
export const EIO = 5;
export const ENOSPC = 28;

export interface Fault {
  readonly kind: keyof typeof KINDS;
  /** How many matching calls still pass. */
  readonly after: number;
  /** How many fail in a row. */
  readonly times: number;
  readonly error: number;
}

export interface Interposer {
  /** What a server needs in its environment to be watched. */
  readonly env: ProcessEnv;
  arm(fault: Fault): void;
  /** Lets everything pass again. @returns how many calls failed since it was armed. */
  disarm(): number;
  read(field: Field): number;
  close(): void;
}

/** @returns why it cannot be had here, in words, where it cannot. */
export function makeInterposer(folder: string): Interposer | string {
  if (process.platform !== "linux") return "there is no LD_PRELOAD on this system";
  const library = join(folder, "interpose.so");
  const source = join(packageRoot(), "server", "drills", "interpose.c");
  try {
    const args = ["-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"];
    execFileSync("cc", args, { stdio: "pipe" });
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (missing) return "there is no C compiler (cc)";
    throw error;
  }
  const control = join(folder, "control");
  writeFileSync(control, Buffer.alloc(FIELDS.length * NUMBER_BYTES));
  const fd = openSync(control, "r+");
  const write = (field: Field, value: number) => {
    const bytes = Buffer.alloc(NUMBER_BYTES);
    bytes.writeBigInt64LE(BigInt(value));
    writeSync(fd, bytes, 0, NUMBER_BYTES, FIELDS.indexOf(field) * NUMBER_BYTES);
  };
  const read = (field: Field) => {
    const bytes = Buffer.alloc(NUMBER_BYTES);
    readSync(fd, bytes, 0, NUMBER_BYTES, FIELDS.indexOf(field) * NUMBER_BYTES);
    return Number(bytes.readBigInt64LE());
  };
  return {
    env: { LD_PRELOAD: library, LIPIA_DRILL_CONTROL: control },
    arm({ kind, after, times, error }) {
      write("hits", 0);
      write("error", error);
      write("times", times);
      write("countdown", after);
      write("kind", KINDS[kind]);
    },
    disarm() {
      write("kind", 0);
      write("times", 0);
      return read("hits");
    },
    read,
    close: () => closeSync(fd),
  };
}
