/**
 * Looks for what may never be written or answered: full phone numbers, secrets, tokens (I23).
 * Everything a drill uses is a canary: its own phones and secrets are known, so finding one is
 * proof, and whatever has the shape of a token of ours is one.
 */
import { closeSync, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { DRILL_APP, DRILL_SECRET, OWNER } from "./canary-secrets.ts";
import type { DrillKeys } from "./server-process.ts";

export interface Canaries {
  /** `254…`, every number that a drill has used. */
  readonly phones: Set<string>;
  /** Texts by what they are. */
  readonly secrets: Map<string, string>;
}

/** The secrets of a house with these keys; phones are added as they are used. */
export function canariesOf(keys: DrillKeys): Canaries {
  return {
    phones: new Set(),
    secrets: new Map([
      ["secret key", keys.secretKey],
      ["signing key", keys.signingKey],
      ["webhook secret", keys.webhookSecret],
      ["server secret", DRILL_SECRET],
      ["consumer key", DRILL_APP.consumerKey],
      ["consumer secret", DRILL_APP.consumerSecret],
      ["passkey", DRILL_APP.passkey],
      ["passkey in base64", Buffer.from(DRILL_APP.passkey).toString("base64").slice(3, 60)],
      ["owner's password", OWNER.password],
    ]),
  };
}

/** Shapes that open something, whoever made them. */
const SHAPES: readonly (readonly [string, RegExp])[] = [
  ["checkout token", /ct_[0-9a-f]{32}_[A-Za-z0-9_-]{22}/],
  ["secret or signing key", /\b(?:sk|sgn)_(?:test|live)_[A-Za-z0-9_-]{16,}/],
  ["webhook secret", /whsec_[A-Za-z0-9+/=_-]{16,}/],
  ["callback address", /[0-9a-f]{32}\/[0-9a-f]{64}/],
  ["CheckoutRequestID, which ends in the phone", /ws_CO_\d{9,}/],
  ["access token", /canaryToken\d{6}/],
];
/** Digits that may be a phone number, also as people write them. */
const DIGITS = /\d(?:[ ().-]{0,2}\d){8,}/g;
/** Characters of our ids, in hexadecimal; digests have more. */
const ID_LENGTH = 32;
const CHUNK_BYTES = 1 << 20;
const OVERLAP_BYTES = 1 << 10;

/** What a text tells that it may not; empty when it is clean. `allowed` names shapes that may stand. */
export function leaksIn(
  text: string,
  { phones, secrets }: Canaries,
  allowed: readonly string[] = [],
): readonly string[] {
  const found: string[] = [];
  for (const [name, secret] of secrets) {
    if (!allowed.includes(name) && text.includes(secret)) found.push(name);
  }
  for (const [name, shape] of SHAPES) {
    if (!allowed.includes(name) && shape.test(text)) found.push(name);
  }
  for (const { 0: run, index } of text.matchAll(DIGITS)) {
    const digits = run.replace(/\D/g, "");
    const told =
      holdsPhone(digits, phones) ||
      (isPhone(digits, phones) && !insideId(text, index, index + run.length));
    if (told) found.push("phone number");
  }
  return [...new Set(found)];
}

/** 254… anywhere in a run of digits. */
function holdsPhone(digits: string, phones: ReadonlySet<string>): boolean {
  for (let at = 0; at + 12 <= digits.length; at += 1) {
    if (phones.has(digits.slice(at, at + 12))) return true;
  }
  return false;
}

/** 07… and 7… as a whole run of digits. */
function isPhone(digits: string, phones: ReadonlySet<string>): boolean {
  const national = digits.length === 10 && digits.startsWith("0") ? digits.slice(1) : digits;
  return national.length === 9 && phones.has(`254${national}`);
}

/** Among a million ids and digests some spell any nine digits. */
function insideId(text: string, from: number, to: number): boolean {
  const before = /[0-9a-f]*$/.exec(text.slice(Math.max(0, from - ID_LENGTH), from))?.[0] ?? "";
  const after = /^[0-9a-f]*/.exec(text.slice(to, to + ID_LENGTH))?.[0] ?? "";
  return before.length + (to - from) + after.length >= ID_LENGTH;
}

export interface Scanned {
  readonly bytes: number;
  readonly leaks: readonly string[];
}

/** Reads every file of a folder but the secret's own: logs, database, WAL, backups. */
export function scanFolder(folder: string, canaries: Canaries): Scanned {
  let bytes = 0;
  const leaks = new Set<string>();
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    // A server that ends meanwhile takes its WAL with it.
    if (name === "lipia.secret" || !existsSync(file)) continue;
    for (const text of chunksOf(file)) {
      bytes += text.length;
      for (const leak of leaksIn(text, canaries)) leaks.add(`${name}: ${leak}`);
    }
  }
  return { bytes, leaks: [...leaks] };
}

/** A file as text, one byte a character, in pieces that overlap so that nothing hides in a cut. */
function* chunksOf(file: string): Generator<string> {
  const fd = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (let at = 0; ; at += CHUNK_BYTES - OVERLAP_BYTES) {
      const length = readSync(fd, buffer, 0, CHUNK_BYTES, at);
      if (length > 0) yield buffer.toString("latin1", 0, length);
      if (length < CHUNK_BYTES) return;
    }
  } finally {
    closeSync(fd);
  }
}
