/**
 * The installation's master secret: 32 bytes, hex. Made on first start and kept beside the SQLite
 * file with mode 600; required from the environment with Postgres and in production.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const HEX_32_BYTES = /^[0-9a-fA-F]{64}$/;

/** Reads 64 hex digits as 32 bytes; null when it is anything else. */
export function parseSecret(text: string): Buffer | null {
  const trimmed = text.trim();
  return HEX_32_BYTES.test(trimmed) ? Buffer.from(trimmed, "hex") : null;
}

/**
 * Reads the secret file, or makes it. Two processes that start at once agree: the file is created
 * exclusively and the loser reads the winner's.
 * @throws when the file holds something else than 64 hex digits; it is never overwritten.
 */
export function secretFromFile(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, `${randomBytes(32).toString("hex")}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const secret = parseSecret(readFileSync(path, "utf8"));
  if (secret === null) {
    throw new Error(
      `${path} must hold 64 hex digits. Restore it from your backup: without it stored numbers cannot be read.`,
    );
  }
  return secret;
}
