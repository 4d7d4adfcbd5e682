/**
 * Where a drill keeps its files. Drills about durability use the real disk; the others a disk in
 * memory where there is one with room, because their subject is not how long an fsync takes.
 */
import { existsSync, mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Disk = "real" | "memory";

const MEMORY_DISK = "/dev/shm";

/** Makes a fresh folder. @param bytesWanted how much the drill may write, by a generous guess. */
export function makeWorkplace(disk: Disk, bytesWanted: number): string {
  const roomy = disk === "memory" && existsSync(MEMORY_DISK) && freeBytes() > 2 * bytesWanted;
  return mkdtempSync(join(roomy ? MEMORY_DISK : tmpdir(), "lipia-drill-"));
}

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(MEMORY_DISK);
  return bavail * bsize;
}
