/** The merchant's API over HTTP against the whole server and its simulator (contract §4, §5, §9). */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { paymentList, paymentObject } from "../shared/api.ts";
import {
  eventually,
  fastClock,
  type Reply,
  type TestHouse,
  testHouse,
} from "./app.test-support.ts";
import { openSqlite } from "./db/sqlite.ts";
import { SCENARIOS } from "./simulator/scenarios.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
});

let orders = 0;
const order = () => `order-${++orders}`;
const open = (body: object = {}, headers: Record<string, string> = {}) =>
  house.call("POST", "/v1/payments", { amount: 1250, orderReference: order(), ...body }, headers);
const read = async (id: string, from = house) =>
  (await from.call("GET", `/v1/payments/${id}`)).body;
const code = (reply: Reply) => reply.body.error.code;

describe("opening a payment", () => {
  test("answers 201 with the payment, its checkout address and token", async () => {
    const orderReference = order();
    const reply = await open({
      orderReference,
      description: "Two kikois",
      metadata: { cart: "7" },
    });
    expect(reply.status).toBe(201);
    const payment = paymentObject.parse(reply.body);
    expect(payment).toMatchObject({
      amount: 1250,
      currency: "KES",
      livemode: false,
      orderReference,
      status: "open",
      closed: false,
      attempts: [],
      metadata: { cart: "7" },
      amountSource: "server",
    });
    expect(payment.checkoutUrl).toBe(
      `http://localhost:${house.env.PORT}/pay/${payment.checkoutToken}`,
    );
    expect(reply.headers.get("request-id")).toMatch(/^req_/);
  });

  test("an order has one payment: the same amount finds it, another closes it", async () => {
    const orderReference = order();
    const first = await open({ orderReference });
    const same = await open({ orderReference });
    expect([same.status, same.body.id]).toEqual([200, first.body.id]);
    const other = await open({ orderReference, amount: 900 });
    expect(other.status).toBe(201);
    expect(other.body.id).not.toBe(first.body.id);
    expect(await read(first.body.id)).toMatchObject({ status: "cancelled", closed: true });
  });

  test("while an attempt blocks, another amount is refused; once paid, everything is", async () => {
    const orderReference = order();
    const { body } = await open({ orderReference });
    await house.call("POST", `/v1/payments/${body.id}/prompt`, { phoneNumber: "0700002001" });
    const blocked = await open({ orderReference, amount: 5 });
    expect([blocked.status, code(blocked)]).toEqual([409, "order_in_progress"]);
    await eventually(
      () => read(body.id),
      (payment) => payment.status === "confirmed",
    );
    const paid = await open({ orderReference });
    expect([paid.status, code(paid), paid.body.error.paymentId]).toEqual([
      409,
      "order_already_paid",
      body.id,
    ]);
  });

  test("ten calls at once for one order make one payment", async () => {
    const orderReference = order();
    const replies = await Promise.all(Array.from({ length: 10 }, () => open({ orderReference })));
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test("the account reference is the order's, or its stem and a code, never two alike", async () => {
    const short = await open({ orderReference: "inv-77a" });
    expect(short.body.accountReference).toBe("INV77A");
    const long = `a-very-long-order-reference-${order()}`;
    const replies = await Promise.all([
      open({ orderReference: `${long}x` }),
      open({ orderReference: `${long}y` }),
    ]);
    const [one, two] = replies.map(({ body }) => body.accountReference);
    expect(one).toMatch(/^AVERYLO[A-Z0-9]{5}$/);
    expect(two).toMatch(/^AVERYLO[A-Z0-9]{5}$/);
    expect(one).not.toBe(two);
  });

  test.each([
    ["amount", { amount: 12.5 }],
    ["amount", { amount: 0 }],
    ["amount", { amount: -5 }],
    ["amount", { amount: 250_001 }],
    ["amount", { amount: "1250" }],
    ["amount", { amount: undefined }],
    ["orderReference", { orderReference: "" }],
    ["orderReference", { orderReference: "x".repeat(65) }],
    ["orderReference", { orderReference: "line\nbreak" }],
    ["accountReference", { accountReference: "lower" }],
    ["phoneNumber", { phoneNumber: "not a phone" }],
    ["successUrl", { successUrl: "javascript:alert(1)" }],
    ["expiresInSeconds", { expiresInSeconds: 10 }],
    ["colour", { colour: "red" }],
  ])("a bad %s is a 422 that names it: %j", async (param, body) => {
    const reply = await open(body);
    expect([reply.status, reply.body.error.param]).toEqual([422, param]);
    expect(reply.body.error.message).not.toBe("");
    expect(reply.body.error.requestId).toBe(reply.headers.get("request-id"));
  });

  test("rubbish is answered with a clear 4xx, never a 500", async () => {
    const bad = (body: string, type = "application/json") =>
      house.call("POST", "/v1/payments", body, { "Content-Type": type });
    expect((await bad("{")).status).toBe(400);
    expect((await bad("[]")).status).toBe(422);
    expect((await bad('"text"')).status).toBe(400);
    expect((await bad("amount=1", "application/x-www-form-urlencoded")).status).toBe(415);
    expect((await bad(JSON.stringify({ a: "x".repeat(70_000) }))).status).toBe(413);
    expect((await bad('{"__proto__":{"amount":5},"amount":1,"orderReference":"p"}')).status).toBe(
      422,
    );
    expect((await house.call("GET", "/v1/nothing")).status).toBe(404);
    expect((await house.call("GET", "/v1/payments/..%2f..%2fetc")).status).toBe(404);
    expect((await house.call("GET", "/v1/payments?limit=0")).status).toBe(422);
  });
});

describe("keys", () => {
  test("no key, an unknown key and another kind of key are told apart", async () => {
    const as = async (Authorization: string) => {
      const reply = await house.call("GET", "/v1/payments", undefined, { Authorization });
      return [reply.status, reply.body.error?.code];
    };
    expect(await as("")).toEqual([401, "key_missing"]);
    expect(await as("Bearer sk_test_0000000000000000000000")).toEqual([401, "key_unknown"]);
    expect(await as(`Bearer ${house.keys.publishableKey}`)).toEqual([403, "secret_key_required"]);
    expect(await as(`Bearer ${house.keys.signingKey}`)).toEqual([403, "secret_key_required"]);
  });

  test("a checkout token reads its own payment only and carries no secrets", async () => {
    const { body } = await open();
    const reply = await house.call("GET", "/checkout/v1/payment", undefined, {
      Authorization: `Bearer ${body.checkoutToken}`,
    });
    expect(reply.body).toMatchObject({ id: body.id, status: "open", simulated: true });
    expect(JSON.stringify(reply.body)).not.toContain("ct_");
    const forged = body.checkoutToken.replace(/.$/, (last: string) => (last === "A" ? "B" : "A"));
    const denied = await house.call("GET", "/checkout/v1/payment", undefined, {
      Authorization: `Bearer ${forged.slice(0, -3)}AAA`,
    });
    expect(denied.status).toBe(401);
  });
});

describe("the checkout page", () => {
  test("is small enough that page, script and style fit the first TCP window", async () => {
    // tidy.test.ts sets 900 bytes aside for an ordinary page; the longest names add a little.
    const text = (length: number) => randomBytes(length).toString("base64url").slice(0, length);
    const { body } = await open({ orderReference: text(64), description: text(200) });
    const page = await house.call("GET", `/pay/${body.checkoutToken}`);
    expect(page.status).toBe(200);
    expect(gzipSync(page.body, { level: 9 }).length).toBeLessThanOrEqual(1_100);
    const usual = await open({ description: "1 × Nyeri coffee" });
    const small = await house.call("GET", `/pay/${usual.body.checkoutToken}`);
    expect(gzipSync(small.body, { level: 9 }).length).toBeLessThanOrEqual(900);
  });
});

describe("idempotency keys", () => {
  test("the same call is answered again, another body is refused", async () => {
    const orderReference = order();
    const headers = { "Idempotency-Key": `key-${orderReference}` };
    const first = await open({ orderReference }, headers);
    const again = await open({ orderReference }, headers);
    expect(again.body).toEqual(first.body);
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
    const other = await open({ orderReference, amount: 7 }, headers);
    expect([other.status, code(other)]).toEqual([409, "idempotency_key_reused"]);
  });

  test("a prompt said twice under one key is one prompt", async () => {
    const { body } = await open();
    const path = `/v1/payments/${body.id}/prompt`;
    const headers = { "Idempotency-Key": `prompt-${body.id}` };
    const [a, b] = await Promise.all([
      house.call("POST", path, { phoneNumber: "0700003000" }, headers),
      house.call("POST", path, { phoneNumber: "0700003000" }, headers),
    ]);
    expect([a.status, b.status].sort()).toEqual([201, 409]);
    const again = await house.call("POST", path, { phoneNumber: "0700003000" }, headers);
    expect([again.status, again.body.attempts.length]).toEqual([201, 1]);
  });
});

describe("prompting", () => {
  test("eight clicks at once send one prompt", async () => {
    const { body } = await open();
    const replies = await Promise.all(
      Array.from({ length: 8 }, () =>
        house.call("POST", `/v1/payments/${body.id}/prompt`, { phoneNumber: "0700004000" }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([
      201, 409, 409, 409, 409, 409, 409, 409,
    ]);
    const refused = replies.find(({ status }) => status === 409);
    expect(refused?.body.error.message).toBe("Payment already in progress");
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await read(body.id)).attempts).toHaveLength(1);
  });

  test("a bad phone is a 422; the answer never holds the full number", async () => {
    const { body } = await open();
    const path = `/v1/payments/${body.id}/prompt`;
    const bad = await house.call("POST", path, { phoneNumber: "12345" });
    expect([bad.status, bad.body.error.param]).toEqual([422, "phoneNumber"]);
    const good = await house.call("POST", path, { phoneNumber: "+254 700 005 001" });
    expect(good.body.phoneNumber).toBe("254*****5001");
    expect(JSON.stringify(good.body)).not.toContain("254700005001");
    expect(house.logged.join("\n")).not.toMatch(/2547000050|0700005001/);
  });

  test("a running payment cannot be cancelled, an idle one can, twice", async () => {
    const { body } = await open();
    const cancel = () => house.call("POST", `/v1/payments/${body.id}/cancel`);
    await house.call("POST", `/v1/payments/${body.id}/prompt`, { phoneNumber: "0700006002" });
    expect((await cancel()).status).toBe(409);
    await eventually(
      () => read(body.id),
      ({ status }) => status === "cancelled",
    );
    expect((await cancel()).body).toMatchObject({ status: "cancelled", closed: true });
    expect((await cancel()).status).toBe(200);
    const late = await house.call("POST", `/v1/payments/${body.id}/prompt`, {
      phoneNumber: "0700006001",
    });
    expect([late.status, code(late)]).toEqual([409, "payment_closed"]);
  });

  test("after a failure the same payment may be prompted again and paid", async () => {
    const { body } = await open();
    const path = `/v1/payments/${body.id}/prompt`;
    await house.call("POST", path, { phoneNumber: "0700007004" });
    const failed = await eventually(
      () => read(body.id),
      ({ status }) => status === "failed",
    );
    expect(failed.attempts[0]).toMatchObject({ resultCode: "1", reason: "insufficient_funds" });
    expect((await house.call("POST", path, { phoneNumber: "0700007001" })).status).toBe(201);
    const paid = await eventually(
      () => read(body.id),
      ({ status }) => status === "confirmed",
    );
    expect(paid.attempts).toHaveLength(2);
    expect(paid.receipt).toMatch(/^[A-Z0-9]{10}$/);
  });
});

describe("a number that the shop named beforehand", () => {
  test("is shown masked and prompted without typing, until a prompt was sent", async () => {
    const { body } = await open({ phoneNumber: "0700013001" });
    expect(body.phoneNumber).toBe("254*****3001");
    const token = { Authorization: `Bearer ${body.checkoutToken}` };
    const view = await house.call("GET", "/checkout/v1/payment", undefined, token);
    expect(view.body).toMatchObject({ phoneKnown: true, phoneNumber: "254*****3001" });
    expect(JSON.stringify(view.body)).not.toContain("700013001");
    const prompted = await house.call("POST", "/checkout/v1/prompt", {}, token);
    expect(prompted.body).toMatchObject({ status: "pending", phoneKnown: false });
  });

  test("is asked for where the shop named none", async () => {
    const { body } = await open();
    const token = { Authorization: `Bearer ${body.checkoutToken}` };
    const reply = await house.call("POST", "/checkout/v1/prompt", {}, token);
    expect([reply.status, reply.body.error.param]).toEqual([422, "phoneNumber"]);
  });
});

describe("the seed route", () => {
  const push = (body: object) => house.call("POST", "/api/mpesa/stk-push", body);

  test("201 with the id, the payment and what is charged, a fraction rounded up", async () => {
    const reply = await push({
      phoneNumber: 254700008001,
      amount: 99.2,
      accountReference: "shop",
      orderId: order(),
    });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      amount: 100,
      checkoutRequestId: expect.stringMatching(/^ws_CO_/),
    });
    expect((await read(reply.body.paymentId)).amount).toBe(100);
  });

  test("409 while a prompt is out, with the words that carts look for", async () => {
    const orderId = order();
    const first = await push({ phoneNumber: "0700009000", amount: 10, orderId });
    const second = await push({ phoneNumber: "0700009000", amount: 10, orderId });
    expect(second.status).toBe(409);
    expect(second.body).toEqual({
      error: "Payment already in progress",
      paymentId: first.body.paymentId,
      status: "pending",
    });
  });

  test("400 with Daraja's words when Daraja refuses, 202 when nobody knows", async () => {
    const refused = await push({ phoneNumber: "0700010013", amount: 10, orderId: order() });
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatch(/Unable to lock subscriber/);
    const unknown = await push({ phoneNumber: "0700010020", amount: 10, orderId: order() });
    expect([unknown.status, unknown.body.status]).toEqual([202, "in_doubt"]);
  });

  test("422 names the field", async () => {
    expect((await push({ phoneNumber: "x", amount: 10, orderId: "o" })).body.error.param).toBe(
      "phoneNumber",
    );
    expect(
      (await push({ phoneNumber: "0700000001", amount: 0, orderId: "o" })).body.error.param,
    ).toBe("amount");
    expect((await push({ phoneNumber: "0700000001", amount: 10 })).body.error.param).toBe(
      "orderId",
    );
  });
});

describe("the list", () => {
  test("newest first, keyset pages, filters and search", async () => {
    const stem = `list-${Date.now()}`;
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1)
      ids.unshift((await open({ orderReference: `${stem}-${i}` })).body.id);
    const page = async (query: string) =>
      paymentList.parse((await house.call("GET", `/v1/payments?${query}`)).body);
    const first = await page(`q=${stem}&limit=2`);
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first.hasMore).toBe(true);
    const rest = await page(`q=${stem}&limit=10&startingAfter=${ids[1]}`);
    expect(rest.data.map(({ id }) => id)).toEqual(ids.slice(2));
    expect(rest.hasMore).toBe(false);
    expect((await page(`orderReference=${stem}-3`)).data.map(({ id }) => id)).toEqual([ids[1]]);
    await house.call("POST", `/v1/payments/${ids[0]}/prompt`, { phoneNumber: "0711119001" });
    const paid = await eventually(
      () => read(ids[0] ?? ""),
      ({ status }) => status === "confirmed",
    );
    expect((await page("q=9001")).data.map(({ id }) => id)).toContain(ids[0]);
    expect((await page(`q=${paid.receipt}`)).data.map(({ id }) => id)).toEqual([ids[0]]);
    expect((await page(`status=confirmed&q=${stem}`)).data.map(({ id }) => id)).toEqual([ids[0]]);
  });
});

describe("callbacks", () => {
  const ANSWER = { ResultCode: 0, ResultDesc: "Success" };
  const rubbish = [
    "",
    "{",
    "null",
    "[]",
    "<html>",
    "x".repeat(300_000),
    '{"Body":{"stkCallback":5}}',
    "\u0000",
  ];

  test("rubbish anywhere is answered 200 and changes nothing", async () => {
    const { body } = await open();
    await house.call("POST", `/v1/payments/${body.id}/prompt`, { phoneNumber: "0700011000" });
    const before = await read(body.id);
    for (const text of rubbish) {
      for (const path of [
        "/api/mpesa/callback",
        `/daraja/callbacks/${"a".repeat(32)}/${"b".repeat(64)}`,
        "/daraja/callbacks/x",
      ]) {
        const reply = await house.call("POST", path, text, { "Content-Type": "text/plain" });
        expect([reply.status, reply.body]).toEqual([200, ANSWER]);
      }
    }
    expect(await read(body.id)).toEqual(before);
  });

  test("a success for a known id on the fixed address is no evidence", async () => {
    const pushed = await house.call("POST", "/api/mpesa/stk-push", {
      phoneNumber: "0700012000",
      amount: 10,
      orderId: order(),
    });
    const forged = {
      Body: {
        stkCallback: {
          MerchantRequestID: "1",
          CheckoutRequestID: pushed.body.checkoutRequestId,
          ResultCode: 0,
          ResultDesc: "ok",
          CallbackMetadata: {
            Item: [
              { Name: "Amount", Value: 10 },
              { Name: "MpesaReceiptNumber", Value: "UKN1A2B3C4" },
            ],
          },
        },
      },
    };
    const reply = await house.call("POST", "/api/mpesa/callback", forged);
    expect([reply.status, reply.body]).toEqual([200, ANSWER]);
    expect((await read(pushed.body.paymentId)).status).toBe("pending");
  });
});

describe("the test phones end as their table says", () => {
  test("all of them, minutes of Daraja squeezed into seconds", async () => {
    const factor = 40;
    const fast = await testHouse({
      clock: fastClock(factor),
      env: { SIMULATOR_SPEED: String(factor) },
    });
    try {
      const ends = Object.entries(SCENARIOS).map(async ([row, scenario], index) => {
        const phoneNumber = `2547001${String(index).padStart(3, "0")}${row}`;
        const opened = await fast.call("POST", "/v1/payments", {
          amount: 20 + index,
          orderReference: `row-${row}`,
        });
        await fast.call("POST", `/v1/payments/${opened.body.id}/prompt`, { phoneNumber });
        const ended = await eventually(
          () => read(opened.body.id, fast),
          ({ status, nextLookAt }) =>
            status === scenario.endsAs && (nextLookAt === null || status === "in_doubt"),
          50_000,
        );
        return [row, ended.status];
      });
      const expected = Object.entries(SCENARIOS).map(([row, { endsAs }]) => [row, endsAs]);
      expect(await Promise.all(ends)).toEqual(expected);
      const debits = fast.app.simulator?.ledger.debits().length ?? -1;
      const { body } = await fast.call("GET", "/v1/payments?status=confirmed&limit=100");
      const review = await fast.call("GET", "/v1/payments?status=review&limit=100");
      expect(body.data.length + review.body.data.length).toBe(debits);
    } finally {
      await fast[Symbol.asyncDispose]();
    }
  }, 60_000);
});

describe("a disk that takes no writes", () => {
  let full = false;
  let closed = 0;
  beforeEach(() => {
    full = false;
    closed = 0;
  });
  const openEngine = async (path: string) => {
    const engine = await openSqlite(path);
    return {
      ...engine,
      commit: async (statements: Parameters<typeof engine.commit>[0]) => {
        if (full) throw Object.assign(new Error("disk is full"), { code: "SQLITE_FULL" });
        return engine.commit(statements);
      },
      close: async () => {
        closed += 1;
        await engine.close();
      },
    };
  };

  test("does not keep the server from stopping in order", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lipia-full-"));
    try {
      const own = await testHouse({ openEngine, folder });
      await eventually(
        async () => own.logged.join(),
        (lines) => lines.includes("sweeps_ours"),
      );
      full = true;
      await own.app.close();
      expect(closed).toBe(1);
      expect(own.logged.join()).toContain("lease_not_given_back");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("is a 503 that says to ask again, never a 500; afterwards everything goes on", async () => {
    await using own = await testHouse({ openEngine });
    const wish = { amount: 5, orderReference: "full" };
    full = true;
    const refused = await own.call("POST", "/v1/payments", wish);
    expect([refused.status, refused.body.error.code]).toEqual([503, "storage_unavailable"]);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect((await own.call("GET", "/readyz")).status).toBe(503);
    full = false;
    expect((await own.call("POST", "/v1/payments", wish)).status).toBe(201);
  });
});

describe("a second start on the same database", () => {
  test("payments are there, and what was in the air is neither lost nor failed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lipia-restart-"));
    try {
      const before = await testHouse({ folder });
      const opened = await before.call("POST", "/v1/payments", {
        amount: 9,
        orderReference: "restart",
      });
      await before.call("POST", `/v1/payments/${opened.body.id}/prompt`, {
        phoneNumber: "0700000000",
      });
      await before[Symbol.asyncDispose]();
      const after = await testHouse({ folder });
      const payment = await read(opened.body.id, after);
      expect(payment).toMatchObject({ status: "pending", attempts: [{ state: "pending" }] });
      expect(payment.nextLookAt).not.toBeNull();
      const again = await after.call("POST", `/v1/payments/${opened.body.id}/prompt`, {
        phoneNumber: "0700000000",
      });
      expect(again.status).toBe(409);
      await after[Symbol.asyncDispose]();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
