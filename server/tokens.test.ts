/** Checkout tokens and callback addresses: derived, never stored, and spelled in one way only. */
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { systemIds } from "./ids.ts";
import { createTokens, sha256Hex } from "./tokens.ts";

const secret = randomBytes(32);
const tokens = createTokens(secret);
const ids = systemIds();
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

describe("checkout tokens", () => {
  test("open their payment, the same every time, also after a restart", () => {
    const id = ids.payment();
    const token = tokens.checkoutToken(id);
    expect(token).toMatch(/^ct_[0-9a-f]{32}_[A-Za-z0-9_-]{22}$/);
    expect(createTokens(Buffer.from(secret)).checkoutToken(id)).toBe(token);
    expect(tokens.paymentOfToken(token)).toBe(id);
  });

  test("no other spelling of the last character opens it, spare bits or not", () => {
    const id = ids.payment();
    const token = tokens.checkoutToken(id);
    const accepted = [...ALPHABET].filter(
      (last) => tokens.paymentOfToken(token.slice(0, -1) + last) !== null,
    );
    expect(accepted).toEqual([token.at(-1)]);
  });

  test("another payment's, another server's and anything else is refused", () => {
    const token = tokens.checkoutToken(ids.payment());
    const other = tokens.checkoutToken(ids.payment());
    const swapped = `${other.slice(0, 35)}${token.slice(35)}`;
    const foreign = createTokens(randomBytes(32)).checkoutToken(ids.payment());
    const bad = [swapped, foreign, "", "ct_", `${token}\n`, ` ${token}`, token.toUpperCase()];
    for (const text of [...bad, `${token}A`, "x".repeat(100_000)]) {
      expect(tokens.paymentOfToken(text)).toBeNull();
    }
  });
});

describe("callback addresses", () => {
  test("are hex only, so that no text ever spells a word that Daraja refuses", () => {
    const id = ids.attempt();
    const path = tokens.callbackPath(id);
    expect(path).toMatch(/^[0-9a-f]{32}\/[0-9a-f]{64}$/);
    const [attempt = "", mac = ""] = path.split("/");
    expect(tokens.attemptOfPath(attempt, mac)).toBe(id);
  });

  test("one changed digit, another attempt's mac or another case proves nothing", () => {
    const [attempt = "", mac = ""] = tokens.callbackPath(ids.attempt()).split("/");
    const [, othersMac = ""] = tokens.callbackPath(ids.attempt()).split("/");
    const flipped = (mac.startsWith("0") ? "1" : "0") + mac.slice(1);
    for (const wrong of [flipped, othersMac, mac.slice(1), `${mac}0`, "", "z".repeat(64)]) {
      expect(tokens.attemptOfPath(attempt, wrong)).toBeNull();
    }
    expect(tokens.attemptOfPath(`${attempt}0`, mac)).toBeNull();
    expect(tokens.attemptOfPath("", mac)).toBeNull();
  });

  test("a checkout token's mac does not open a callback address: each kind has its own key", () => {
    const id = ids.attempt();
    const [, mac = ""] = tokens.callbackPath(id).split("/");
    const asToken = Buffer.from(mac, "hex").subarray(0, 16).toString("base64url");
    expect(tokens.paymentOfToken(`ct_${id}_${asToken}`)).toBeNull();
  });
});

describe("after a rotation", () => {
  const HOUR_MS = 3_600_000;
  const ringSince = (retiredAt: number | null) =>
    createTokens(randomBytes(32), [
      { secret: randomBytes(32), retiredAt: null },
      { secret, retiredAt },
    ]);

  test("tokens and addresses from before are recognised, new ones are made under the new secret", () => {
    const [payment, attempt] = [ids.payment(), ids.attempt()];
    const path = tokens.callbackPath(attempt).split("/") as [string, string];
    for (const rotated of [ringSince(null), ringSince(Date.now())]) {
      expect(rotated.paymentOfToken(tokens.checkoutToken(payment))).toBe(payment);
      expect(rotated.attemptOfPath(...path)).toBe(attempt);
      expect(rotated.checkoutToken(payment)).not.toBe(tokens.checkoutToken(payment));
      expect(rotated.callbackPath(attempt)).not.toBe(tokens.callbackPath(attempt));
      expect(
        tokens.attemptOfPath(...(rotated.callbackPath(attempt).split("/") as typeof path)),
      ).toBeNull();
    }
  });

  test("a retired secret makes no address for what was opened after it", () => {
    const [payment, attempt] = [ids.payment(), ids.attempt()];
    const path = tokens.callbackPath(attempt).split("/") as [string, string];
    const longAgo = ringSince(Date.now() - 2 * HOUR_MS);
    expect(longAgo.paymentOfToken(tokens.checkoutToken(payment))).toBeNull();
    expect(longAgo.attemptOfPath(...path)).toBeNull();
  });
});

test("keys are stored as SHA-256", () => {
  expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
