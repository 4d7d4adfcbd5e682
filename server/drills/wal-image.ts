/** Reading and spoiling copies of a SQLite WAL (sqlite.org/fileformat2.html, "WAL File Format"). */
import type { Dice } from "./dice.ts";

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const SECTOR_BYTES = 512;
const BIG_ENDIAN_MAGIC = 0x377f0683;
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

/** The end of a WAL is asked for with every image of an instant, and reading it all takes time. */
const ends = new WeakMap<Buffer, number>();

/**
 * Where the last committed transaction ends, read as SQLite itself reads it: by salts, commit marks
 * and the running checksum. A server that was stopped between a frame's header and its page has
 * left a commit mark over bytes that are no page.
 */
export function committedEnd(wal: Buffer): number {
  let end = ends.get(wal);
  if (end === undefined) {
    end = readToEnd(wal);
    ends.set(wal, end);
  }
  return end;
}

function readToEnd(wal: Buffer): number {
  if (wal.length < HEADER_BYTES) return 0;
  const order = wal.readUInt32BE(0) === BIG_ENDIAN_MAGIC ? "big" : "little";
  const step = frameBytes(wal);
  let sum = checksum(wal.subarray(0, HEADER_BYTES - 8), [0, 0], order);
  if (!isSum(wal, HEADER_BYTES - 8, sum)) return 0;
  let end = 0;
  for (let at = HEADER_BYTES; at + step <= wal.length; at += step) {
    if (wal.compare(wal, 16, 24, at + 8, at + 16) !== 0) break;
    sum = checksum(wal.subarray(at, at + 8), sum, order);
    sum = checksum(wal.subarray(at + FRAME_HEADER_BYTES, at + step), sum, order);
    if (!isSum(wal, at + 16, sum)) break;
    if (wal.readUInt32BE(at + 4) !== 0) end = at + step;
  }
  return end;
}

type Sum = readonly [number, number];

/** Two words that add each other up, over words in the order that the header's magic names. */
function checksum(bytes: Buffer, [first, second]: Sum, order: "big" | "little"): Sum {
  let [s0, s1] = [first, second];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const [x0, x1] =
      order === "big"
        ? [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
        : [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
    s0 = (s0 + x0 + s1) >>> 0;
    s1 = (s1 + x1 + s0) >>> 0;
  }
  return [s0, s1];
}

function isSum(wal: Buffer, at: number, [s0, s1]: Sum): boolean {
  return wal.readUInt32BE(at) === s0 && wal.readUInt32BE(at + 4) === s1;
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
 * The database as a cut in the middle of a checkpoint may leave it: a checkpoint flushes the WAL
 * first and then writes the newest form of its pages; here any sectors of them have arrived.
 */
export function halfCheckpointed(dice: Dice, { db, wal }: Copy): Buffer {
  const end = committedEnd(wal);
  if (end === 0) return db;
  const step = frameBytes(wal);
  const pageBytes = step - FRAME_HEADER_BYTES;
  const newest = new Map<number, number>();
  for (let at = HEADER_BYTES; at + step <= end; at += step) {
    newest.set((wal.readUInt32BE(at) - 1) * pageBytes, at + FRAME_HEADER_BYTES);
  }
  const size = Math.max(db.length, ...[...newest.keys()].map((page) => page + pageBytes));
  const mixed = Buffer.alloc(size);
  db.copy(mixed);
  for (const [page, from] of newest) {
    if (dice.chance(0.3)) continue;
    for (let at = 0; at < pageBytes; at += SECTOR_BYTES) {
      if (dice.chance(0.6)) wal.copy(mixed, page + at, from + at, from + at + SECTOR_BYTES);
    }
  }
  return dice.chance(0.5) ? mixed : mixed.subarray(0, db.length);
}
