/** What the configuration says of the default merchant. */
import { expect, test } from "vitest";
import type { Mpesa } from "./config-mpesa.ts";
import { defaultTill, pullProves } from "./merchant.ts";

const PAY_BILL: Mpesa = {
  kind: "daraja",
  environment: "sandbox",
  baseUrl: "https://sandbox.safaricom.co.ke",
  consumerKey: "key",
  consumerSecret: "secret",
  shortcode: "600000",
  passkey: "passkey",
  transactionType: "CustomerPayBillOnline",
  partyB: "600000",
};
const TILL: Mpesa = { ...PAY_BILL, transactionType: "CustomerBuyGoodsOnline", partyB: "555111" };
const DEFAULT = { origin: "default", till: null } as const;

test("the default merchant is a till where the environment sells goods", () => {
  expect(defaultTill(TILL)).toBe("555111");
  expect(defaultTill(PAY_BILL)).toBeNull();
});

test("Pull proves absence for a pay bill, and for a till presence only", () => {
  expect(pullProves(PAY_BILL, DEFAULT)).toBe("presence_and_absence");
  expect(pullProves({ kind: "simulator", speed: 1 }, DEFAULT)).toBe("presence_and_absence");
  expect(pullProves(TILL, DEFAULT)).toBe("presence");
  expect(pullProves(TILL, { origin: "further", till: null })).toBe("presence_and_absence");
  expect(pullProves(PAY_BILL, { origin: "further", till: "555222" })).toBe("presence");
});
