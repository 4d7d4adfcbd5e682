/**
 * Secrets that are derived, not stored: checkout tokens and callback addresses are an id plus an
 * HMAC, so a server restored from an older backup still recognises them (machine §2).
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { AttemptId, PaymentId } from "./core/payment.ts";
import { parseAttemptId, parsePaymentId } from "./ids.ts";

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

/** Tokens under one server secret; each kind has a key of its own. */
export function createTokens(secret: Buffer): Tokens {
  const key = (label: string) => createHmac("sha256", secret).update(label).digest();
  const checkoutKey = key("lipia checkout token v1");
  const callbackKey = key("lipia callback address v1");
  const checkoutMac = (id: PaymentId) =>
    createHmac("sha256", checkoutKey)
      .update(id)
      .digest()
      .subarray(0, TOKEN_MAC_BYTES)
      .toString("base64url");
  const callbackMac = (id: AttemptId) => createHmac("sha256", callbackKey).update(id).digest();

  return {
    checkoutToken: (id) => `ct_${id.slice("pay_".length)}_${checkoutMac(id)}`,
    paymentOfToken(token) {
      const [, hex = "", mac = ""] = TOKEN.exec(token) ?? [];
      const id = parsePaymentId(`pay_${hex}`);
      if (id === null) return null;
      // Compared as text: the last character carries spare bits, and one token has one spelling.
      return timingSafeEqual(Buffer.from(checkoutMac(id)), Buffer.from(mac)) ? id : null;
    },
    callbackPath: (id) => `${id}/${callbackMac(id).toString("hex")}`,
    attemptOfPath(attempt, mac) {
      const id = parseAttemptId(attempt);
      if (id === null || !/^[0-9a-f]{64}$/.test(mac)) return null;
      return timingSafeEqual(callbackMac(id), Buffer.from(mac, "hex")) ? id : null;
    },
  };
}

/** SHA-256 in hex: how secret keys are stored and looked up. They are random, so no salt is needed. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
