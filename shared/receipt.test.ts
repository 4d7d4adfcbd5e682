import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseReceipt,
  type Receipt,
  receiptDate,
  receiptDateLetters,
  receiptDayFits,
  receiptIn,
} from "./receipt.ts";

function read(text: string): Receipt {
  const receipt = parseReceipt(text);
  if (receipt === null) throw new TypeError(`${text} is no receipt`);
  return receipt;
}

describe("a receipt code", () => {
  it.each(["UKO7A1B2C3", "uko7a1b2c3", "  UKO7A1B2C3\n", "\u00a0uKo7A1b2C3"])(
    "%j is read",
    (input) => {
      expect(parseReceipt(input)).toBe("UKO7A1B2C3");
    },
  );

  it.each([
    "",
    "UKO7A1B2C",
    "UKO7A1B2C33",
    "UKO7 A1B2C",
    "UKO7A1B-C3",
    "UKO7A1B2CÉ",
    "UKO7A1B2ß",
    "UKO7A1B2Cı",
    null,
    undefined,
    1234567890,
    ["UKO7A1B2C3"],
    {},
  ])("%j is none", (input) => {
    expect(parseReceipt(input)).toBeNull();
  });
});

describe("the date in a receipt (daraja.md §8)", () => {
  it.each([
    ["RKL7A1B2C3", { year: 2023, month: 11, day: 21 }],
    ["SA17A1B2C3", { year: 2024, month: 1, day: 1 }],
    ["TL97A1B2C3", { year: 2025, month: 12, day: 9 }],
    ["UKA7A1B2C3", { year: 2026, month: 11, day: 10 }],
    ["AAV7A1B2C3", { year: 2006, month: 1, day: 31 }],
    ["ZLV7A1B2C3", { year: 2031, month: 12, day: 31 }],
  ])("%s was paid on %j", (code, date) => {
    expect(receiptDate(read(code))).toEqual(date);
  });

  it.each([
    ["a digit for the year", "1KO7A1B2C3"],
    ["a digit for the month", "U1O7A1B2C3"],
    ["a month after L", "UMO7A1B2C3"],
    ["day 0", "UK07A1B2C3"],
    ["a day after V", "UKW7A1B2C3"],
  ])("%s names no day", (_name, code) => {
    expect(receiptDate(read(code))).toBeNull();
  });

  it("letters and dates are each other's inverse", () => {
    const date = fc.record({
      year: fc.integer({ min: 2006, max: 2031 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 31 }),
    });
    fc.assert(
      fc.property(date, ({ year, month, day }) => {
        const code = read(`${receiptDateLetters(year, month, day)}7A1B2C3`);
        expect(receiptDate(code)).toEqual({ year, month, day });
      }),
    );
  });
});

describe("the code in what a customer types or pastes", () => {
  const SMS =
    "TKN1A2B3C4 Confirmed. Ksh1,250.00 sent to AMANI CRAFTS for account ORDER1 on 23/11/25 at 12:01 PM " +
    "New M-PESA balance is Ksh3,310.21. Transaction cost, Ksh0.00. Questions? 0722000000";
  it.each([
    ["TKN1A2B3C4", "TKN1A2B3C4"],
    [" tkn1 a2b3 c4\n", "TKN1A2B3C4"],
    [SMS, "TKN1A2B3C4"],
    [`0712345678 ${SMS}`, "TKN1A2B3C4"],
    [`(${SMS})`, "TKN1A2B3C4"],
    ["call 0712345678 please", null],
    ["TKN1A2B3C45 Confirmed", null],
    ["", null],
  ])("%s → %s", (text, code) => {
    expect(receiptIn(text)).toBe(code);
  });

  it.each([
    ["UKN", false],
    ["UKO", true],
    ["UKP", true],
    ["UKQ", false],
    ["UK0", false],
  ])("%s… is of a day from the prompt to now: %s", (letters, fits) => {
    // 24 November 2026, 23:59 in Nairobi, and two minutes later.
    const from = Date.UTC(2026, 10, 24, 20, 59);
    expect(receiptDayFits(read(`${letters}7A1B2C3`), from, from + 120_000)).toBe(fits);
  });
});
