/**
 * The installation's master secret: 32 bytes, hex. Made on first start and kept beside the SQLite
 * file with mode 600; required from the environment with Postgres and in production.
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
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

const HEX_32_BYTES = /^[0-9a-fA-F]{64}$/;

/** Reads 64 hex digits as 32 bytes; null when it is anything else. */
export function parseSecret(text: string): Buffer | null {
  const trimmed = text.trim();
  return HEX_32_BYTES.test(trimmed) ? Buffer.from(trimmed, "hex") : null;
}

/**
 * Reads the secret file, or makes it. Two processes that start at once agree: the file appears
 * whole or not at all, and the loser reads the winner's.
 * @throws when the file holds something else than 64 hex digits; it is never overwritten.
 */
export function secretFromFile(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) create(path, `${randomBytes(32).toString("hex")}\n`);
  const secret = parseSecret(readFileSync(path, "utf8"));
  if (secret === null) {
    throw new Error(
      `${path} must hold 64 hex digits. Restore it from your backup: without it stored numbers cannot be read.`,
    );
  }
  return secret;
}

/**
 * Writes beside, flushes, then links: a link is refused where a file stands, and who reads the
 * name never meets a half-written secret, not even after a power cut.
 */
function create(path: string, text: string): void {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
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
