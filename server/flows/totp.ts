/** One-time codes by the clock (RFC 6238, SHA-1, six digits, 30 s: what every authenticator app speaks). */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Instant } from "../core/payment.ts";
import { base32 } from "./base32.ts";

const STEP_MS = 30_000;
const DIGITS = 6;
/** A phone's clock may be half a minute off, either way. */
const STEPS_AROUND = 1;

/** Which half minute an instant is in: what a code is of. */
export function stepAt(at: Instant): number {
  return Math.floor(at / STEP_MS);
}

export function codeOf(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  // RFC 4226 §5.3: the last nibble says where the four bytes stand.
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 0xf) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** The step whose code this is, near enough to now, or null. */
export function stepOfCode(secret: Buffer, code: string, at: Instant): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const given = Buffer.from(code);
  const now = stepAt(at);
  for (let step = now - STEPS_AROUND; step <= now + STEPS_AROUND; step += 1) {
    if (timingSafeEqual(Buffer.from(codeOf(secret, step)), given)) return step;
  }
  return null;
}

/** What an authenticator app reads from the drawn square. */
export function otpauthUri(secret: Buffer, issuer: string, account: string): string {
  const shop = issuer.replaceAll(":", " ");
  const label = `${encodeURIComponent(shop)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(shop)}`;
}
