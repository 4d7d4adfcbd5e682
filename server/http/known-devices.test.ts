import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createSeal } from "../db/seal.ts";
import type { Ids } from "../ports.ts";
import { deviceCookie, knownDevice } from "./known-devices.ts";

const EMAIL = "owner@shop.co.ke";
const DAY_MS = 86_400_000;
const ids = { secret: (bytes: number) => randomBytes(bytes).toString("base64url") } as Ids;

function house(publicUrl = "http://localhost:4000", secret = 1) {
  const time = { now: Date.parse("2026-03-02T09:00:00Z") };
  const clock = { now: () => time.now, elapsed: () => time.now, sleep: async () => {} };
  return { time, seal: createSeal(Buffer.alloc(32, secret)), ids, clock, publicUrl };
}
const sent = (setCookie: string) => setCookie.split(";")[0] ?? "";

describe("a browser that somebody used before", () => {
  it("is known for that person only, also after a restart, for half a year", () => {
    const before = house();
    const cookie = sent(deviceCookie(before, EMAIL));
    const after = house();
    const name = knownDevice(after, `theme=dark; ${cookie}`, EMAIL);
    expect(name).toMatch(/^[\w-]{22}$/);
    expect(knownDevice(after, cookie, "other@shop.co.ke")).toBeNull();
    after.time.now += 179 * DAY_MS;
    expect(knownDevice(after, cookie, EMAIL)).toBe(name);
    after.time.now += DAY_MS;
    expect(knownDevice(after, cookie, EMAIL)).toBeNull();
  });

  it("cannot be made up, nor made younger", () => {
    const real = sent(deviceCookie(house(), EMAIL));
    const [name = "", at = "", mac = ""] = real.split(".");
    const later = (Number.parseInt(at, 36) + 1).toString(36);
    for (const cookie of ["", name, `${name}.${later}.${mac}`, `${real}x`, `${real}; ${real}`]) {
      expect(knownDevice(house(), cookie, EMAIL)).toBeNull();
    }
    expect(knownDevice(house("http://localhost:4000", 2), real, EMAIL)).toBeNull();
  });

  it("keeps its cookie from scripts and, where it can, from plain http", () => {
    expect(deviceCookie(house(), EMAIL)).toMatch(
      /^lipia-device=[\w.-]+; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Lax$/,
    );
    expect(deviceCookie(house("https://pay.example.co.ke"), EMAIL)).toMatch(
      /^__Host-lipia-device=.*; Secure$/,
    );
    expect(deviceCookie(house(), EMAIL)).not.toContain("owner");
  });
});
