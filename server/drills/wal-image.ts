/** Reading and spoiling copies of a SQLite WAL (sqlite.org/fileformat2.html, "WAL File Format"). */
import type { Dice } from "./dice.ts";

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const SECTOR_BYTES = 512;
/** In the -shm file: frames that a checkpoint may have begun to write into the database. */
const BACKFILL_ATTEMPTED_AT = 128;

/** A database at one instant. */
export interface Copy {
  readonly db: Buffer;
  readonly wal: Buffer;
  readonly shm: Buffer;
}

/** Which beginning of a WAL this is: SQLite draws new salts each time. */
export function saltsOf(wal: Buffer): string {
  return wal.length < HEADER_BYTES ? "" : wal.toString("hex", 16, 24);
}

function frameBytes(wal: Buffer): number {
  return FRAME_HEADER_BYTES + wal.readUInt32BE(8);
}

/** Where the last committed transaction ends, by salts and commit marks. */
export function committedEnd(wal: Buffer): number {
  if (wal.length < HEADER_BYTES) return 0;
  const step = frameBytes(wal);
  let end = 0;
  for (let at = HEADER_BYTES; at + step <= wal.length; at += step) {
    if (wal.compare(wal, 16, 24, at + 8, at + 16) !== 0) break;
    if (wal.readUInt32BE(at + 4) !== 0) end = at + step;
  }
  return end;
}

/** What a checkpoint has read was flushed before: no power cut can take it. */
export function checkpointedEnd({ wal, shm }: Copy): number {
  if (wal.length < HEADER_BYTES || shm.length < BACKFILL_ATTEMPTED_AT + 4) return 0;
  const frames = shm.readUInt32LE(BACKFILL_ATTEMPTED_AT);
  return frames === 0 ? 0 : HEADER_BYTES + frames * frameBytes(wal);
}

/** The WAL as a cut may leave it: whole up to `safe`, anything after it. */
export function spoiltWal(dice: Dice, wal: Buffer, safe: number): Buffer {
  const from = Math.min(safe, wal.length);
  const cut = from + dice.int(wal.length - from + 1);
  const kept = Buffer.from(wal.subarray(0, cut));
  switch (dice.int(5)) {
    case 0:
      return kept;
    case 1:
      return Buffer.concat([kept, dice.bytes(1 + dice.int(9_000))]);
    case 2:
      return Buffer.concat([kept, Buffer.alloc(1 + dice.int(9_000))]);
    case 3:
      return sectorsLost(dice, Buffer.from(wal), from);
    default:
      return Buffer.concat([kept, wal.subarray(0, Math.min(wal.length, dice.int(9_000)))]);
  }
}

/** A disk writes sectors in an order of its own: some that were on their way never arrived. */
function sectorsLost(dice: Dice, wal: Buffer, from: number): Buffer {
  const first = Math.ceil(from / SECTOR_BYTES) * SECTOR_BYTES;
  for (let at = first; at < wal.length; at += SECTOR_BYTES) {
    const end = Math.min(at + SECTOR_BYTES, wal.length);
    if (dice.chance(0.3)) wal.fill(dice.chance(0.5) ? 0 : dice.int(256), at, end);
  }
  return wal;
}

/**
 * The database as a cut in the middle of a checkpoint may leave it: sectors of pages that the WAL
 * still holds are the former ones or the new ones, in any mixture.
 */
export function halfCheckpointed(
  dice: Dice,
  former: Copy,
  { db, wal }: Copy,
  safe: number,
): Buffer {
  const mixed = Buffer.from(db);
  if (wal.length < HEADER_BYTES || saltsOf(former.wal) !== saltsOf(wal)) return mixed;
  const step = frameBytes(wal);
  const pageBytes = step - FRAME_HEADER_BYTES;
  for (let at = HEADER_BYTES; at + step <= safe; at += step) {
    const page = (wal.readUInt32BE(at) - 1) * pageBytes;
    for (let sector = page; sector < page + pageBytes; sector += SECTOR_BYTES) {
      if (sector + SECTOR_BYTES > Math.min(former.db.length, mixed.length)) continue;
      if (dice.chance(0.4)) former.db.copy(mixed, sector, sector, sector + SECTOR_BYTES);
    }
  }
  return mixed;
}
