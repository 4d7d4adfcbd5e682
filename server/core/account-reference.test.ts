import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountReferenceChoices, namesOneOrder } from "./account-reference.ts";

const RANDOMNESS = "k3Jx9-_QpLwZ7rT1vNbYc5sDf8g";

describe("what the customer sees in the prompt (contract §4)", () => {
  it.each([
    ["ORDER1", "ORDER1"],
    ["order-1042", "ORDER1042"],
    ["inv/2026/0042", "INV20260042"],
    ["ABCDEFGHIJKL", "ABCDEFGHIJKL"],
  ])("%s fits: %s comes first", (orderReference, first) => {
    expect(accountReferenceChoices(orderReference, RANDOMNESS)[0]).toBe(first);
  });

  it("a longer reference is never cut plainly: its stem carries a code", () => {
    const choices = accountReferenceChoices("WEBSHOP-ORDER-100042", RANDOMNESS);
    for (const choice of choices) expect(choice).toMatch(/^WEBSHOP[A-Z2-9]{5}$/);
  });

  it("a reference without a plain letter gets a code of its own", () => {
    for (const choice of accountReferenceChoices("订单—№", RANDOMNESS)) {
      expect(choice).toMatch(/^[A-Z2-9]{5}$/);
    }
  });

  it("there are several different ones to try when one is taken", () => {
    const choices = accountReferenceChoices("ORDER1", RANDOMNESS);
    expect(new Set(choices).size).toBe(6);
  });

  it("ours name one order; one that a merchant gave may be used again", () => {
    for (const order of ["ORDER-1", "WEBSHOP-ORDER-100042", "订单—№"]) {
      for (const ours of accountReferenceChoices(order, RANDOMNESS)) {
        expect(namesOneOrder(ours, order), ours).toBe(true);
      }
    }
    for (const given of ["MEMBER42", "A12", "WEBSHOP", "WEBSHOPX"]) {
      expect(namesOneOrder(given, "WEBSHOP-ORDER-100042"), given).toBe(false);
    }
  });

  it("whatever the order is called, Daraja takes what comes of it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (orderReference, randomness) => {
        for (const choice of accountReferenceChoices(orderReference, randomness)) {
          expect(choice).toMatch(/^[A-Z0-9]{1,12}$/);
        }
      }),
    );
  });
});
