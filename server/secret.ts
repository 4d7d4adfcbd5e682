/**
 * The installation's master secret: 32 bytes, hex. Made on first start and kept beside the SQLite
 * file with mode 600; required from the environment with Postgres and in production. After a
 * rotation the former secrets stay on the ring: they open and recognise what was made under them.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Instant } from "./core/payment.ts";

/** A secret that was replaced. */
export interface FormerSecret {
  readonly secret: Buffer;
  /** From then on nothing was made under it; null when nobody knows. */
  readonly retiredAt: Instant | null;
}

/** The secret of now, and those before it, newest first. */
export interface KeyRing {
  readonly current: Buffer;
  readonly former: readonly FormerSecret[];
}

const SECRET_BYTES = 32;
const ENTRY = /^([0-9a-fA-F]{64})(?:\s+retired\s+(\S+))?$/;
/** Twenty rotations; more lines are a file that is something else. */
const RING_MAX = 20;

/**
 * Reads secrets separated by line ends or commas, the current one first; a former one may say since
 * when it is: `<64 hex> retired <RFC 3339>`. Null when anything is not one, or one stands twice.
 */
export function parseRing(text: string): KeyRing | null {
  const entries = text.split(/[\n,]/).map((entry) => entry.trim());
  const read = entries.filter((entry) => entry !== "").map(parseEntry);
  const [first, ...former] = read.filter((entry) => entry !== null);
  const whole = read.length === former.length + 1 && read.length <= RING_MAX;
  if (first === undefined || first.retiredAt !== null || !whole) return null;
  const texts = [first, ...former].map(({ secret }) => secret.toString("hex"));
  return new Set(texts).size === texts.length ? { current: first.secret, former } : null;
}

function parseEntry(entry: string): FormerSecret | null {
  const [, hex, retired] = ENTRY.exec(entry) ?? [];
  if (hex === undefined) return null;
  const retiredAt = retired === undefined ? null : Date.parse(retired);
  return Number.isNaN(retiredAt) ? null : { secret: Buffer.from(hex, "hex"), retiredAt };
}

function ringText({ current, former }: KeyRing): string {
  const line = ({ secret, retiredAt }: FormerSecret) => {
    const since = retiredAt === null ? "" : ` retired ${new Date(retiredAt).toISOString()}`;
    return `${secret.toString("hex")}${since}\n`;
  };
  return [{ secret: current, retiredAt: null }, ...former].map(line).join("");
}

/** Is there no room for another secret? The oldest must be let go by a person, not by us. */
export function isFull({ former }: KeyRing): boolean {
  return former.length + 1 >= RING_MAX;
}

/**
 * The ring with a new secret in front; the one of until now retires at `at`.
 * @throws when the ring is full.
 */
export function rotated(ring: KeyRing, at: Instant): KeyRing {
  if (isFull(ring)) throw new RangeError(`a ring holds ${RING_MAX} secrets at most`);
  return {
    current: randomBytes(SECRET_BYTES),
    former: [{ secret: ring.current, retiredAt: at }, ...ring.former],
  };
}

/**
 * Reads the secret file, or makes it. Two processes that start at once agree: the file appears
 * whole or not at all, and the loser reads the winner's.
 * @throws when the file holds something else than secrets; it is never overwritten.
 */
export function ringFromFile(path: string): KeyRing {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = { current: randomBytes(SECRET_BYTES), former: [] };
  if (!existsSync(path)) create(path, ringText(fresh));
  const ring = parseRing(readFileSync(path, "utf8"));
  if (ring === null) {
    throw new Error(
      `${path} must hold 64 hex digits. Restore it from your backup: without it stored numbers cannot be read.`,
    );
  }
  return ring;
}

/** Puts another ring in the place of the file: after a crash it holds the one or the other, whole. */
export function replaceRingFile(path: string, ring: KeyRing): void {
  renameSync(drafted(path, ringText(ring)), path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Writes beside and flushes; gives the draft's path. */
function drafted(path: string, text: string): string {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return draft;
}

/**
 * Writes beside, flushes, then links: a link is refused where a file stands, and who reads the
 * name never meets a half-written secret, not even after a power cut.
 */
function create(path: string, text: string): void {
  const draft = drafted(path, text);
  try {
    linkSync(draft, path);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return;
    // A file system without hard links: exclusive creation is the next best.
    if (!hasCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) throw error;
    writeFileSync(path, text, { flag: "wx", mode: 0o600, flush: true });
  } finally {
    unlinkSync(draft);
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
