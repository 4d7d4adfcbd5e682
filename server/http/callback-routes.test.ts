/** Callbacks as Daraja posts them, on the addresses that its pushes named (contract §5, machine §2, §4). */
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventually, fastClock, type TestHouse, testHouse } from "../app.test-support.ts";
import { readConfig } from "../config.ts";
import type { PaymentId } from "../core/payment.ts";
import { samplesOf } from "../daraja/samples.ts";
import { createSeal } from "../db/seal.ts";
import { systemIds } from "../ids.ts";
import {
  type ArrivedPush,
  darajaEnv,
  type LocalDaraja,
  localDaraja,
  queryResult,
} from "../local-daraja.test-support.ts";
import { createTokens } from "../tokens.ts";
import { RUBBISH_BODIES } from "./rubbish-bodies.test-support.ts";

const ANSWER = { ResultCode: 0, ResultDesc: "Success" };
/** Fast enough for the worker's rounds, slow enough that the first look by itself, at 20 s, is late. */
const FACTOR = 5;
/** When an accepted prompt is first asked about by itself (machine §9). */
const FIRST_LOOK_MS = 20_000;
const BEFORE_ITS_TIME_MS = 3_000;

let daraja: LocalDaraja;
let house: TestHouse;
beforeAll(async () => {
  daraja = await localDaraja();
  house = await testHouse({ env: darajaEnv(daraja), clock: fastClock(FACTOR) });
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await daraja[Symbol.asyncDispose]();
});
beforeEach(() => {
  daraja.onPush = (_push, accepted) => accepted;
  daraja.onQuery = (id) => queryResult(id, "4999");
});

let count = 0;
/** A fresh code whose date letters name 2025-11-23. */
const receipt = () => `TKN${(++count).toString(36).toUpperCase().padStart(7, "0")}`;

interface Prompted extends ArrivedPush {
  readonly id: PaymentId;
}

async function prompted(amount = 20): Promise<Prompted> {
  count += 1;
  const phoneNumber = `25471${String(count).padStart(7, "0")}`;
  const opened = await house.call("POST", "/v1/payments", { amount, orderReference: `o-${count}` });
  await house.call("POST", `/v1/payments/${opened.body.id}/prompt`, { phoneNumber });
  const push = daraja.pushes.find(({ phone }) => phone === phoneNumber);
  if (push === undefined) throw new Error("nothing was pushed");
  return { ...push, id: opened.body.id };
}

const read = async ({ id }: { id: string }) => (await house.call("GET", `/v1/payments/${id}`)).body;
const story = ({ id }: Prompted) => house.app.store.payments.timeline(id);
const becomes = (payment: Prompted, status: string) =>
  eventually(
    () => read(payment),
    (now) => now.status === status,
  );

/**
 * Asked about, or next in the queue for it, sooner than its own schedule would have it: looks of
 * earlier tests may stand before it, one a second.
 */
async function askedAtOnce(payment: Prompted): Promise<void> {
  const asked = async () => {
    if (daraja.queries.includes(payment.checkoutRequestId)) return true;
    const { nextLookAt, attempts } = await read(payment);
    const promptedAt = Date.parse(attempts.at(-1).createdAt);
    return nextLookAt !== null && Date.parse(nextLookAt) - promptedAt < FIRST_LOOK_MS;
  };
  await eventually(asked, Boolean, BEFORE_ITS_TIME_MS);
}

async function post(url: string, body: unknown) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return house.call("POST", new URL(url).pathname, text);
}

async function deliver(payment: Prompted, body: unknown): Promise<void> {
  const reply = await post(payment.callbackUrl, body);
  expect([reply.status, reply.body]).toEqual([200, ANSWER]);
}

type Item = { Name: string; Value?: unknown };
const items = (amount: unknown, code: unknown): Item[] => [
  { Name: "Amount", Value: amount },
  { Name: "MpesaReceiptNumber", Value: code },
  { Name: "Balance" },
  { Name: "TransactionDate", Value: 20251123120012 },
  { Name: "PhoneNumber", Value: 254711000111 },
];
const callback = (CheckoutRequestID: string, ResultCode: unknown, Item?: Item[]) => ({
  Body: {
    stkCallback: {
      MerchantRequestID: "29115-34620561-1",
      CheckoutRequestID,
      ResultCode,
      ResultDesc: "as Daraja words it",
      ...(Item === undefined ? {} : { CallbackMetadata: { Item } }),
    },
  },
});
const success = (payment: ArrivedPush, code: string, amount: unknown = payment.amount) =>
  callback(payment.checkoutRequestId, 0, items(amount, code));

describe("a success", () => {
  test.each([
    ["an integer amount", 20],
    ["text", "20"],
    ["decimal text", "20.00"],
  ])("with %s pays at once", async (_, amount) => {
    const payment = await prompted(20);
    const code = receipt();
    await deliver(payment, success(payment, code, amount));
    expect(await read(payment)).toMatchObject({
      status: "confirmed",
      closed: true,
      receipt: code,
      paidAt: "2025-11-23T09:00:12.000Z",
      flags: [],
    });
  });

  test("as the wire writes decimals, 20.00, pays", async () => {
    const payment = await prompted(20);
    const body = JSON.stringify(success(payment, receipt())).replace(
      '"Value":20}',
      '"Value":20.00}',
    );
    expect(body).toContain("20.00");
    await deliver(payment, body);
    expect((await read(payment)).status).toBe("confirmed");
  });

  test.each([
    ["without Balance", (all: Item[]) => all.filter(({ Name }) => Name !== "Balance")],
    [
      "with Balance as a Java map",
      (all: Item[]) =>
        all.map((item) =>
          item.Name === "Balance" ? { ...item, Value: "{Amount={CurrencyCode=KES}}" } : item,
        ),
    ],
    ["with its items in another order", (all: Item[]) => [...all].reverse()],
    ["without phone and date", (all: Item[]) => all.slice(0, 2)],
    [
      "with a masked phone",
      (all: Item[]) =>
        all.map((item) =>
          item.Name === "PhoneNumber" ? { ...item, Value: "2547*****111" } : item,
        ),
    ],
  ])("%s pays", async (_, change: (all: Item[]) => Item[]) => {
    const payment = await prompted(20);
    const code = receipt();
    await deliver(
      payment,
      callback(payment.checkoutRequestId, 0, change(items(20, ` ${code.toLowerCase()} `))),
    );
    expect(await read(payment)).toMatchObject({ status: "confirmed", receipt: code });
  });

  test('with the text code "0" pays', async () => {
    const payment = await prompted(20);
    await deliver(payment, callback(payment.checkoutRequestId, "0", items(20, receipt())));
    expect((await read(payment)).status).toBe("confirmed");
  });

  test.each(["", "00", "0 ", " 0", "0.0", "-0", "false", "E3008", "BW-JMS-100039", "SFC_IC0009"])(
    "is never read into the text code %j",
    async (code) => {
      const payment = await prompted(20);
      await deliver(payment, callback(payment.checkoutRequestId, code, items(20, receipt())));
      expect((await read(payment)).status).toBe("in_doubt");
    },
  );

  test.each([null, false, [], [0], {}])("is never read into the code %j", async (code) => {
    const payment = await prompted(20);
    await deliver(payment, callback(payment.checkoutRequestId, code, items(20, receipt())));
    expect((await read(payment)).status).toBe("pending");
  });

  test.each([
    ["another amount", (payment: Prompted) => success(payment, receipt(), 19)],
    ["a larger amount", (payment: Prompted) => success(payment, receipt(), 21)],
    [
      "an amount that only begins alike",
      (payment: Prompted) => success(payment, receipt(), "20abc"),
    ],
    ["no amount", (payment: Prompted) => success(payment, receipt(), null)],
    ["no receipt", (payment: Prompted) => success(payment, "")],
    ["a receipt that is none", (payment: Prompted) => success(payment, "TOO-SHORT")],
    ["a foreign id", () => callback("ws_CO_foreign", 0, items(20, receipt()))],
    ["no metadata", (payment: Prompted) => callback(payment.checkoutRequestId, 0)],
    [
      "two amounts that contradict",
      (payment: Prompted) =>
        callback(payment.checkoutRequestId, 0, [
          ...items(20, receipt()),
          { Name: "Amount", Value: 1 },
        ]),
    ],
  ])("with %s goes to review, never to paid", async (_, make) => {
    const payment = await prompted(20);
    await deliver(payment, make(payment));
    const now = await read(payment);
    expect([now.status, now.closed]).toEqual(["review", false]);
    expect(now.flags.length).toBeGreaterThan(0);
  });

  test("with the receipt of another payment goes to review and leaves the other alone", async () => {
    const [first, second] = [await prompted(20), await prompted(20)];
    const code = receipt();
    await deliver(first, success(first, code));
    await deliver(second, success(second, code));
    expect(await read(second)).toMatchObject({ status: "review", receipt: null });
    expect(await read(first)).toMatchObject({ status: "confirmed", receipt: code });
  });

  test("two payments told one receipt at the same moment: one is paid, one is in review", async () => {
    const both = [await prompted(20), await prompted(20)];
    const code = receipt();
    await Promise.all(both.map((payment) => deliver(payment, success(payment, code))));
    const statuses = await Promise.all(both.map(async (payment) => (await read(payment)).status));
    expect(statuses.sort()).toEqual(["confirmed", "review"]);
  });

  test("of order A on the address of order B pays neither", async () => {
    const [a, b] = [await prompted(20), await prompted(20)];
    await deliver(b, success(a, receipt()));
    expect((await read(a)).status).toBe("pending");
    expect((await read(b)).status).toBe("review");
  });

  test("after a failure is late money, and money all the same", async () => {
    const payment = await prompted(20);
    await deliver(payment, callback(payment.checkoutRequestId, 1037));
    expect((await read(payment)).status).toBe("expired");
    await deliver(payment, success(payment, receipt()));
    expect(await read(payment)).toMatchObject({ status: "confirmed", flags: ["late"] });
  });

  test("after the merchant cancelled is late money too", async () => {
    const payment = await prompted(20);
    await deliver(payment, callback(payment.checkoutRequestId, 1032));
    await house.call("POST", `/v1/payments/${payment.id}/cancel`);
    await deliver(payment, success(payment, receipt()));
    expect(await read(payment)).toMatchObject({ status: "confirmed", flags: ["late"] });
  });

  test("is not undone by a failure that comes after it", async () => {
    const payment = await prompted(20);
    await deliver(payment, success(payment, receipt()));
    await deliver(payment, callback(payment.checkoutRequestId, 1019));
    expect(await read(payment)).toMatchObject({
      status: "confirmed",
      flags: ["evidenceConflict"],
    });
  });

  test("before the push answer ends the same as after it", async () => {
    const code = receipt();
    daraja.onPush = async (push, accepted) => {
      await post(push.callbackUrl, success(push, code));
      return accepted;
    };
    const payment = await prompted(20);
    expect(await read(payment)).toMatchObject({ status: "confirmed", receipt: code, flags: [] });
    const [attempt] = (await read(payment)).attempts;
    expect(attempt).toMatchObject({ state: "confirmed", resultCode: "0" });
  });

  test("finds home by its address when the push answer was lost", async () => {
    daraja.onPush = () => "hang_up";
    const payment = await prompted(20);
    expect((await read(payment)).status).toBe("in_doubt");
    await deliver(payment, success(payment, receipt()));
    expect((await read(payment)).status).toBe("confirmed");
  });
});

describe("the same callback again", () => {
  test("k times, one after the other and at once, equals once", async () => {
    const payment = await prompted(20);
    const body = success(payment, receipt());
    await deliver(payment, body);
    const [before, told] = [await read(payment), await story(payment)];
    for (let i = 0; i < 3; i += 1) await deliver(payment, body);
    await Promise.all(Array.from({ length: 5 }, () => deliver(payment, body)));
    expect(await read(payment)).toEqual(before);
    expect(await story(payment)).toEqual(told);
  });

  test("six copies at once, before any was applied, equal once", async () => {
    const payment = await prompted(20);
    const { version } = await read(payment);
    const body = success(payment, receipt());
    await Promise.all(Array.from({ length: 6 }, () => deliver(payment, body)));
    expect(await read(payment)).toMatchObject({ status: "confirmed", version: version + 1 });
  });

  test("six copies of a failure at once equal once", async () => {
    const payment = await prompted(20);
    const { version } = await read(payment);
    const body = callback(payment.checkoutRequestId, 1032);
    await Promise.all(Array.from({ length: 6 }, () => deliver(payment, body)));
    expect((await read(payment)).version).toBe(version + 1);
  });
});

describe("a failure", () => {
  test.each([
    [1, "failed", "insufficient_funds"],
    [2, "failed", "limit"],
    [11, "failed", "customer_account"],
    [17, "failed", "too_soon"],
    [26, "failed", "mpesa_busy"],
    [1001, "failed", "customer_busy"],
    [1019, "expired", "timed_out"],
    [1025, "failed", "prompt_not_delivered"],
    [1031, "cancelled", "cancelled"],
    [1032, "cancelled", "cancelled"],
    [1037, "expired", "unreachable"],
    [2001, "failed", "wrong_pin"],
    [2026, "expired", "timed_out"],
    [2028, "failed", "merchant_setup"],
    [8006, "failed", "pin_locked"],
    [9999, "failed", "prompt_not_delivered"],
    ["SFC_IC0003", "failed", "merchant_setup"],
  ])("%s ends as %s because of %s", async (code, status, reason) => {
    const payment = await prompted(20);
    await deliver(payment, callback(payment.checkoutRequestId, code));
    const now = await read(payment);
    expect(now).toMatchObject({ status, closed: false, receipt: null });
    expect(now.attempts[0]).toMatchObject({ state: "failed", reason, resultCode: String(code) });
  });

  test("that changes its code keeps the first", async () => {
    const payment = await prompted(20);
    await deliver(payment, callback(payment.checkoutRequestId, 1037));
    await deliver(payment, callback(payment.checkoutRequestId, 1019));
    const now = await read(payment);
    expect(now.attempts[0]).toMatchObject({ resultCode: "1037", reason: "unreachable" });
    expect((await story(payment)).map(({ detail }) => detail.code)).toContain("1019");
  });

  test("with a foreign id moves nothing, and Daraja is asked", async () => {
    const payment = await prompted(20);
    await deliver(payment, callback("ws_CO_somebody_elses", 1032));
    expect((await read(payment)).status).toBe("pending");
    await askedAtOnce(payment);
  });
});

describe("a code in doubt", () => {
  test.each([1036, "E3008", "BW-JMS-100039", 100000001, "NEW-CODE", 4242])(
    "%s is no failure: the attempt is in doubt and Daraja is asked at once",
    async (code) => {
      const payment = await prompted(20);
      daraja.onQuery = (id) => queryResult(id, id === payment.checkoutRequestId ? "0" : "4999");
      await deliver(payment, callback(payment.checkoutRequestId, code));
      await askedAtOnce(payment);
      const now = await becomes(payment, "confirmed");
      expect(now.flags).toEqual(["receiptWanted"]);
    },
  );
});

describe("recorded callbacks", () => {
  const recorded = samplesOf("callback").filter(({ api }) => api === "stkpush");
  test.each(recorded.map((sample, index) => [index, sample.note ?? "", sample] as const))(
    "%i %s",
    async (_, __, sample) => {
      const text = JSON.stringify(sample.payload);
      const known = /"CheckoutRequestID":"([^"]+)"/.exec(text)?.[1] ?? "none";
      const amount = Number(/"Amount","Value":([\d.]+)/.exec(text)?.[1] ?? 20);
      const payment = await prompted(amount);
      await deliver(payment, text.replaceAll(known, payment.checkoutRequestId));
      const { status } = await read(payment);
      if (text.includes("CallbackMetadata")) expect(status).toBe("confirmed");
      else if (text.includes('"BW-JMS')) expect(status).toBe("in_doubt");
      else if (known === "none") expect(status).toBe("pending");
      else expect(["failed", "cancelled", "expired"]).toContain(status);
    },
  );
});

describe("what cannot be read on an own address", () => {
  test.each(RUBBISH_BODIES)("%s is kept, answered 200 and moves nothing", async (body) => {
    const payment = await prompted(20);
    await deliver(payment, body);
    expect((await read(payment)).status).toBe("pending");
  });

  test("300 KB of it too, and Daraja is asked", async () => {
    const payment = await prompted(20);
    await deliver(payment, JSON.stringify({ pad: "x".repeat(300_000) }));
    expect((await read(payment)).status).toBe("pending");
    await askedAtOnce(payment);
  });

  test("any content type and a query string do no harm", async () => {
    const payment = await prompted(20);
    const path = `${new URL(payment.callbackUrl).pathname}?from=proxy`;
    const body = JSON.stringify(success(payment, receipt()));
    const reply = await house.call("POST", path, body, { "Content-Type": "text/plain" });
    expect(reply.status).toBe(200);
    expect((await read(payment)).status).toBe("confirmed");
  });

  test("a sender that hangs up in the middle moves nothing", async () => {
    const payment = await prompted(20);
    const { hostname, port } = new URL(house.origin);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${new URL(payment.callbackUrl).pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"Body":`,
    );
    await delay(50);
    socket.destroy();
    await delay(100);
    expect((await read(payment)).status).toBe("pending");
    await deliver(payment, success(payment, receipt()));
    expect((await read(payment)).status).toBe("confirmed");
  });
});

describe("what proves nothing (E0)", () => {
  const wrongMac = (url: string) => url.replace(/[0-9a-f]{64}$/, "0".repeat(64));

  test("a wrong mac moves nothing, is not kept, and hints one look in 30 s at most", async () => {
    const payment = await prompted(20);
    const before = await read(payment);
    const asked = () => daraja.queries.filter((id) => id === payment.checkoutRequestId).length;
    expect(asked()).toBe(0);
    for (let i = 0; i < 10; i += 1) {
      const body = success(payment, receipt());
      const reply = await post(wrongMac(payment.callbackUrl), body);
      expect([reply.status, reply.body]).toEqual([200, ANSWER]);
    }
    await delay(200);
    expect(asked()).toBeLessThanOrEqual(1);
    expect(await read(payment)).toMatchObject({ status: "pending", receipt: before.receipt });
    const kept = new Database(databaseOf(house), { readonly: true });
    const attemptId = before.attempts[0].id.slice("att_".length);
    const rows = kept.prepare("select count(*) as n from inbox where attempt_id = ?");
    expect(rows.get(attemptId)).toEqual({ n: 0 });
    kept.close();
  });

  test("the mac of another attempt, a longer path and another method prove nothing", async () => {
    const [a, b] = [await prompted(20), await prompted(20)];
    const [, macOfB = ""] = /([0-9a-f]{64})$/.exec(b.callbackUrl) ?? [];
    const swapped = a.callbackUrl.replace(/[0-9a-f]{64}$/, macOfB);
    for (const url of [swapped, `${a.callbackUrl}/more`]) {
      expect((await post(url, success(a, receipt()))).status).toBe(200);
    }
    const got = await house.call("GET", new URL(a.callbackUrl).pathname);
    expect(got.status).toBe(404);
    expect((await read(a)).status).toBe("pending");
    expect(house.logged.join("\n")).not.toContain(macOfB);
  });

  test("a flood of it is logged 30 times a minute at most", async () => {
    const from = house.logged.length;
    const posts = Array.from({ length: 80 }, () =>
      post(`${house.origin}/api/mpesa/callback`, "{}"),
    );
    await Promise.all(posts);
    const strays = house.logged.slice(from).filter((line) => line.includes("callback_stray"));
    // The clock runs fast here, so that the flood may touch two of its minutes.
    expect(strays.length).toBeLessThanOrEqual(60);
  });
});

describe("an own address", () => {
  test("is known below any base, since MPESA_CALLBACK_URL may name another", async () => {
    const payment = await prompted(20);
    const path = new URL(payment.callbackUrl).pathname.replace("/daraja/callbacks", "/till/back");
    expect((await post(`${house.origin}${path}`, success(payment, receipt()))).status).toBe(200);
    expect((await read(payment)).status).toBe("confirmed");
  });

  test("of an attempt that this database lost is kept for a person, once", async () => {
    const orphan = systemIds().attempt();
    const tokens = createTokens(readConfig(house.env).secret);
    const url = `${house.origin}/daraja/callbacks/${tokens.callbackPath(orphan)}`;
    const body = callback("ws_CO_lost", 0, items(20, receipt()));
    for (let i = 0; i < 3; i += 1) expect((await post(url, body)).status).toBe(200);
    const kept = new Database(databaseOf(house), { readonly: true });
    const rows = kept.prepare("select applied_at from inbox where attempt_id = ?").all(orphan);
    kept.close();
    expect(rows).toEqual([{ applied_at: null }]);
    await delay(600);
    const lines = house.logged.filter((line) => line.includes(orphan));
    expect(lines.length).toBeLessThanOrEqual(3);
  });

  test("keeps the beginning of what is too large, unread, and asks Daraja instead", async () => {
    const payment = await prompted(20);
    const whole = JSON.stringify(success(payment, receipt()));
    // A message that is whole by itself, and then more than may come.
    await deliver(payment, whole + " ".repeat(300_000));
    expect((await read(payment)).status).toBe("pending");
    await askedAtOnce(payment);
    const [, attempt = ""] = /([0-9a-f]{32})\/[0-9a-f]{64}$/.exec(payment.callbackUrl) ?? [];
    const kept = new Database(databaseOf(house), { readonly: true });
    const row = kept.prepare("select body_sealed as sealed from inbox where attempt_id = ?");
    const { sealed } = row.get(attempt) as { sealed: string };
    kept.close();
    const body = createSeal(readConfig(house.env).secret).open(sealed);
    expect([body.length, body.startsWith(whole)]).toEqual([256 * 1024 + 1, true]);
  });

  test("under another server's secret is nobody's", async () => {
    const path = createTokens(randomBytes(32)).callbackPath(systemIds().attempt());
    expect((await post(`${house.origin}/daraja/callbacks/${path}`, "{}")).status).toBe(200);
  });
});

describe("a store that fails", () => {
  /** A fault of the disk, as SQLite would tell it, for one table. */
  async function withFault(table: string, run: () => Promise<void>): Promise<void> {
    const db = new Database(databaseOf(house), { timeout: 5_000 });
    try {
      db.exec(
        `create trigger fault before insert on ${table} begin select raise(abort, 'disk I/O'); end`,
      );
      await run();
    } finally {
      db.exec("drop trigger fault");
      db.close();
    }
  }

  test("at applying keeps the callback alone, and the worker applies it later", async () => {
    const payment = await prompted(20);
    const code = receipt();
    await withFault("evidence", async () => {
      await deliver(payment, success(payment, code));
      expect((await read(payment)).status).toBe("pending");
    });
    expect((await becomes(payment, "confirmed")).receipt).toBe(code);
  });

  test("at applying, mended before Daraja repeats it: the repeat applies it, once", async () => {
    const payment = await prompted(20);
    const { version } = await read(payment);
    const body = success(payment, receipt());
    await withFault("evidence", () => deliver(payment, body));
    await deliver(payment, body);
    expect(await read(payment)).toMatchObject({ status: "confirmed", version: version + 1 });
    await delay(500);
    expect((await read(payment)).version).toBe(version + 1);
  });

  test("altogether is answered 503, never a false 200, and a repeat is taken", async () => {
    const payment = await prompted(20);
    const body = success(payment, receipt());
    await withFault("inbox", async () => {
      expect((await post(payment.callbackUrl, body)).status).toBe(503);
      const huge = JSON.stringify({ pad: "x".repeat(300_000) });
      expect((await post(payment.callbackUrl, huge)).status).toBe(503);
      expect((await post(`${house.origin}/api/mpesa/callback`, body)).status).toBe(200);
    });
    expect((await read(payment)).status).toBe("pending");
    await deliver(payment, body);
    expect((await read(payment)).status).toBe("confirmed");
  });
});

test("no number, receipt address or token of all this reached the log", () => {
  const log = house.logged.join("\n");
  for (const { phone, callbackUrl, checkoutRequestId } of daraja.pushes) {
    expect(log).not.toContain(phone);
    expect(log).not.toContain(callbackUrl.slice(-64));
    expect(log).not.toContain(checkoutRequestId);
  }
});

function databaseOf({ env }: TestHouse): string {
  return (env.DATABASE_URL ?? "").slice("file:".length);
}
