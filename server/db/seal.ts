/**
 * Sealing of what a stolen database file must not tell: phone numbers, CheckoutRequestIDs (they
 * end in the phone number) and raw messages. A keyed hash beside the sealed text finds it again.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import type { HashLabel, Seal } from "../ports.ts";

const MASTER_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** 128 bits: far from collisions, and an index entry of 22 characters. */
const HASH_BYTES = 16;
/** Names the key and the layout, so that another key may follow one day. */
const VERSION = "v1.";

/**
 * @param masterSecret 32 bytes; every use has a subkey of its own, so no use weakens another.
 * Throws when it has another length.
 */
export function createSeal(masterSecret: Buffer): Seal {
  if (masterSecret.length !== MASTER_BYTES) {
    throw new RangeError(`the master secret must have ${MASTER_BYTES} bytes`);
  }
  const sealKey = subkey(masterSecret, "lipia seal v1");
  const hashKey = subkey(masterSecret, "lipia lookup hash v1");
  return {
    seal: (text) => sealText(sealKey, text),
    open: (sealed) => openText(sealKey, sealed),
    hash: (label, text) => hashText(hashKey, label, text),
  };
}

function subkey(master: Buffer, label: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", master, "", label, MASTER_BYTES)));
}

function sealText(key: KeyObject, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return VERSION + Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
}

function openText(key: KeyObject, sealed: string): string {
  if (!sealed.startsWith(VERSION)) throw new Error("sealed by an unknown version of Lipia");
  const bytes = Buffer.from(sealed.slice(VERSION.length), "base64url");
  const iv = bytes.subarray(0, IV_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const body = bytes.subarray(IV_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
}

/** The label keeps equal texts of different meaning apart. */
function hashText(key: KeyObject, label: HashLabel, text: string): string {
  const digest = createHmac("sha256", key).update(`${label}\n${text}`).digest();
  return digest.subarray(0, HASH_BYTES).toString("base64url");
}
