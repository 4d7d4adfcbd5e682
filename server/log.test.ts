/** What the log may say: fields on the list, and nobody's number, token or key (I23). */
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { systemIds } from "./ids.ts";
import { createLog, scrub } from "./log.ts";
import type { LogFields } from "./ports.ts";
import { createTokens } from "./tokens.ts";

function lines(write: (log: ReturnType<typeof createLog>) => void): string[] {
  const out: string[] = [];
  write(createLog("info", { write: (line: string) => void out.push(line) }));
  return out;
}

const ids = systemIds();
const tokens = createTokens(randomBytes(32));

describe("fields", () => {
  test("only those on the list are written, as one line of JSON with level, time and event", () => {
    const [line = ""] = lines((log) =>
      // The compiler refuses these names in a literal; a value made elsewhere may still hold them.
      log.info("payment_moved", {
        paymentId: "pay_1",
        phone: "0712345678",
        body: "{}",
      } as LogFields),
    );
    expect(JSON.parse(line)).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      paymentId: "pay_1",
      msg: "payment_moved",
    });
  });

  test("a value cannot begin a line of its own", () => {
    const out = lines((log) =>
      log.warn("request", { path: '/x\n{"level":60,"msg":"forged"}\r\n' }),
    );
    expect(out.join("").trimEnd().split("\n")).toHaveLength(1);
  });

  test("a number that may be a phone's is masked too", () => {
    const [line = ""] = lines((log) => log.info("x", { count: 254712345678, status: 200 }));
    expect(JSON.parse(line)).toMatchObject({ count: "[…678]", status: 200 });
  });

  test("below the level nothing is written", () => {
    const out: string[] = [];
    createLog("error", { write: (line: string) => void out.push(line) }).info("quiet");
    expect(out).toEqual([]);
  });
});

describe("masking", () => {
  test.each([
    "254712345678",
    "0712345678",
    "712345678",
    "+254712345678",
    "0712 345 678",
    "+254 712 345 678",
    "254-712-345-678",
    "0712.345.678",
    "(0712) 345678",
    "ws_CO_191220231020363925712345678",
  ])("a phone number written %s", (phone) => {
    expect(scrub(`sent to ${phone}, refused`)).not.toMatch(/5678?, |345[ .-]?678/);
    expect(scrub(phone)).toContain("[…");
  });

  test.each([
    "sk_test_4kD9-_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "sgn_live_4kD9-_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "whsec_AA+BB/CCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=",
    "Bearer anything.at-all/here",
    "5aF0".repeat(16),
  ])("%s", (secret) => {
    expect(scrub(`key ${secret} end`)).toBe("key [secret] end");
  });

  test("a checkout token and a callback address, alone or in a path", () => {
    const token = tokens.checkoutToken(ids.payment());
    expect(scrub(token)).toBe("[secret]");
    expect(scrub(`/pay/${token}`)).toBe("/pay/[secret]");
    const attempt = ids.attempt();
    const [, mac = ""] = tokens.callbackPath(attempt).split("/");
    expect(scrub(`/daraja/callbacks/${attempt}/${mac}`)).not.toContain(mac);
  });

  test("our own ids, times and receipts stay readable", () => {
    // The digits of an id can look like a number; this one has eleven in a row.
    for (const id of ["pay_01936a4c12345678901bcdef01234567", "01936a4c12345678901bcdef01234567"]) {
      expect(scrub(id)).toBe(id);
      expect(scrub(`/v1/payments/${id}/prompt`)).toBe(`/v1/payments/${id}/prompt`);
    }
    for (const text of ["2025-11-23T22:20:00.000Z", "UKN1A2B3C4", "254*****5678", "KES 250000"]) {
      expect(scrub(text)).toBe(text);
    }
  });
});

test("canary: whatever field of the list carries it, a number or key never comes out", () => {
  const secrets = ["254711000111", "sk_live_canarycanarycanary", "0711 000 111"];
  const names = ["address", "because", "cause", "code", "description", "error", "path", "stack"];
  for (const secret of secrets) {
    const fields = Object.fromEntries(names.map((name) => [name, `a ${secret} b`]));
    const out = lines((log) => log.error("fault", fields)).join("");
    expect(out).not.toContain(secret);
    expect(out).not.toMatch(/11000111|canary|000 111/);
  }
});
