import { describe, expect, it } from "vitest";
import { holdsNumber, masked, maskedMessage } from "./redaction.ts";

describe("what must not be shown", () => {
  it.each([
    ["phone 254712345678 said", "phone [number] said"],
    ["0712 345 678", "[number]"],
    ["+254 (712) 345-678.", "+[number]."],
    ["ws_CO_24112026120001234712345678", "ws_CO_[number]"],
    ["Bearer abcdefghijklmnopqrstuvwxyz12", "Bearer [secret]"],
    ["short 12345678 stays, and UKO7A1B2C3 too", "short 12345678 stays, and UKO7A1B2C3 too"],
  ])("%s", (text, shown) => {
    expect(masked(text)).toBe(shown);
    expect(maskedMessage(text)).toBe(shown);
    expect(holdsNumber(text)).toBe(shown.includes("[number]"));
  });

  it("keeps the moment that M-Pesa names, and no other run of digits", () => {
    const body = '{"TransactionDate":20261124120013,"PhoneNumber":254712345678}';
    expect(maskedMessage(body)).toBe('{"TransactionDate":20261124120013,"PhoneNumber":[number]}');
    expect(masked("20261124120013")).toBe("[number]");
    expect(maskedMessage("20254712345678")).toBe("[number]");
  });

  it.each(["7071-4170-a0e5-8345632bad442144258", "29115-34620561-1"])(
    "keeps the name of a request, which the help desk asks for: %s",
    (name) => {
      const body = `{"MerchantRequestID": "${name}","CheckoutRequestID":"ws_CO_24112026120001234712345678"}`;
      expect(maskedMessage(body)).toBe(
        `{"MerchantRequestID": "${name}","CheckoutRequestID":"ws_CO_[number]"}`,
      );
    },
  );

  it("masks a phone number that stands where such a name should", () => {
    expect(maskedMessage('{"MerchantRequestID":"254712345678"}')).not.toContain("712345678");
  });
});
