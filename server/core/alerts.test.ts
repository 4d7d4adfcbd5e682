import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cents } from "../../shared/money.ts";
import { LOCALES } from "../../shared/words.ts";
import { alertMail, type ToldMatter, testMail } from "./alert-mail.ts";
import {
  type AlertScene,
  MAIL_GIVEN_UP_AFTER_MS,
  mailRetryAt,
  mattersOf,
  waitingSince,
} from "./alerts.ts";
import type { RollupCell } from "./insight.ts";
import { attemptIn, MINUTE, paymentOf, START } from "./machine.test-support.ts";
import type { Attempt, MerchantId, PaymentId } from "./payment.ts";

const NOW = START + 60 * MINUTE;
const SENDER = { shop: "Mug Shop", publicUrl: "https://pay.shop.co.ke" };

const scene = (over: Partial<AlertScene> = {}): AlertScene => ({
  merchantId: "mer_1" as MerchantId,
  environment: "sandbox",
  inDoubt: [],
  inReview: [],
  callbacks: "heard",
  silenceEndedAt: 0,
  reasons: [],
  ...over,
});
const rows = (attempt: Attempt) => ({ payment: paymentOf([attempt]), attempts: [attempt] });
const doubtSince = (minutes: number) =>
  rows(attemptIn("in_doubt", { inDoubtAt: NOW - minutes * MINUTE }));
const kinds = (over: Partial<AlertScene>) => mattersOf(scene(over), NOW).map(({ kind }) => kind);
const cell = (detail: string, over: Partial<RollupCell> = {}): RollupCell =>
  ({
    kind: "reason",
    day: 20_000,
    part: "merchant_setup",
    detail,
    tries: 1,
    ...over,
  }) as RollupCell;

describe("what is worth a mail", () => {
  it("is nothing on a calm day", () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ callbacks: "quiet" })).toEqual([]);
  });

  it("is a doubt of more than five minutes", () => {
    expect(kinds({ inDoubt: [doubtSince(5)] })).toEqual([]);
    expect(kinds({ inDoubt: [doubtSince(5.1)] })).toEqual(["doubt"]);
    expect(waitingSince(doubtSince(7))).toBe(NOW - 7 * MINUTE);
  });

  it("is told with the gravest first, each under one key however often it is looked at", () => {
    const all = {
      inDoubt: [doubtSince(9)],
      inReview: [rows(attemptIn("review"))],
      callbacks: "silent" as const,
      reasons: [cell("2028"), cell("2028"), cell("SFC_IC0003")],
    };
    expect(kinds(all)).toEqual(["setup", "setup", "callbacks", "review", "doubt"]);
    const keys = (at: number) => mattersOf(scene(all), at).map(({ key }) => key);
    expect(new Set(keys(NOW)).size).toBe(5);
    expect(keys(NOW + 90 * MINUTE)).toEqual(keys(NOW));
  });

  it("is the same silence until one ended, and the same fault for a day", () => {
    const key = (over: Partial<AlertScene>) => mattersOf(scene(over), NOW)[0]?.key;
    const silent = { callbacks: "silent" as const };
    expect(key({ ...silent, silenceEndedAt: 5 })).not.toBe(key(silent));
    expect(key({ reasons: [cell("2028", { day: 20_001 })] })).not.toBe(
      key({ reasons: [cell("2028")] }),
    );
    const other = { ...silent, merchantId: "mer_2" as MerchantId };
    expect(key(other), "another merchant's silence").not.toBe(key(silent));
    expect(kinds({ reasons: [cell("1", { part: "insufficient_funds" })] })).toEqual([]);
    expect(kinds({ reasons: [cell("404.001.01", { part: "rejected" })] })).toEqual(["setup"]);
    expect(kinds({ reasons: [cell("2028", { tries: 0 })] })).toEqual([]);
  });
});

describe("when a mail is tried again", () => {
  it("waits longer each time, hourly at most, and often enough within a day", () => {
    let [at, tries] = [0, 0];
    let before = 0;
    while (at < MAIL_GIVEN_UP_AFTER_MS) {
      tries += 1;
      const wait = mailRetryAt(tries, at) - at;
      expect(wait).toBeGreaterThanOrEqual(before);
      expect(wait).toBeLessThanOrEqual(60 * MINUTE);
      [at, before] = [at + wait, wait];
    }
    expect(tries).toBeGreaterThan(20);
  });
});

const PAYMENT = {
  id: `pay_${"0a".repeat(16)}` as PaymentId,
  orderReference: "MUG-101",
  amountCents: cents(360_000),
  status: "in_doubt",
} as const;
const doubt: ToldMatter = { kind: "doubt", fault: null, merchant: null, payment: PAYMENT };

describe("a mail", () => {
  it("names order, amount, status and the payment's page", () => {
    const { subject, text } = alertMail([doubt], SENDER, "en");
    expect(subject).toBe("[Mug Shop] In doubt for more than five minutes: MUG-101, KES 3,600");
    expect(text).toContain("MUG-101, KES 3,600, now: in doubt");
    expect(text).toContain(`https://pay.shop.co.ke/dashboard/payments/${PAYMENT.id}`);
    expect(alertMail([doubt], SENDER, "sw").subject).toMatch(/Hayajulikani kwa zaidi ya dakika/);
  });

  it("is a digest of several, and no list without end", () => {
    const setup: ToldMatter = {
      kind: "setup",
      fault: "inactive",
      merchant: null,
      payment: null,
    };
    const silence: ToldMatter = {
      kind: "callbacks",
      fault: null,
      merchant: null,
      payment: null,
    };
    const { subject, text } = alertMail([setup, silence, doubt], SENDER, "en");
    expect(subject).toBe("[Mug Shop] 3 alerts");
    expect(text).toContain(
      "the shortcode is not active\nhttps://pay.shop.co.ke/dashboard/failures",
    );
    expect(text).toContain("https://pay.shop.co.ke/dashboard/settings/go-live");
    const long = alertMail(
      Array.from({ length: 50 }, () => doubt),
      SENDER,
      "en",
    );
    expect(long.subject).toContain("50 alerts");
    expect(long.text.match(/MUG-101/g)).toHaveLength(20);
    expect(long.text).toContain("and 30 more");
  });

  it("names the merchant of each where there are several, and leads to its own pages", () => {
    const merchant = { id: "mer_2" as MerchantId, name: "Tea\nKiosk 0712345678" };
    const setup: ToldMatter = { kind: "setup", fault: "inactive", merchant, payment: null };
    const silence: ToldMatter = { kind: "callbacks", fault: null, merchant, payment: null };
    const { text } = alertMail([setup, silence, { ...doubt, merchant }], SENDER, "en");
    const [first, second, third] = text.split("\n\n");
    expect(first).toMatch(
      /\nTea Kiosk .*: the shortcode is not active\n.*failures\?merchant=mer_2$/,
    );
    expect(second).toMatch(/\nTea Kiosk [^:]*\n.*go-live\?merchant=mer_2$/);
    expect(third).toMatch(/\nTea Kiosk .*: MUG-101, KES 3,600, now: in doubt\n/);
    expect(text).not.toContain("712345678");
    const one = alertMail([{ ...silence }], { ...SENDER, shop: "Tea Kiosk" }, "en");
    expect(one.subject).toMatch(/^\[Tea Kiosk\] M-PESA takes prompts/);
  });

  it("of a payment that is gone still says what it was about", () => {
    const { text } = alertMail([{ ...doubt, payment: null }], SENDER, "en");
    expect(text).toContain("In doubt for more than five minutes");
  });

  it("never holds a phone number, however the shop names its orders", () => {
    const national = fc.tuple(
      fc.constantFrom("7", "1"),
      fc.integer({ min: 0, max: 99_999_999 }).map((n) => String(n).padStart(8, "0")),
    );
    const spelled = fc.constantFrom<(national: string) => string>(
      (n) => `254${n}`,
      (n) => `+254 ${n.slice(0, 3)} ${n.slice(3, 6)} ${n.slice(6)}`,
      (n) => `0${n}`,
      (n) => `0${n.slice(0, 3)}-${n.slice(3, 6)}-${n.slice(6)}`,
      (n) => n,
    );
    const around = fc.constantFrom("", "ORDER-", "for ", "2026-");
    fc.assert(
      fc.property(national, spelled, around, fc.constantFrom(...LOCALES), (n, spell, pre, lang) => {
        const number = n.join("");
        const orderReference = `${pre}${spell(number)}`;
        const told = [{ ...doubt, payment: { ...PAYMENT, orderReference } }];
        const { subject, text } = alertMail(told, SENDER, lang);
        for (const part of [subject, text.replaceAll(PAYMENT.id, "")]) {
          expect(part.replace(/\D/g, "")).not.toContain(number);
        }
      }),
    );
  });

  it("keeps ordinary names of orders readable", () => {
    const told = [{ ...doubt, payment: { ...PAYMENT, orderReference: "WEB-20261128-00042" } }];
    expect(alertMail(told, SENDER, "en").subject).toContain("WEB-20261128-00042");
  });

  it("keeps to one line in its subject", () => {
    const odd = { ...PAYMENT, orderReference: "A\r\nBcc: all@shop.co.ke" };
    const sender = { ...SENDER, shop: "Duka\nla Amani" };
    const { subject } = alertMail([{ ...doubt, payment: odd }], sender, "en");
    expect(subject).not.toMatch(/[\r\n]/);
    expect(testMail(sender, "sw").subject).toBe("[Duka la Amani] Jaribio la tahadhari zako");
  });
});
