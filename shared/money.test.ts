import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cents,
  centsFromShillings,
  formatKes,
  parseMpesaAmount,
  shillingsFromCents,
} from "./money.ts";

describe("cents", () => {
  it("come from whole shillings and go back exactly", () => {
    fc.assert(
      fc.property(fc.integer({ min: -250_000, max: 250_000 }), (shillings) => {
        expect(shillingsFromCents(centsFromShillings(shillings))).toBe(shillings);
      }),
    );
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "%s is no sum of cents",
    (value) => {
      expect(() => cents(value)).toThrow(RangeError);
    },
  );

  it("a fraction of a shilling is refused before it is rounded by chance", () => {
    expect(() => centsFromShillings(10.001)).toThrow(RangeError);
  });
});

describe("an amount as M-Pesa writes it", () => {
  it.each([20, 20.0, "20", "20.0", "20.00"])("%j is twenty shillings", (value) => {
    expect(parseMpesaAmount(value)).toBe(2_000);
  });

  it.each([
    [0, 0],
    [0.1, 10],
    [0.1 + 0.2, 30],
    [1.005e3, 100_500],
    [19.99, 1_999],
    ["168.00", 16_800],
    ["0.05", 5],
    ["0020", 2_000],
    ["250000", 25_000_000],
    [999_999_999_999, 99_999_999_999_900],
  ])("%j is %i cents", (value, expected) => {
    expect(parseMpesaAmount(value)).toBe(expected);
  });

  it.each([
    "20abc",
    "abc",
    "",
    " 20",
    "20 ",
    "20.",
    ".5",
    "20.001",
    "1,250",
    "1e3",
    "0x10",
    "+20",
    "-20",
    "٢٠",
    "1234567890123",
    -1,
    -0.01,
    20.005,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e12,
    2 ** 53,
    null,
    undefined,
    true,
    [20],
    ["20"],
    {},
  ])("%j is no amount", (value) => {
    expect(parseMpesaAmount(value)).toBeNull();
  });

  it("number and text are read alike, to the cent", () => {
    fc.assert(
      fc.property(fc.nat({ max: 25_000_000 }), (sum) => {
        expect(parseMpesaAmount(sum / 100)).toBe(sum);
        expect(parseMpesaAmount((sum / 100).toFixed(2))).toBe(sum);
      }),
    );
  });

  it("whatever comes, it is whole cents or nothing", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const sum = parseMpesaAmount(value);
        expect(sum === null || (Number.isSafeInteger(sum) && sum >= 0)).toBe(true);
      }),
    );
  });
});

describe("an amount for people", () => {
  it.each([
    [0, "KES 0"],
    [100, "KES 1"],
    [99_900, "KES 999"],
    [125_000, "KES 1,250"],
    [125_050, "KES 1,250.50"],
    [125_005, "KES 1,250.05"],
    [25_000_000, "KES 250,000"],
    [123_456_789_00, "KES 123,456,789"],
    [-125_050, "KES -1,250.50"],
  ])("%i cents: %s", (sum, text) => {
    expect(formatKes(cents(sum))).toBe(text);
  });
});
