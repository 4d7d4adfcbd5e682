/** Alert mails from a payment in doubt to the mail server: once, in digests, through failures and restarts. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MailKind } from "../../shared/alert-words.ts";
import type { UserId } from "../core/payment.ts";
import { sampleLine, samplePayment } from "../db/samples.ts";
import { type FlowHouse, flowHouse, never } from "../flow-house.test-support.ts";
import type { Mail, Mailer, MailOutcome } from "../ports.ts";
import { sendAlerts } from "./send-alerts.ts";
import { watchAlerts } from "./watch-alerts.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ME = "usr_me" as UserId;
const TAKEN: MailOutcome = { kind: "taken", said: "250 ok" };
const DEAD: MailOutcome = { kind: "failed", fault: "unreachable", said: "" };

let house: FlowHouse;
let mails: Mail[];
let answer: (mail: Mail) => Promise<MailOutcome>;
let phones = 0;
beforeEach(async () => {
  house = await flowHouse();
  mails = [];
  answer = async () => TAKEN;
  const user = { id: ME, email: "me@shop.co.ke", passwordHash: "-", role: "owner" as const };
  await house.store.people.addUser({ ...user, createdAt: 1 });
  await want(["doubt", "review", "callbacks", "setup"]);
});
afterEach(() => house[Symbol.asyncDispose]());

const want = (kinds: readonly MailKind[]) =>
  house.store.alerts.choose(
    ME,
    { kinds, locale: "en" },
    { at: 1, actor: ME, action: "mail_alerts_changed", target: null, details: {} },
  );

/** What the jobs of one process do, once. */
async function pass(signal = new AbortController().signal): Promise<void> {
  const { store, clock, shared, merchant } = house;
  const mailer: Mailer = {
    send(mail) {
      mails.push(mail);
      return answer(mail);
    },
    check: async () => TAKEN,
  };
  const { environment } = merchant;
  await watchAlerts({ ...store, environment, clock, log: shared.log });
  const own = { mailer, environment, publicUrl: "https://pay.shop.co.ke" };
  await sendAlerts({ ...store, ...own, clock, ids: shared.ids, log: shared.log }, signal);
}

/** Passes again and again for so long. */
async function passFor(ms: number, step = MINUTE / 2): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    house.clock.pass(step);
    await pass();
  }
}

async function inDoubt(orderReference: string) {
  house.daraja.onPush = async () => ({ kind: "unknown", description: "hung up" });
  phones += 1;
  const { id } = await house.open({ orderReference });
  await house.prompt(id, `2547120${String(phones).padStart(5, "0")}`);
  return id;
}

test("a doubt is mailed once it is five minutes old, once, with the way to it", async () => {
  const id = await inDoubt("MUG-1");
  await passFor(5 * MINUTE);
  expect(mails).toEqual([]);
  await passFor(30 * MINUTE);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatchObject({
    to: "me@shop.co.ke",
    subject: "[Shop] In doubt for more than five minutes: MUG-1, KES 20",
  });
  expect(mails[0]?.text).toContain(`https://pay.shop.co.ke/dashboard/payments/${id}`);
  expect(house.logged.map(({ event }) => event)).toContain("alert_mail_taken");
  expect(JSON.stringify(house.logged)).not.toContain("me@shop.co.ke");
});

test("what comes within five minutes of a mail is one digest after them", async () => {
  await inDoubt("MUG-1");
  house.clock.pass(MINUTE);
  await inDoubt("MUG-2");
  house.clock.pass(MINUTE);
  await inDoubt("MUG-3");
  await passFor(4.5 * MINUTE);
  expect(mails.map(({ subject }) => subject)).toEqual([expect.stringContaining("MUG-1")]);
  await passFor(3.5 * MINUTE);
  expect(mails).toHaveLength(1);
  await passFor(2 * MINUTE);
  expect(mails.map(({ subject }) => subject).slice(1)).toEqual(["[Shop] 2 alerts"]);
  expect(mails[1]?.text).toMatch(/MUG-2[\s\S]*MUG-3/);
});

test("a silence is mailed once, and the next one again", async () => {
  const silent = async () => {
    house.daraja.onPush = async ({ attemptId }) => {
      const checkoutRequestId = `ws_CO_${attemptId}`;
      return { kind: "accepted", checkoutRequestId, merchantRequestId: "m", customerMessage: "" };
    };
    for (let n = 0; n < 2; n += 1) {
      phones += 1;
      const { id } = await house.open();
      await house.prompt(id, `2547120${String(phones).padStart(5, "0")}`);
    }
  };
  await want(["callbacks"]);
  await silent();
  await passFor(10 * MINUTE);
  expect(mails.map(({ subject }) => subject)).toEqual([
    "[Shop] M-PESA takes prompts and has called back for none in 15 minutes",
  ]);
  await passFor(20 * MINUTE);
  await silent();
  await passFor(10 * MINUTE);
  expect(mails).toHaveLength(1);
  const heard = (
    await house.store.payments.list({
      merchantId: house.merchant.id,
      environment: house.merchant.environment,
      limit: 1,
    })
  ).rows[0];
  const attemptId = heard?.attempts[0]?.id;
  if (attemptId === undefined) throw new Error("nobody was prompted");
  await house.keepCallback(attemptId);
  await passFor(30 * MINUTE);
  await silent();
  await passFor(10 * MINUTE);
  expect(mails).toHaveLength(2);
});

test("each merchant's matters are told under its name, and one's callbacks hide no other's silence", async () => {
  const kiosk = await house.addMerchant("Tea Kiosk");
  await want(["review", "callbacks"]);
  const accepted = async (shop = house.merchant) => {
    phones += 1;
    const { id } = await house.open({}, shop);
    await house.prompt(id, `2547120${String(phones).padStart(5, "0")}`);
    return id;
  };
  for (let n = 0; n < 3; n += 1) {
    await accepted(kiosk);
    const attemptId = (await house.read(await accepted())).attempts[0]?.id;
    if (attemptId === undefined) throw new Error("nobody was prompted");
    await house.keepCallback(attemptId);
  }
  const odd = samplePayment({
    merchantId: house.merchant.id,
    environment: house.merchant.environment,
    status: "review",
  });
  await passFor(5 * MINUTE);
  expect(mails.map(({ subject }) => subject)).toEqual([
    "[Tea Kiosk] M-PESA takes prompts and has called back for none in 15 minutes",
  ]);
  expect(mails[0]?.text).toContain(`/dashboard/settings/go-live?merchant=${kiosk.id}`);
  await house.store.payments.open(odd, sampleLine());
  await passFor(6 * MINUTE);
  expect(mails.map(({ subject }) => subject).slice(1)).toEqual([
    expect.stringContaining("[Shop] A payment to review: "),
  ]);
  expect(mails[1]?.text).toContain(`Shop: ${odd.orderReference}`);
});

test("a fault of the set-up is mailed once a day, with its name", async () => {
  await want(["setup"]);
  house.daraja.onPush = async () => ({
    kind: "rejected",
    code: "2006",
    description: "The shortcode is not active",
    cause: "merchant_setup",
  });
  for (const phone of ["254712000901", "254712000902"]) {
    const { id } = await house.open();
    await house.prompt(id, phone);
    await pass();
  }
  await passFor(20 * MINUTE);
  expect(mails).toHaveLength(1);
  expect(mails[0]?.subject).toContain("the shortcode is not active");
});

test("only what was chosen is mailed, and nothing is looked at for nobody", async () => {
  await want(["review"]);
  await inDoubt("MUG-1");
  await passFor(10 * MINUTE);
  expect(mails).toEqual([]);
  await want([]);
  const payments = { ...house.store.payments, list: () => Promise.reject(new Error("looked")) };
  const { environment } = house.merchant;
  const deps = { ...house.store, payments, environment, clock: house.clock, log: house.shared.log };
  expect(await watchAlerts(deps)).toBe(0);
});

test("a dead mail server is asked again under the same id, and everything is told when it is back", async () => {
  answer = async () => DEAD;
  await inDoubt("MUG-1");
  await passFor(8 * MINUTE);
  expect(mails.length).toBeGreaterThan(1);
  expect(new Set(mails.map(({ id }) => id)).size).toBe(1);
  expect((await house.store.alerts.trouble(ME)).waiting).toMatchObject({ fault: "unreachable" });
  await inDoubt("MUG-2");
  await passFor(3 * HOUR, 10 * MINUTE);
  const tries = mails.length;
  expect(tries).toBeLessThan(12);
  answer = async () => TAKEN;
  await passFor(2 * HOUR, 10 * MINUTE);
  expect(mails).toHaveLength(tries + 2);
  expect(mails.at(-1)?.subject).toContain("MUG-2");
  expect(await house.store.alerts.trouble(ME)).toEqual({ waiting: null, givenUp: null });
});

test("after a day it is given up, which stays to be seen, and later matters are mailed anew", async () => {
  answer = async () => DEAD;
  await inDoubt("MUG-1");
  await passFor(26 * HOUR, 30 * MINUTE);
  const tries = mails.length;
  expect((await house.store.alerts.trouble(ME)).givenUp).toMatchObject({ matters: 1 });
  await passFor(3 * HOUR, 30 * MINUTE);
  expect(mails).toHaveLength(tries);
  answer = async () => TAKEN;
  await inDoubt("MUG-2");
  await passFor(10 * MINUTE);
  expect(mails.at(-1)?.subject).toContain("MUG-2");
  expect((await house.store.alerts.trouble(ME)).givenUp).toBeNull();
});

test("a crash while a mail is under way repeats it under its id, and loses none", async () => {
  await inDoubt("MUG-1");
  house.clock.pass(6 * MINUTE);
  answer = () => never();
  void pass();
  await expect.poll(() => mails.length).toBe(1);
  answer = async () => TAKEN;
  await passFor(5 * MINUTE);
  expect(mails).toHaveLength(2);
  expect(mails[1]?.id).toBe(mails[0]?.id);
  await passFor(30 * MINUTE);
  expect(mails).toHaveLength(2);
});

test("a server that stops hangs up, which is no failure of the mail", async () => {
  const stop = new AbortController();
  await inDoubt("MUG-1");
  house.clock.pass(6 * MINUTE);
  answer = async () => {
    stop.abort();
    return DEAD;
  };
  await pass(stop.signal);
  expect((await house.store.alerts.trouble(ME)).waiting).toBeNull();
  answer = async () => TAKEN;
  await passFor(2 * MINUTE);
  expect(mails).toHaveLength(2);
});
