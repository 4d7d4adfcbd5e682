/**
 * A thread of its own: reads a database file from end to end and says what is wrong with it first,
 * or null. It ends by itself, and with the server.
 */
import { parentPort, workerData } from "node:worker_threads";
import { assertSound } from "./sqlite-file.ts";
import { DamagedDatabase } from "./unfit.ts";

function findingIn(path: string): string | null {
  try {
    assertSound(path);
    return null;
  } catch (error) {
    if (error instanceof DamagedDatabase) return error.finding;
    throw error;
  }
}

parentPort?.postMessage(findingIn(String(workerData)));
