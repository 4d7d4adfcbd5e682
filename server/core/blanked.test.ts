import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Phone } from "../../shared/phone.ts";
import {
  endsBlanked,
  isBlanked,
  withoutPhone,
  withoutPhoneAtEnd,
  withoutPhones,
} from "./blanked.ts";

const PHONE = "254712345678" as Phone;

describe("a number taken out of a text", () => {
  it.each([
    ["call 254712345678 now", "call 254000000000 now"],
    ["+254 712 345-678.", "+254 000 000-000."],
    ["0712 345 678", "0000 000 000"],
    ["(0712) 345678", "(0000) 000000"],
    ["00254712345678", "00254000000000"],
    ["712345678", "000000000"],
    ["ws_CO_24112026120001234712345678", "ws_CO_24112026120001234000000000"],
    ['{"Value":254712345678}', '{"Value":254000000000}'],
  ])("%s", (text, left) => {
    expect(withoutPhone(text, PHONE)).toBe(left);
    expect(withoutPhones(text)).toBe(left);
    expect(isBlanked(left)).toBe(true);
    expect(isBlanked(text)).toBe(false);
  });

  it.each([
    "2547*****678",
    "254722000111",
    '{"TransactionDate":20261124120013,"Amount":20.00}',
    "UKO7A1B2C3",
    "12345678",
  ])("leaves everything else alone: %s", (text) => {
    expect(withoutPhone(text, PHONE)).toBe(text);
  });

  it.each(['{"TransactionDate":20261124120013,"Amount":120.00}', "174379", "29115-34620561-1"])(
    "takes nothing for a number that is none: %s",
    (text) => {
      expect(withoutPhones(text)).toBe(text);
    },
  );

  it("keeps JSON readable and every other value in it, for any number", () => {
    const anyPhone = fc.tuple(fc.constantFrom("7", "1"), fc.stringMatching(/^\d{8}$/));
    fc.assert(
      fc.property(anyPhone, fc.integer({ min: 1, max: 250_000 }), ([first, rest], amount) => {
        const phone = `254${first}${rest}`;
        const body = `{"id":"ws_CO_24112026120001234${first}${rest}","n":${phone},"a":${amount}}`;
        for (const left of [withoutPhone(body, phone as Phone), withoutPhones(body)]) {
          expect(JSON.parse(left)).toMatchObject({ n: 254_000_000_000, a: amount });
          expect(left).not.toContain(first + rest);
        }
      }),
    );
  });

  it("blanks the end of a request's name by the same digits, once and again", () => {
    const blank = "ws_CO_24112026120001234000000000";
    expect(withoutPhoneAtEnd("ws_CO_24112026120001234712345678")).toBe(blank);
    expect(withoutPhoneAtEnd(blank)).toBe(blank);
    expect(withoutPhoneAtEnd("ws_CO_0191e2aa")).toBe("ws_CO_0191e2aa");
  });
});

describe("a request's name", () => {
  it.each([
    ["ws_CO_24112026120001234712345678", false],
    ["ws_CO_24112026000000000712345678", false],
    [withoutPhoneAtEnd("ws_CO_24112026120001234712345678"), true],
    [withoutPhoneAtEnd("ws_CO_24112026000000000112345678"), true],
  ])("%s was blanked: %s", (name, blanked) => {
    expect(endsBlanked(name)).toBe(blanked);
  });
});
