/** What a checkout token may read and do, and for how long (contract §4). */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkoutView, paymentObject } from "../../shared/api.ts";
import { nairobiDate } from "../../shared/nairobi.ts";
import { receiptDateLetters } from "../../shared/receipt.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import { handClock } from "../flow-house.test-support.ts";
import { darajaEnv, type LocalDaraja, localDaraja } from "../local-daraja.test-support.ts";

const DAY_MS = 86_400_000;
let daraja: LocalDaraja;
let house: TestHouse;
let clock: ReturnType<typeof handClock>;
beforeEach(async () => {
  daraja = await localDaraja();
  clock = handClock();
  // The worker sleeps on this clock: nothing happens but what a test does.
  house = await testHouse({ env: darajaEnv(daraja), clock });
});
afterEach(async () => {
  await house[Symbol.asyncDispose]();
  await daraja[Symbol.asyncDispose]();
});

let count = 0;
async function opened(extra: object = {}) {
  count += 1;
  const wish = { amount: 20, orderReference: `checkout-${count}`, ...extra };
  return paymentObject.parse((await house.call("POST", "/v1/payments", wish)).body);
}
const as = (checkoutToken: string) => {
  const headers = { Authorization: `Bearer ${checkoutToken}` };
  return {
    read: () => house.call("GET", "/checkout/v1/payment", undefined, headers),
    prompt: (body: object) => house.call("POST", "/checkout/v1/prompt", body, headers),
    tell: (body: object) => house.call("POST", "/checkout/v1/code", body, headers),
  };
};

describe("in time", () => {
  test("a token prompts until expiresAt and reads seven days longer", async () => {
    const { checkoutToken } = await opened({ expiresInSeconds: 300 });
    const page = as(checkoutToken);
    clock.pass(299_000);
    expect((await page.prompt({ phoneNumber: "0712000001" })).status).toBe(200);
    const other = as((await opened({ expiresInSeconds: 300 })).checkoutToken);
    clock.pass(300_000);
    const late = await other.prompt({ phoneNumber: "0712000002" });
    expect([late.status, late.body.error.code]).toEqual([409, "payment_expired"]);
    expect((await other.read()).status).toBe(200);
    clock.pass(7 * DAY_MS - 1);
    expect((await other.read()).status).toBe(200);
    clock.pass(1);
    expect((await other.read()).status).toBe(404);
    expect((await other.prompt({ phoneNumber: "0712000002" })).status).toBe(404);
    expect(daraja.pushes).toHaveLength(1);
  });
});

describe("a prompt from the page", () => {
  test("answers with the customer's view, and a bad number with the field", async () => {
    const page = as((await opened()).checkoutToken);
    const bad = await page.prompt({ phoneNumber: "0812000001" });
    expect([bad.status, bad.body.error.param]).toEqual([422, "phoneNumber"]);
    const good = await page.prompt({ phoneNumber: "0712 000 003" });
    expect(checkoutView.parse(good.body)).toMatchObject({
      status: "pending",
      phoneNumber: "254*****0003",
      simulated: false,
      promptedAt: new Date(clock.now()).toISOString(),
      now: new Date(clock.now()).toISOString(),
    });
  });

  test("without a number goes to the one the shop gave, which is never shown", async () => {
    const page = as((await opened({ phoneNumber: "0712000004" })).checkoutToken);
    expect(JSON.stringify((await page.read()).body)).not.toContain("712000004");
    expect((await page.prompt({})).status).toBe(200);
    expect(daraja.pushes.map(({ phone }) => phone)).toEqual(["254712000004"]);
    const none = as((await opened()).checkoutToken);
    expect((await none.prompt({})).status).toBe(422);
  });

  test("again says when to come back, and what the payment is doing", async () => {
    const page = as((await opened()).checkoutToken);
    await page.prompt({ phoneNumber: "0712000005" });
    const again = await page.prompt({ phoneNumber: "0712000005" });
    expect([again.status, again.body.error.message, again.body.error.status]).toEqual([
      409,
      "Payment already in progress",
      "pending",
    ]);
    expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("answers the same for a secret key, a forged token and none: 401", async () => {
    for (const token of [house.keys.secretKey, house.keys.publishableKey, "ct_x", ""]) {
      expect((await as(token).read()).status).toBe(401);
      expect((await as(token).prompt({ phoneNumber: "0712000006" })).status).toBe(401);
    }
    expect(daraja.pushes).toHaveLength(0);
  });
});

describe("the code from the SMS", () => {
  const codeOfToday = (rest: string) => {
    const { year, month, day } = nairobiDate(clock.now());
    return receiptDateLetters(year, month, day) + rest;
  };
  async function lost() {
    daraja.onPush = async () => "hang_up" as const;
    const payment = await opened();
    const page = as(payment.checkoutToken);
    const number = `0712${String(100_000 + count).padStart(6, "0")}`;
    expect((await page.prompt({ phoneNumber: number })).body.status).toBe("in_doubt");
    return { ...payment, page };
  }

  test("is noted and believed by nobody: the payment stays in doubt", async () => {
    const { page, id } = await lost();
    expect((await page.read()).body.codeTold).toBe(false);
    const code = codeOfToday("1A2B3C4");
    const told = await page.tell({
      code: `${code.toLowerCase()} Confirmed. Ksh20.00 sent to AMANI`,
    });
    expect([told.status, told.body.status, told.body.codeTold]).toEqual([200, "in_doubt", true]);
    expect(checkoutView.parse(told.body).receipt).toBeNull();
    const { body } = await house.call("GET", `/v1/payments/${id}`);
    expect(body).toMatchObject({ status: "in_doubt", receipt: null });
    expect((await page.tell({ code })).status).toBe(200);
  });

  test("is refused with words where it cannot be right", async () => {
    const { page } = await lost();
    for (const code of ["hello", "0712345678 is me"]) {
      const bad = await page.tell({ code });
      expect([bad.status, bad.body.error.code, bad.body.error.param]).toEqual([
        422,
        "invalid_field",
        "code",
      ]);
    }
    const old = await page.tell({ code: "TKM1A2B3C4" });
    expect([old.status, old.body.error.code]).toEqual([422, "code_of_another_day"]);
    const fresh = as((await opened()).checkoutToken);
    const early = await fresh.tell({ code: codeOfToday("1A2B3C4") });
    expect([early.status, early.body.error.code]).toEqual([409, "code_not_needed"]);
    expect((await as("ct_x").tell({ code: "TKN1A2B3C4" })).status).toBe(401);
  });

  test("may be tried a few times only", async () => {
    const { page } = await lost();
    const statuses: number[] = [];
    for (let tries = 0; tries < 7; tries += 1)
      statuses.push((await page.tell({ code: "x" })).status);
    expect(statuses).toEqual([422, 422, 422, 422, 422, 422, 429]);
  });
});

describe("what the page is told of an end", () => {
  const ends = async (code: number) => {
    const { checkoutToken, id } = await opened();
    const page = as(checkoutToken);
    await page.prompt({ phoneNumber: "0712000007" });
    const push = daraja.pushes.at(-1);
    if (push === undefined) throw new Error("no push");
    await house.call("POST", new URL(push.callbackUrl).pathname, {
      Body: {
        stkCallback: {
          MerchantRequestID: "1",
          CheckoutRequestID: push.checkoutRequestId,
          ResultCode: code,
          ResultDesc: "internal words",
        },
      },
    });
    return { view: (await page.read()).body, id };
  };

  test.each([
    [1, "failed", "insufficient_funds", null],
    [1032, "cancelled", "cancelled", null],
    [1037, "expired", "unreachable", null],
    [17, "failed", "too_soon", 120_000],
  ])("%i: status %s because of %s, over only when it is", async (code, status, reason, wait) => {
    const { view } = await ends(code);
    expect(view).toMatchObject({ status, reason, closed: false, promptedAt: null, receipt: null });
    expect(view.retryAt).toBe(wait === null ? null : new Date(clock.now() + wait).toISOString());
    expect(JSON.stringify(view)).not.toContain("internal words");
  });

  test("cancelled by the shop: over", async () => {
    const { id } = await ends(1032);
    expect((await house.call("POST", `/v1/payments/${id}/cancel`)).body).toMatchObject({
      status: "cancelled",
      closed: true,
      retryAt: null,
    });
  });
});

test("the seed route: a payment proven before its push answer got lost is no doubt", async () => {
  daraja.onPush = async (push) => {
    await house.call("POST", new URL(push.callbackUrl).pathname, {
      Body: {
        stkCallback: {
          MerchantRequestID: "1",
          CheckoutRequestID: push.checkoutRequestId,
          ResultCode: 0,
          ResultDesc: "",
          CallbackMetadata: {
            Item: [
              { Name: "Amount", Value: 10 },
              { Name: "MpesaReceiptNumber", Value: "TKN1A2B3C4" },
            ],
          },
        },
      },
    });
    return "hang_up" as const;
  };
  const wish = { phoneNumber: "0712000008", amount: 10, orderId: 77 };
  const reply = await house.call("POST", "/api/mpesa/stk-push", wish);
  expect(reply.status).toBe(201);
  expect(reply.body.checkoutRequestId).toBe(daraja.pushes[0]?.checkoutRequestId);
  const again = await house.call("POST", "/api/mpesa/stk-push", wish);
  expect(again.body).toEqual({
    error: "Payment already in progress",
    paymentId: reply.body.paymentId,
    status: "confirmed",
  });
});

test("the seed route: what surely was not sent is 502, and charged nothing", async () => {
  daraja.onToken = () => ({ status: 400, body: "" });
  const wish = { phoneNumber: "0712000009", amount: 10, orderId: "unsent" };
  const reply = await house.call("POST", "/api/mpesa/stk-push", wish);
  expect(reply.status).toBe(502);
  expect(daraja.pushes).toHaveLength(0);
  daraja.onToken = () => ({ status: 200, body: { access_token: "t", expires_in: 3599 } });
  expect((await house.call("POST", "/api/mpesa/stk-push", wish)).status).toBe(201);
});

test("metadata of odd names cannot reach a prototype", async () => {
  const text = '{"amount":1,"orderReference":"proto","metadata":{"__proto__":"x","a":"b"}}';
  const reply = await house.call("POST", "/v1/payments", text);
  if (reply.status === 201) expect(reply.body.metadata.a).toBe("b");
  else expect(reply.status).toBe(422);
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});
