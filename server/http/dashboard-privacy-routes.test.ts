/** Erasing over the dashboard: what is refused and in which words, and what the owner reads after it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Phone } from "../../shared/phone.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import { readConfig } from "../config.ts";
import type { UserId } from "../core/payment.ts";
import { sampleAttempt, sampleChange, sampleLine, samplePayment } from "../db/samples.ts";
import { createSeal } from "../db/seal.ts";
import { sha256Hex } from "../tokens.ts";

const PATH = "/dashboard/api/privacy/erase";

let house: TestHouse;
let headers: Record<string, string>;
beforeAll(async () => {
  house = await testHouse();
  const { LIPIA_ADMIN_EMAIL: email, LIPIA_ADMIN_PASSWORD: password } = house.env;
  headers = { Origin: house.origin, Authorization: "" };
  const body = { email, password };
  const entered = await house.call("POST", "/dashboard/api/sign-in", body, headers);
  headers.Cookie = (entered.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
});
afterAll(() => house[Symbol.asyncDispose]());

const erase = (phoneNumber: unknown, lastDigits: unknown) =>
  house.call("POST", PATH, { phoneNumber, lastDigits }, headers);

/** A payment of the house's own with one attempt on a phone. */
async function attempted(phone: Phone, state: "failed" | "review") {
  const { payments } = house.app.store;
  const { id: merchantId, environment } = house.app.merchant;
  const payment = samplePayment({ merchantId, environment, status: state });
  await payments.open(payment, sampleLine());
  const created = sampleAttempt(payment, phone, createSeal(readConfig(house.env).secret), {
    state,
  });
  await payments.apply(sampleChange(payment, { created }), { phone });
  return payment.id;
}

test("the number goes, the answer counts where it stood, and the payment is shown without it", async () => {
  const id = await attempted("254711222333" as Phone, "failed");
  const done = await erase("0711 222 333", "2333");
  expect([done.status, done.body]).toEqual([
    200,
    { attempts: 1, payments: 0, callbacks: 0, notes: 0, references: 0, unopened: 0 },
  ]);
  const shown = await house.call("GET", `/dashboard/api/payments/${id}`, undefined, headers);
  expect(shown.status).toBe(200);
  expect(JSON.stringify(shown.body)).not.toContain("2333");
  expect(house.logged.join()).not.toContain("711222333");
  const audit = await house.app.store.audit.list({ limit: 1 });
  expect(audit.rows).toMatchObject([{ action: "number_erased", details: { ending: "33" } }]);
  expect(JSON.stringify(audit.rows)).not.toContain("2333");
});

test.each([
  ["no number", "12345", "2345", "phoneNumber"],
  ["a number that is none", "0712 345 67a", "5678", "phoneNumber"],
  ["other digits", "0711222444", "2445", "lastDigits"],
  ["no digits", "0711222444", "", "lastDigits"],
  ["another kind", 711222444, "2444", "phoneNumber"],
])("%s is refused by the field at fault", async (_what, phone, digits, param) => {
  const { status, body } = await erase(phone, digits);
  expect([status, body.error.param]).toEqual([422, param]);
});

test("a payment that is not settled keeps the number, and says so", async () => {
  await attempted("254711222555" as Phone, "review");
  const { status, body } = await erase("0711222555", "2555");
  expect([status, body.error.code]).toEqual([409, "number_in_use"]);
  expect(body.error.message).toMatch(/not settled yet/);
});

test("a session that proved nothing lately is asked first", async () => {
  const { people, audit } = house.app.store;
  const userId = (await people.everybody())[0]?.id as UserId;
  const secret = "s".repeat(43);
  const [createdAt, idHash] = [Date.now(), sha256Hex(secret)];
  await people.openSession({ idHash, userId, createdAt, expiresAt: createdAt + 60_000 });
  const before = await audit.head();
  const body = { phoneNumber: "0711222333", lastDigits: "2333" };
  const Cookie = `lipia=${secret}`;
  const asked = await house.call("POST", PATH, body, { ...headers, Cookie });
  expect([asked.status, asked.body.error.code]).toEqual([403, "step_up_needed"]);
  expect(await audit.head()).toEqual(before);
});
