/**
 * Whether the structure of the database file is whole. A small file is read from end to end before
 * anything is written to it. A large one would keep callbacks from the door for as long as that
 * takes, so it is read beside the work; SQLite itself refuses damaged pages that work touches.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { packageRoot } from "../package-root.ts";
import type { Log } from "../ports.ts";
import { assertSound } from "./sqlite-file.ts";
import { DamagedDatabase } from "./unfit.ts";

/** Reading so much takes some 0.2 s. */
const AT_ONCE_BYTES = 64 * 1024 * 1024;

export interface Soundness {
  /** False once damage was found. */
  isSound(): boolean;
  /** Ends a reading that is under way. */
  stop(): Promise<void>;
}

export const SOUND: Soundness = { isSound: () => true, stop: async () => undefined };

/**
 * Reads a small file now; gives what begins the reading of a large one, to be called once it is
 * open, since what must have the file alone on the way there would find the reader in it.
 * @param program of the thread; where it is not built, a large file is read now too.
 * @throws DamagedDatabase when the file is damaged and was read now.
 */
export function checkSoundness(
  path: string,
  log: Log,
  { atOnceBytes = AT_ONCE_BYTES, program = builtCheck() } = {},
): () => Soundness {
  const size = existsSync(path) ? statSync(path).size : 0;
  if (size > atOnceBytes && existsSync(program)) return () => readBeside(path, program, log);
  assertSound(path);
  return () => SOUND;
}

function readBeside(path: string, program: string, log: Log): Soundness {
  let sound = true;
  const thread = new Worker(program, { workerData: path });
  // A stop that is asked for waits for nothing here.
  thread.unref();
  thread.on("message", (finding: string | null) => {
    if (finding === null) return log.info("database_sound");
    sound = false;
    log.error("database_damaged", { error: new DamagedDatabase(path, finding).message });
  });
  thread.on("error", (error) => log.error("database_unchecked", { error: String(error) }));
  return {
    isSound: () => sound,
    stop: async () => void (await thread.terminate()),
  };
}

function builtCheck(): string {
  return join(packageRoot(), "dist", "programs", "check-file.js");
}
