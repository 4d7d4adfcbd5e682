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
import type { FormerSecret } from "../secret.ts";

const MASTER_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** 128 bits: far from collisions, and an index entry of 22 characters. */
const HASH_BYTES = 16;
/** Names the layout; the key's own name follows. */
const VERSION = "v1";
/** 36 bits: enough to tell the few secrets of one house apart, and nothing of the secret itself. */
const KEY_ID_LENGTH = 6;

/**
 * @param masterSecret 32 bytes; every use has a subkey of its own, so no use weakens another.
 * @param former open what was sealed under them; nothing new is.
 * Throws when a secret has another length.
 */
export function createSeal(masterSecret: Buffer, former: readonly FormerSecret[] = []): Seal {
  const now = keyOf(masterSecret);
  const all = [now, ...former.map(({ secret }) => keyOf(secret))];
  const byId = new Map(all.map((key) => [key.id, key]));
  const hashKey = subkey(masterSecret, "lipia lookup hash v1");
  return {
    keyId: now.id,
    knows: (keyId) => byId.has(keyId),
    seal: (text) => sealText(now, text),
    open: (sealed) => openText(byId, sealed),
    hash: (label, text) => hashText(hashKey, label, text),
  };
}

/** How every text begins that was sealed under this key. */
export function sealedPrefix(keyId: string): string {
  return `${VERSION}.${keyId}.`;
}

interface SealKey {
  readonly id: string;
  readonly key: KeyObject;
}

function keyOf(master: Buffer): SealKey {
  if (master.length !== MASTER_BYTES) {
    throw new RangeError(`the master secret must have ${MASTER_BYTES} bytes`);
  }
  return { id: keyIdOf(master), key: subkey(master, "lipia seal v1") };
}

/** The name of a secret's key, as sealed texts carry it. */
export function keyIdOf(master: Buffer): string {
  const id = createHmac("sha256", master).update("lipia key id v1").digest("base64url");
  return id.slice(0, KEY_ID_LENGTH);
}

function subkey(master: Buffer, label: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", master, "", label, MASTER_BYTES)));
}

function sealText({ id, key }: SealKey, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return sealedPrefix(id) + Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
}

function openText(keys: ReadonlyMap<string, SealKey>, sealed: string): string {
  const [version, keyId = "", payload = ""] = sealed.split(".");
  if (version !== VERSION) throw new Error("sealed by an unknown version of Lipia");
  const found = keys.get(keyId);
  if (found === undefined) throw new Error("sealed under a secret that is not on the ring");
  const bytes = Buffer.from(payload, "base64url");
  const iv = bytes.subarray(0, IV_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", found.key, iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const body = bytes.subarray(IV_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
}

/** The label keeps equal texts of different meaning apart. */
function hashText(key: KeyObject, label: HashLabel, text: string): string {
  const digest = createHmac("sha256", key).update(`${label}\n${text}`).digest();
  return digest.subarray(0, HASH_BYTES).toString("base64url");
}
