/**
 * Secrets that are derived, not stored: checkout tokens and callback addresses are an id plus an
 * HMAC, so a server restored from an older backup still recognises them (machine §2).
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { AttemptId, Instant, PaymentId } from "./core/payment.ts";
import { madeAt, parseAttemptId, parsePaymentId } from "./ids.ts";
import type { FormerSecret } from "./secret.ts";

const TOKEN_MAC_BYTES = 16;
const TOKEN = /^ct_([0-9a-f]{32})_([A-Za-z0-9_-]{22})$/;

export interface Tokens {
  /** `ct_` + payment id + HMAC; the same every time it is asked for. */
  checkoutToken(id: PaymentId): string;
  /** The payment a checkout token opens, or null for anything forged or foreign. */
  paymentOfToken(token: string): PaymentId | null;
  /** `<attempt, hex>/<mac, hex>`: the path of an attempt's own callback address. */
  callbackPath(id: AttemptId): string;
  /** The attempt whose own address this is, or null (evidence E0). */
  attemptOfPath(attempt: string, mac: string): AttemptId | null;
}

/** An id's time is of the wall; it may be wrong by this much when a secret retires. */
const CLOCK_SLACK_MS = 3_600_000;

/** The keys that come of one secret; each kind of token has a key of its own. */
interface TokenKeys {
  readonly checkout: Buffer;
  readonly callback: Buffer;
  readonly retiredAt: Instant | null;
}

/**
 * Tokens under one server secret.
 * @param former still recognised, but only with ids from before they retired: who steals a secret
 * that was rotated away cannot make an address for an attempt of today.
 */
export function createTokens(secret: Buffer, former: readonly FormerSecret[] = []): Tokens {
  const now = keysOf({ secret, retiredAt: null });
  const all = [now, ...former.map(keysOf)];
  const recognised = (id: AttemptId | PaymentId, matches: (keys: TokenKeys) => boolean) =>
    all.some((keys) => matches(keys) && isOfItsTime(keys, id));

  return {
    checkoutToken: (id) => `ct_${id.slice("pay_".length)}_${checkoutMac(now, id)}`,
    paymentOfToken(token) {
      const [, hex = "", mac = ""] = TOKEN.exec(token) ?? [];
      const id = parsePaymentId(`pay_${hex}`);
      if (id === null) return null;
      // Compared as text: the last character carries spare bits, and one token has one spelling.
      const given = Buffer.from(mac);
      const known = (keys: TokenKeys) => timingSafeEqual(Buffer.from(checkoutMac(keys, id)), given);
      return recognised(id, known) ? id : null;
    },
    callbackPath: (id) => `${id}/${callbackMac(now, id).toString("hex")}`,
    attemptOfPath(attempt, mac) {
      const id = parseAttemptId(attempt);
      if (id === null || !/^[0-9a-f]{64}$/.test(mac)) return null;
      const given = Buffer.from(mac, "hex");
      return recognised(id, (keys) => timingSafeEqual(callbackMac(keys, id), given)) ? id : null;
    },
  };
}

function keysOf({ secret, retiredAt }: FormerSecret): TokenKeys {
  const key = (label: string) => createHmac("sha256", secret).update(label).digest();
  return {
    checkout: key("lipia checkout token v1"),
    callback: key("lipia callback address v1"),
    retiredAt,
  };
}

function checkoutMac({ checkout }: TokenKeys, id: PaymentId): string {
  const mac = createHmac("sha256", checkout).update(id).digest();
  return mac.subarray(0, TOKEN_MAC_BYTES).toString("base64url");
}

function callbackMac({ callback }: TokenKeys, id: AttemptId): Buffer {
  return createHmac("sha256", callback).update(id).digest();
}

function isOfItsTime({ retiredAt }: TokenKeys, id: AttemptId | PaymentId): boolean {
  return retiredAt === null || madeAt(id) <= retiredAt + CLOCK_SLACK_MS;
}

/** SHA-256 in hex: how secret keys are stored and looked up. They are random, so no salt is needed. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
