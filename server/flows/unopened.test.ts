/** One sealed text that does not open any more: what is done row by row goes on with the others. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Phone } from "../../shared/phone.ts";
import type { AttemptId, UserId } from "../core/payment.ts";
import { sampleAttempt, sampleChange, sampleLine, samplePayment } from "../db/samples.ts";
import { type FlowHouse, flowHouse } from "../flow-house.test-support.ts";
import type { Mail } from "../ports.ts";
import { sendAlerts } from "./send-alerts.ts";
import { sweepInbox } from "./sweep.ts";
import { watchAlerts } from "./watch-alerts.ts";

let house: FlowHouse;
beforeEach(async () => {
  house = await flowHouse();
});
afterEach(() => house[Symbol.asyncDispose]());

const told = () => house.logged.filter(({ event }) => event === "sealed_text_unopened");
const cancelled = (attemptId: AttemptId) =>
  JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: "m-1",
        CheckoutRequestID: `ws_CO_${attemptId}`,
        ResultCode: 1032,
        ResultDesc: "Request cancelled by user",
      },
    },
  });

/** A prompt whose callback was kept and not applied. */
async function waiting(phone: string) {
  const { id } = await house.open();
  await house.prompt(id, phone);
  const attempt = (await house.read(id)).attempts[0]?.id as AttemptId;
  return { id, attempt, row: await house.keepCallback(attempt, cancelled(attempt)) };
}

/** A payment in doubt that has a name of Daraja's. */
async function inDoubt(orderReference: string) {
  const { store, merchant, shared, clock } = house;
  const at = clock.now();
  const whose = { merchantId: merchant.id, environment: merchant.environment };
  const opened = samplePayment({ ...whose, orderReference, createdAt: at, updatedAt: at });
  await store.payments.open(opened, sampleLine());
  const phone = `2547${String(at + orderReference.length).slice(-8)}` as Phone;
  const created = sampleAttempt(opened, phone, shared.seal, {
    state: "in_doubt",
    checkoutRequestId: `ws_CO_${orderReference}`,
    inDoubtAt: at,
  });
  const payment = { ...opened, status: "in_doubt" as const };
  await store.payments.apply(sampleChange(payment, { created }), { phone });
  return { id: opened.id, attempt: created.id };
}

test("kept callbacks behind it are applied, and the log names it once", async () => {
  const [first, second, third] = [
    await waiting("254711000001"),
    await waiting("254711000002"),
    await waiting("254711000003"),
  ];
  await house.spoil("callback", first.row);
  await house.spoil("callback", second.row);
  expect(await house.store.inbox.unapplied(1), "a page of them hides nothing").toMatchObject([
    { id: third.row },
  ]);
  await sweepInbox(house.deps);
  await sweepInbox(house.deps);
  expect((await house.read(third.id)).payment.status).toBe("cancelled");
  expect((await house.read(first.id)).payment.status).toBe("pending");
  expect(told().map(({ fields }) => [fields.kind, fields.rowId, fields.attemptId])).toEqual([
    ["callback", first.row, first.attempt],
    ["callback", second.row, second.attempt],
  ]);
});

test("callbacks of nobody's are listed around it, page by page", async () => {
  const rows: string[] = [];
  for (const letter of ["a", "b", "c", "d"]) {
    rows.push(await house.keepCallback(`att_${letter.repeat(32)}` as AttemptId, letter));
  }
  for (const row of rows.slice(1, 3)) await house.spoil("callback", row);
  const { inbox } = house.store;
  expect((await inbox.orphans(null, 9)).map(({ body }) => body)).toEqual(["a", "d"]);
  expect(await inbox.orphans(rows[0] ?? "", 1)).toMatchObject([{ id: rows[3], body: "d" }]);
  expect(await inbox.orphans(rows[3] ?? "", 1)).toEqual([]);
});

test("its payment stands in lists, and is decided about by nobody", async () => {
  const [one, two] = [await inDoubt("MUG-1"), await inDoubt("MUG-22")];
  await house.spoil("request", one.attempt);
  const { payments } = house.store;
  const { id: merchantId, environment } = house.merchant;
  const { rows } = await payments.list({ merchantId, environment, limit: 9 });
  expect(rows.map(({ payment, attempts }) => [payment.id, attempts[0]?.checkoutRequestId])).toEqual(
    [
      [two.id, "ws_CO_MUG-22"],
      [one.id, null],
    ],
  );
  const shortcode = rows[0]?.payment.shortcode ?? "";
  const doubts = await payments.inDoubt({ id: merchantId, environment, shortcode }, 9);
  expect(doubts.map(({ payment }) => payment.id)).toEqual([two.id]);
  expect(told().map(({ fields }) => fields)).toEqual([
    { kind: "attempt", attemptId: one.attempt, paymentId: one.id, error: expect.any(String) },
    { kind: "payment", paymentId: one.id, error: expect.any(String) },
  ]);
  await expect(payments.load(one.id)).rejects.toThrow();
});

test("people are mailed about the others, and about it without its order", async () => {
  const me = "usr_me" as UserId;
  const { store, clock, shared, merchant } = house;
  const user = { id: me, email: "me@shop.co.ke", passwordHash: "-", role: "owner" as const };
  await store.people.addUser({ ...user, createdAt: 1 });
  const chosen = { at: 1, actor: me, action: "mail_alerts_changed", target: null } as const;
  const choice = { kinds: ["doubt"], locale: "en" } as const;
  await store.alerts.choose(me, choice, { ...chosen, details: {} });
  const { attempt } = await inDoubt("MUG-1");
  await inDoubt("MUG-22");
  await house.spoil("request", attempt);
  clock.pass(10 * 60_000);
  const mails: Mail[] = [];
  const send = async (mail: Mail) => {
    mails.push(mail);
    return { kind: "taken", said: "250 ok" } as const;
  };
  const deps = { ...store, environment: merchant.environment, clock, log: shared.log };
  expect(await watchAlerts(deps)).toBe(2);
  const mailer = { send, check: () => send({} as Mail) };
  const sending = { ...deps, mailer, publicUrl: "https://pay.shop.co.ke", ids: shared.ids };
  await sendAlerts(sending, new AbortController().signal);
  expect(mails.map(({ subject }) => subject)).toEqual(["[Shop] 2 alerts"]);
  expect(mails[0]?.text).toContain("MUG-22");
  expect(mails[0]?.text).not.toContain("MUG-1,");
  expect(house.logged.map(({ event }) => event)).toContain("alert_without_payment");
});
