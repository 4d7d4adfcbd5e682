import { expect, it } from "vitest";
import { createSeal } from "./seal.ts";

const seal = createSeal(Buffer.alloc(32, 1));
const other = createSeal(Buffer.alloc(32, 2));

it.each(["254712345678", "", "ñandú 🦩", "x".repeat(100_000)])(
  "opens what it sealed: %.20s",
  (text) => {
    const sealed = seal.seal(text);
    expect(sealed).toMatch(/^v1\.[\w-]{6}\.[\w-]+$/);
    expect(seal.open(sealed)).toBe(text);
  },
);

it("seals the same text differently each time, so that equal numbers do not show", () => {
  expect(seal.seal("254712345678")).not.toBe(seal.seal("254712345678"));
});

it("refuses what was changed, cut, sealed with another key or of another version", () => {
  const sealed = seal.seal("254712345678");
  const flipped = sealed.slice(0, -1) + (sealed.endsWith("A") ? "Q" : "A");
  for (const bad of [flipped, sealed.slice(0, 20), "v1.", "", sealed.replace("v1.", "v2.")]) {
    expect(() => seal.open(bad)).toThrow();
  }
  expect(() => other.open(sealed)).toThrow();
});

it("hashes equal texts equally, but not under another label or key", () => {
  const hash = seal.hash("phone", "254712345678");
  expect(seal.hash("phone", "254712345678")).toBe(hash);
  expect(hash).toMatch(/^[\w-]{22}$/);
  expect(seal.hash("checkoutRequest", "254712345678")).not.toBe(hash);
  expect(other.hash("phone", "254712345678")).not.toBe(hash);
});

it("wants a master secret of 32 bytes", () => {
  expect(() => createSeal(Buffer.alloc(16))).toThrow(/32 bytes/);
});

it("after a rotation opens what was sealed before, and seals and hashes under the new secret", () => {
  const ring = createSeal(Buffer.alloc(32, 2), [{ secret: Buffer.alloc(32, 1), retiredAt: null }]);
  expect(ring.open(seal.seal("254712345678"))).toBe("254712345678");
  expect(other.open(ring.seal("254712345678"))).toBe("254712345678");
  expect(ring.hash("phone", "254712345678")).toBe(other.hash("phone", "254712345678"));
  expect([ring.keyId, ring.knows(seal.keyId), seal.knows(ring.keyId)]).toEqual([
    other.keyId,
    true,
    false,
  ]);
});
