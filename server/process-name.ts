/** A name for this process in leases, from which another on the same machine can tell that it ended. */
import { hostname } from "node:os";
import type { Ids } from "./ports.ts";

/** `host#pid#random`: unique also when a pid comes back. */
export function processName(ids: Ids): string {
  return `${hostname()}#${process.pid}#${ids.row("run")}`;
}

/**
 * True when a process of this machine surely has ended: nobody has its pid, or we have it
 * ourselves. Of another machine's processes nothing is known.
 */
export function hasEnded(name: string): boolean {
  const [host, pidText = ""] = name.split("#");
  const pid = Number(pidText);
  if (host !== hostname() || !Number.isSafeInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

/** For a sentence: `process 4711 on shop-server`. */
export function processWords(name: string): string {
  const [host = "?", pid = "?"] = name.split("#");
  return `process ${pid} on ${host}`;
}
