/** For how long numbers are kept, over the dashboard: counted first, named, proved, audited. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Phone } from "../../shared/phone.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import { readConfig } from "../config.ts";
import { sampleAttempt, sampleChange, sampleLine, samplePayment } from "../db/samples.ts";
import { createSeal } from "../db/seal.ts";

const PATH = "/dashboard/api/privacy/retention";

let house: TestHouse;
let headers: Record<string, string>;
beforeAll(async () => {
  house = await testHouse({ env: { LIPIA_MERCHANT_NAME: "Duka la Amani" } });
  headers = { Origin: house.origin, Authorization: "" };
  const { LIPIA_ADMIN_EMAIL: email, LIPIA_ADMIN_PASSWORD: password } = house.env;
  const entered = await house.call("POST", "/dashboard/api/sign-in", { email, password }, headers);
  headers.Cookie = (entered.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
});
afterAll(() => house[Symbol.asyncDispose]());

const read = async () => (await house.call("GET", PATH, undefined, headers)).body;
const count = (days: string) => house.call("GET", `${PATH}/count?days=${days}`, undefined, headers);
const change = (body: object) => house.call("POST", PATH, body, headers);

test("what the next run would take is counted before it is switched on", async () => {
  const { payments } = house.app.store;
  const { id: merchantId, environment } = house.app.merchant;
  const seal = createSeal(readConfig(house.env).secret);
  const old = samplePayment({ merchantId, environment });
  const phone = "254711222333" as Phone;
  await payments.open(old, sampleLine());
  const created = sampleAttempt(old, phone, seal, { state: "confirmed" });
  await payments.apply(sampleChange({ ...old, status: "confirmed" }, { created }), { phone });
  expect((await count("90")).body).toEqual({ payments: 1, more: "no" });
  for (const odd of ["91", "", "forever", "-90"]) expect((await count(odd)).status).toBe(422);
});

test("it is switched on by the shop's name only, guarded by the version, and told to the audit log", async () => {
  expect(await read()).toEqual({ version: 1, days: null, lastRunAt: null });
  const unnamed = await change({ version: 1, days: 365, shop: "Duka" });
  expect([unnamed.status, unnamed.body.error.param]).toEqual([422, "shop"]);
  const done = await change({ version: 1, days: 365, shop: " Duka la Amani " });
  expect([done.status, done.body]).toEqual([200, { version: 2, days: 365, lastRunAt: null }]);
  const { rows } = await house.app.store.audit.list({ limit: 1 });
  expect(rows).toMatchObject([
    { action: "retention_changed", details: { from: "always", to: 365 } },
  ]);
  const stale = await change({ version: 1, days: 90, shop: "Duka la Amani" });
  expect([stale.status, stale.body.error.code]).toEqual([409, "stale"]);
});

test("keeping numbers longer needs no name; sooner again does", async () => {
  const { version } = await read();
  expect((await change({ version, days: 730, shop: "" })).status).toBe(200);
  expect((await change({ version: version + 1, days: 90, shop: "" })).status).toBe(422);
  expect((await change({ version: version + 1, days: null, shop: "" })).status).toBe(200);
  expect(await read()).toMatchObject({ days: null });
});
