/** The nightly run: when it begins, what it tells, and what stops or slips away. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Phone } from "../../shared/phone.ts";
import type { RetentionDays } from "../../shared/retention-words.ts";
import type { AttemptId } from "../core/payment.ts";
import { sampleAttempt, sampleChange, sampleLine, samplePayment } from "../db/samples.ts";
import { type FlowHouse, flowHouse } from "../flow-house.test-support.ts";
import { type AgeOutDeps, ageOutNightly, countDue, lastRun, waitForNight } from "./age-out.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PHONE = "254711000001" as Phone;
const GOES_ON = new AbortController().signal;

let house: FlowHouse;
beforeEach(async () => {
  // 12:00 in Nairobi.
  house = await flowHouse();
});
afterEach(() => house[Symbol.asyncDispose]());

function deps(over: Partial<AgeOutDeps> = {}): AgeOutDeps {
  const { store, merchant, shared } = house;
  // The pauses of a run are nothing to wait for here.
  const clock = { ...house.clock, sleep: async () => undefined };
  return { ...store, environment: merchant.environment, clock, log: shared.log, ...over };
}

const scopeOf = ({ id, environment } = house.merchant) => ({ merchantId: id, environment });

async function set(days: RetentionDays | null, merchant = house.merchant): Promise<void> {
  const { ageing } = house.store;
  const { id } = merchant;
  const at = house.clock.now();
  const entry = { at, actor: "command", action: "retention_changed", target: id } as const;
  const { version } = await ageing.retentionOf(id);
  expect(await ageing.setRetention(id, days, version, { ...entry, details: {} })).toBe(true);
  await waitForNight(deps(), scopeOf(merchant), at);
}

/** A paid payment that last changed so many days ago. */
async function paid(daysAgo: number, merchant = house.merchant): Promise<AttemptId> {
  const { store, clock, shared } = house;
  const at = clock.now() - daysAgo * DAY;
  const { id: merchantId, environment } = merchant;
  const opened = samplePayment({ merchantId, environment, createdAt: at, updatedAt: at });
  await store.payments.open(opened, sampleLine());
  const created = sampleAttempt(opened, PHONE, shared.seal, { state: "confirmed" });
  const payment = { ...opened, status: "confirmed" as const };
  await store.payments.apply(sampleChange(payment, { created }), { phone: PHONE });
  return created.id;
}
const kept = async (attempt: AttemptId) =>
  (await house.store.payments.phoneOf(attempt)) === null ? "gone" : "kept";

test("a payment of which something does not open keeps no other waiting, and the log says so", async () => {
  const attempts = [await paid(402), await paid(401), await paid(400)];
  const [first, second, third] = attempts as [AttemptId, AttemptId, AttemptId];
  await house.spoil("phone", first);
  await house.keepCallback(second);
  const call = await house.keepCallback(third, "any text");
  for (const { id } of await house.store.inbox.unapplied(9))
    await house.store.inbox.markApplied(id, 1);
  await house.spoil("callback", call);
  await set(365);
  house.clock.pass(DAY);
  await ageOutNightly(deps(), GOES_ON);
  expect(await kept(second)).toBe("gone");
  expect(await kept(third)).toBe("kept");
  expect(house.logged).toContainEqual({
    event: "numbers_not_aged_out",
    fields: { merchantId: house.merchant.id, count: 2 },
  });
  const paymentId = await house.store.payments.paymentOfAttempt(third);
  expect(house.logged).toContainEqual({
    event: "sealed_text_unopened",
    fields: { kind: "payment", paymentId, error: expect.any(String) },
  });
  expect(await lastRun(deps(), scopeOf()), "the night is done").not.toBeNull();
});

test("a callback of nobody's that does not open keeps no other waiting", async () => {
  const text = `{"PhoneNumber":${PHONE}}`;
  const spoilt = await house.keepCallback(`att_${"a".repeat(32)}` as AttemptId, text);
  await house.keepCallback(`att_${"b".repeat(32)}` as AttemptId, text);
  await house.spoil("callback", spoilt);
  await set(90);
  house.clock.pass(100 * DAY);
  await ageOutNightly(deps(), GOES_ON);
  const left = await house.store.inbox.orphans(null, 9);
  expect(left.map(({ body }) => body)).toEqual([text.replace(PHONE.slice(3), "000000000")]);
  expect(house.logged).toContainEqual({
    event: "sealed_text_unopened",
    fields: { kind: "callback", rowId: spoilt, error: expect.any(String) },
  });
});

test("numbers older than was set go in the next night, once, and the audit log counts them", async () => {
  const [old, young] = [await paid(400), await paid(300)];
  await set(365);
  expect(await countDue(deps(), scopeOf(), 365)).toEqual({ payments: 1, more: "no" });
  for (let hour = 12; hour < 24; hour += 1) {
    await ageOutNightly(deps(), GOES_ON);
    house.clock.pass(HOUR);
  }
  expect(await kept(old)).toBe("kept");
  await ageOutNightly(deps(), GOES_ON);
  expect(await kept(old)).toBe("kept");
  house.clock.pass(HOUR);
  await ageOutNightly(deps(), GOES_ON);
  expect([await kept(old), await kept(young)]).toEqual(["gone", "kept"]);
  const [row] = (await house.store.audit.list({ limit: 1 })).rows;
  expect(row).toMatchObject({
    actor: "system",
    action: "numbers_aged_out",
    details: { days: 365, payments: 1, attempts: 1, callbacks: 0 },
  });
  expect(await lastRun(deps(), scopeOf())).toBe(house.clock.now());
  const late = await paid(500);
  await ageOutNightly(deps(), GOES_ON);
  expect(await kept(late)).toBe("kept");
  house.clock.pass(DAY);
  await ageOutNightly(deps(), GOES_ON);
  expect(await kept(late)).toBe("gone");
});

test("for ever is for ever, and a server that slept through the night runs when it wakes", async () => {
  const old = await paid(4_000);
  house.clock.pass(3 * DAY);
  await ageOutNightly(deps(), GOES_ON);
  expect(await kept(old)).toBe("kept");
  await set(2_557);
  house.clock.pass(DAY);
  await ageOutNightly(deps(), GOES_ON);
  expect(await kept(old)).toBe("gone");
});

test("a run that is stopped begins again, and one whose payment slips away goes on", async () => {
  const attempts = await Promise.all([paid(400), paid(401), paid(402)]);
  await set(90);
  house.clock.pass(DAY);
  const stop = new AbortController();
  const { ageing } = house.store;
  let first = true;
  const slow: AgeOutDeps["ageing"] = {
    ...ageing,
    due: (scope, which, before, from) => ageing.due(scope, which, before, from, 1),
    ageOut: async (id, at) => {
      if (!first) return ageing.ageOut(id, at);
      first = false;
      stop.abort();
      return { kind: "left" };
    },
  };
  await ageOutNightly(deps({ ageing: slow }), stop.signal);
  expect(await lastRun(deps(), scopeOf())).toBeNull();
  await ageOutNightly(deps({ ageing: slow }), GOES_ON);
  expect(await Promise.all(attempts.map(kept))).toEqual(["gone", "gone", "gone"]);
  expect(await lastRun(deps(), scopeOf())).not.toBeNull();
});

test("each merchant keeps numbers for its own time, and one at fault holds up no other", async () => {
  const kiosk = await house.addMerchant("Tea Kiosk");
  const [mine, theirs] = [await paid(400), await paid(400, kiosk)];
  await set(365, kiosk);
  house.clock.pass(DAY);
  await ageOutNightly(deps(), GOES_ON);
  expect([await kept(mine), await kept(theirs)]).toEqual(["kept", "gone"]);
  const [row] = (await house.store.audit.list({ limit: 1 })).rows;
  expect(row).toMatchObject({ target: kiosk.id, details: { merchant: "Tea Kiosk", days: 365 } });
  expect(await lastRun(deps(), scopeOf())).toBeNull();

  await set(90);
  const { ageing } = house.store;
  const late = await paid(500, kiosk);
  house.clock.pass(DAY);
  const broken: AgeOutDeps["ageing"] = {
    ...ageing,
    due: (scope, ...rest) =>
      scope.merchantId === house.merchant.id
        ? Promise.reject(new Error("a damaged row"))
        : ageing.due(scope, ...rest),
  };
  await expect(ageOutNightly(deps({ ageing: broken }), GOES_ON)).rejects.toThrow("damaged");
  expect([await kept(mine), await kept(late)]).toEqual(["kept", "gone"]);
  await ageOutNightly(deps(), GOES_ON);
  expect(await kept(mine)).toBe("gone");
});

test("callbacks of unknown payments lose their numbers after the longest of all times", async () => {
  const { inbox, audit } = house.store;
  const kiosk = await house.addMerchant("Tea Kiosk");
  const items = [
    { Name: "Amount", Value: 20 },
    { Name: "MpesaReceiptNumber", Value: "TKN7A1B2C3" },
    { Name: "TransactionDate", Value: 20251123120130 },
    { Name: "PhoneNumber", Value: Number(PHONE) },
  ];
  const CheckoutRequestID = `ws_CO_23112025120001234${PHONE.slice(3)}`;
  const stkCallback = { CheckoutRequestID, ResultCode: 0, CallbackMetadata: { Item: items } };
  const text = JSON.stringify({ Body: { stkCallback } });
  const bodies = async () => (await inbox.orphans(null, 10)).map(({ body }) => body);
  await house.keepCallback(`att_${"a".repeat(32)}` as AttemptId, text);
  house.clock.pass(100 * DAY);
  await house.keepCallback(`att_${"b".repeat(32)}` as AttemptId, text);

  await set(90);
  house.clock.pass(DAY);
  await ageOutNightly(deps(), GOES_ON);
  expect(await bodies(), "one merchant keeps numbers for ever").toEqual([text, text]);
  await set(365, kiosk);
  house.clock.pass(DAY);
  await ageOutNightly(deps(), GOES_ON);
  expect(await bodies(), "one merchant keeps them for a year").toEqual([text, text]);
  await set(90, kiosk);
  await ageOutNightly(deps(), GOES_ON);
  expect(await bodies(), "there is time to think again").toEqual([text, text]);
  house.clock.pass(DAY);
  await ageOutNightly(deps(), GOES_ON);
  const blank = text.replaceAll(PHONE.slice(3), "000000000");
  expect(await bodies()).toEqual([blank, text]);
  const [row] = (await audit.list({ limit: 1 })).rows;
  expect(row).toMatchObject({
    actor: "system",
    action: "numbers_aged_out",
    details: { days: 90, callbacks: 1 },
  });
  house.clock.pass(100 * DAY);
  await ageOutNightly(deps(), GOES_ON);
  expect(await bodies()).toEqual([blank, blank]);
});
