/** Alerts by e-mail over the dashboard: choosing, testing, and mails that arrive beside payments. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually, fastClock, type TestHouse, testHouse } from "../app.test-support.ts";
import type { Env } from "../config.ts";
import { sampleLine, samplePayment } from "../db/samples.ts";
import type { Clock } from "../ports.ts";
import { type SmtpSink, smtpSink } from "../smtp-sink.ts";

const PATH = "/dashboard/api/alerts/mail";

let sink: SmtpSink;
let house: TestHouse;
let headers: Record<string, string>;
beforeEach(async () => {
  sink = await smtpSink();
});
afterEach(async () => {
  await house[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
});

async function open(env: Env = {}, clock?: Clock): Promise<void> {
  house = await testHouse({ env, clock });
  headers = { Origin: house.origin, Authorization: "" };
  const { LIPIA_ADMIN_EMAIL: email, LIPIA_ADMIN_PASSWORD: password } = house.env;
  const entered = await house.call("POST", "/dashboard/api/sign-in", { email, password }, headers);
  headers.Cookie = (entered.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
}
const withMail = (): Env => ({
  SMTP_URL: `smtp://canary-user:canary-pass@127.0.0.1:${sink.port}`,
  ALERT_FROM: "alerts@shop.co.ke",
});
const read = () => house.call("GET", PATH, undefined, headers);
const choose = (body: unknown) => house.call("POST", PATH, body, headers);
const tryOut = () => house.call("POST", `${PATH}/test`, { locale: "sw" }, headers);

test("without a mail server the page is told so, choices are kept, and a test is refused", async () => {
  await open();
  expect((await read()).body).toEqual({
    server: "missing",
    address: "owner@shop.co.ke",
    kinds: [],
    locale: null,
    waiting: null,
    givenUp: null,
  });
  const chosen = await choose({ kinds: ["review", "doubt"], locale: "sw" });
  expect(chosen.body).toMatchObject({ kinds: ["doubt", "review"], locale: "sw" });
  const refused = await tryOut();
  expect([refused.status, refused.body.error.code]).toEqual([409, "no_mail_server"]);
  const { rows } = await house.app.store.audit.list({ limit: 1 });
  expect(rows).toMatchObject([
    { action: "mail_alerts_changed", details: { kinds: "doubt review" } },
  ]);
});

test.each([
  ["an unknown kind", { kinds: ["everything"], locale: "en" }],
  ["an unknown language", { kinds: [], locale: "fr" }],
  ["more than is asked for", { kinds: [], locale: "en", address: "other@shop.co.ke" }],
])("%s is refused", async (_what, body) => {
  await open();
  expect((await choose(body)).status).toBe(422);
});

test("a test goes to one's own address in the language asked for, and not at every click", async () => {
  await open(withMail());
  const done = await tryOut();
  expect(done.body).toEqual({ kind: "taken", said: "250 2.0.0 taken as A1B2" });
  expect(sink.mails).toMatchObject([{ to: "owner@shop.co.ke", from: "alerts@shop.co.ke" }]);
  expect(sink.mails[0]?.subject).toContain("Jaribio la tahadhari zako");
  const again = await tryOut();
  expect([again.status, again.body.error.code]).toEqual([429, "too_many_tries"]);
  expect(Number(again.headers.get("Retry-After"))).toBeLessThanOrEqual(20);
  expect(sink.mails).toHaveLength(1);
});

test("a test that is refused tells what the mail server said, and no secret", async () => {
  await open(withMail());
  sink.mood = { kind: "answers", to: "AUTH", with: "535 5.7.8 canary-pass is wrong" };
  expect((await tryOut()).body).toEqual({
    kind: "failed",
    fault: "login",
    said: "535 5.7.8 […] is wrong",
  });
  expect(house.logged.join()).not.toContain("canary");
});

test("a payment to review is mailed by itself, to whoever chose so", async () => {
  await open(withMail(), fastClock(20));
  await choose({ kinds: ["review"], locale: "en" });
  const { id: merchantId, environment } = house.app.merchant;
  const odd = samplePayment({ merchantId, environment, status: "review" });
  await house.app.store.payments.open(odd, sampleLine());
  const [mail] = await eventually(
    async () => sink.mails,
    (mails) => mails.length > 0,
  );
  expect(mail?.subject).toContain(`A payment to review: ${odd.orderReference}, KES 1,250`);
  expect(mail?.text).toContain(`/dashboard/payments/${odd.id}`);
  const wanted = { lostAlerts: 0 };
  const home = await house.call("GET", "/dashboard/api/insight/home", undefined, headers);
  expect(home.body).toMatchObject(wanted);
});

test("a mail server that is silent keeps no payment waiting", async () => {
  await open(withMail(), fastClock(20));
  await choose({ kinds: ["review"], locale: "en" });
  sink.mood = { kind: "silent" };
  const { id: merchantId, environment } = house.app.merchant;
  const odd = samplePayment({ merchantId, environment, status: "review" });
  await house.app.store.payments.open(odd, sampleLine());
  await eventually(
    async () => sink.calls,
    (calls) => calls > 0,
  );
  const opened = await house.call("POST", "/v1/payments", { amount: 5, orderReference: "beside" });
  const body = { phoneNumber: "0700000101" };
  await house.call("POST", `/v1/payments/${opened.body.id}/prompt`, body);
  const status = async () =>
    (await house.call("GET", `/v1/payments/${opened.body.id}`)).body.status as string;
  expect(await eventually(status, (now) => now === "confirmed")).toBe("confirmed");
  expect(sink.mails).toEqual([]);
});
