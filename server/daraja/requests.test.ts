import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainDescription } from "./requests.ts";

describe("plainDescription", () => {
  it.each([
    ["Two blue shirts", "Two blue shir"],
    ["Order #1234, gift", "Order 1234 gi"],
    ["Café  Maua\n2", "Cafe Maua 2"],
    ["twelve chars and", "twelve chars"],
    ["", "Payment"],
    ["— ☕ —", "Payment"],
    ["ማዕድን", "Payment"],
    [null, "Payment"],
  ])("makes %j into %j", (description, plain) => {
    expect(plainDescription(description)).toBe(plain);
  });

  it("always gives 1 to 13 plain letters, digits and inner spaces", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(plainDescription(text)).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9 ]{0,11}[A-Za-z0-9])?$/);
      }),
    );
  });
});
