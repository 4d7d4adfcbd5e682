import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskedPhone, parsePhone, phoneTail, readablePhone } from "./phone.ts";

const subscriber = fc
  .tuple(fc.constantFrom("7", "1"), fc.integer({ min: 0, max: 99_999_999 }))
  .map(([first, rest]) => first + String(rest).padStart(8, "0"));

describe("a Kenyan phone", () => {
  it.each([
    "0712345678",
    "712345678",
    "254712345678",
    "+254712345678",
    "00254712345678",
    "2540712345678",
    "+2540712345678",
    "0712 345 678",
    " 0712345678 ",
    "0712-345-678",
    "0712.345.678",
    "0712/345678",
    "(0712) 345678",
    "+254 (0) 712 345 678",
    "+254 712\u00a0345\u202f678",
    "0712\u2011345\u2013678",
    "\u200b0712345678\ufeff",
    "\t0712 345\n678",
  ])("%j is 254712345678", (input) => {
    expect(parsePhone(input)).toBe("254712345678");
  });

  it.each(["0112345678", "112345678", "+254112345678"])("%j is on a newer prefix", (input) => {
    expect(parsePhone(input)).toBe("254112345678");
  });

  it.each([
    "",
    "   ",
    "abc",
    "0712",
    "071234567",
    "07123456789",
    "0812345678",
    "0212345678",
    "254812345678",
    "255712345678",
    "+1 712 345 678",
    "+44 7123 456789",
    "254254712345678",
    "00712345678",
    "0254712345678",
    "0712345678 ext 2",
    "0712345678;0722345678",
    "07l2345678",
    "O712345678",
    "++254712345678",
    "254+712345678",
    "٠٧١٢٣٤٥٦٧٨",
    "０７１２３４５６７８",
    "0712345678'--",
    `0712345678${" ".repeat(40)}`,
  ])("%j is none", (input) => {
    expect(parsePhone(input)).toBeNull();
  });

  it("any subscriber is known by every common spelling", () => {
    fc.assert(
      fc.property(subscriber, (national) => {
        const canonical = `254${national}`;
        for (const prefix of ["", "0", "254", "+254", "00254", "2540", "+254 0"]) {
          expect(parsePhone(prefix + national)).toBe(canonical);
        }
      }),
    );
  });

  it("whatever is typed, the answer is a number that Daraja takes, or none", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[+0-9 ()-]{0,20}$/)), (input) => {
        const phone = parsePhone(input);
        if (phone === null) return;
        expect(phone).toMatch(/^254[17]\d{8}$/);
        expect(input.replace(/\D/g, "").endsWith(phone.slice(3))).toBe(true);
        expect(parsePhone(phone)).toBe(phone);
      }),
    );
  });
});

describe("a phone that is shown", () => {
  it("lists show four digits, the customer sees all of them", () => {
    const phone = parsePhone("0712345678");
    expect(phone).not.toBeNull();
    if (phone === null) return;
    expect(phoneTail(phone)).toBe("5678");
    expect(maskedPhone(phoneTail(phone))).toBe("254*****5678");
    expect(readablePhone(phone)).toBe("0712 345 678");
  });
});
