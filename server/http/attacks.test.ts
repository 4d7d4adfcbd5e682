/** The known attacks on payment plugins, one test each. None may make an unpaid order paid. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { eventually, fastClock, type TestHouse, testHouse } from "../app.test-support.ts";
import type { PaymentId } from "../core/payment.ts";
import {
  type ArrivedPush,
  darajaEnv,
  type LocalDaraja,
  localDaraja,
  queryResult,
} from "../local-daraja.test-support.ts";

let daraja: LocalDaraja;
let house: TestHouse;
beforeAll(async () => {
  daraja = await localDaraja();
  house = await testHouse({ env: darajaEnv(daraja), clock: fastClock(5) });
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
const receipt = () => `TKN${(++count).toString(36).toUpperCase().padStart(7, "0")}`;

interface Order extends ArrivedPush {
  readonly id: PaymentId;
  readonly orderReference: string;
}

async function ordered(amount: number): Promise<Order> {
  count += 1;
  const phoneNumber = `25471${String(count).padStart(7, "0")}`;
  const orderReference = `attack-${count}`;
  const { body } = await house.call("POST", "/v1/payments", { amount, orderReference });
  await house.call("POST", `/v1/payments/${body.id}/prompt`, { phoneNumber });
  const push = daraja.pushes.find(({ phone }) => phone === phoneNumber);
  if (push === undefined) throw new Error("nothing was pushed");
  return { ...push, id: body.id, orderReference };
}

const read = async ({ id }: { readonly id: string }) =>
  (await house.call("GET", `/v1/payments/${id}`)).body;

/** What Daraja says when the customer has paid, to the last field. */
const success = (order: ArrivedPush, code: string, amount = order.amount) => ({
  Body: {
    stkCallback: {
      MerchantRequestID: "m-1",
      CheckoutRequestID: order.checkoutRequestId,
      ResultCode: 0,
      ResultDesc: "The service request is processed successfully.",
      CallbackMetadata: {
        Item: [
          { Name: "Amount", Value: amount },
          { Name: "MpesaReceiptNumber", Value: code },
          { Name: "TransactionDate", Value: 20251123120012 },
          { Name: "PhoneNumber", Value: Number(order.phone) },
        ],
      },
    },
  },
});

/** Posts without any key, as the whole internet can. */
async function post(url: string, body: unknown): Promise<number> {
  const address = house.origin + new URL(url, house.origin).pathname;
  const headers = { "Content-Type": "application/json" };
  return (await fetch(address, { method: "POST", headers, body: JSON.stringify(body) })).status;
}

test("a callback without authentication: a perfect success on the fixed address pays nothing", async () => {
  const order = await ordered(20);
  expect(await post("/api/mpesa/callback", success(order, receipt()))).toBe(200);
  expect(await post("/daraja/callbacks/", success(order, receipt()))).toBe(200);
  const forged = order.callbackUrl.replace(/[0-9a-f]{64}$/, "0".repeat(64));
  expect(await post(forged, success(order, receipt()))).toBe(200);
  // At most Daraja was asked, and it knows of no money.
  expect(await read(order)).toMatchObject({ status: "pending", receipt: null });
});

test("an authentic 1-shilling success replayed on a big order pays neither order wrongly", async () => {
  const [small, big] = [await ordered(1), await ordered(50_000)];
  const cheap = success(small, receipt());
  expect(await post(small.callbackUrl, cheap)).toBe(200);
  expect(await post(big.callbackUrl, cheap)).toBe(200);
  expect((await read(small)).status).toBe("confirmed");
  expect((await read(big)).status).not.toBe("confirmed");
  // Dressed up with the big order's own id and a receipt of its own, it still is one shilling.
  const other = await ordered(50_000);
  await post(other.callbackUrl, success(other, receipt(), 1));
  const held = await read(other);
  expect([held.status, held.flags]).toEqual(["review", ["amountMismatch"]]);
});

test("a success for order A posted to order B's address pays neither", async () => {
  const [a, b] = [await ordered(20), await ordered(20)];
  expect(await post(b.callbackUrl, success(a, receipt()))).toBe(200);
  expect((await read(a)).status).toBe("pending");
  expect((await read(b)).status).toBe("review");
});

test("a reused receipt pays one order only, also in small letters", async () => {
  const [first, second, third] = [await ordered(20), await ordered(20), await ordered(20)];
  const code = receipt();
  await post(first.callbackUrl, success(first, code));
  await post(second.callbackUrl, success(second, code));
  await post(third.callbackUrl, success(third, code.toLowerCase()));
  expect(await read(first)).toMatchObject({ status: "confirmed", receipt: code });
  for (const order of [second, third]) {
    expect(await read(order)).toMatchObject({ status: "review", receipt: null });
  }
});

test("a reused receipt posted to both orders at once still pays one only", async () => {
  const [first, second] = [await ordered(20), await ordered(20)];
  const code = receipt();
  await Promise.all([
    post(first.callbackUrl, success(first, code)),
    post(second.callbackUrl, success(second, code)),
  ]);
  const statuses = [(await read(first)).status, (await read(second)).status];
  expect(statuses.sort()).toEqual(["confirmed", "review"]);
});

test("no second payment is opened or prompted for an order in doubt, by any door", async () => {
  daraja.onPush = () => "hang_up";
  const order = await ordered(20);
  expect((await read(order)).status).toBe("in_doubt");
  daraja.onPush = (_push, accepted) => accepted;
  const { orderReference } = order;
  const pushed = daraja.pushes.length;
  const same = await house.call("POST", "/v1/payments", { amount: 20, orderReference });
  expect([same.status, same.body.id]).toEqual([200, order.id]);
  const other = await house.call("POST", "/v1/payments", { amount: 30, orderReference });
  expect([other.status, other.body.error.code]).toEqual([409, "order_in_progress"]);
  const phoneNumber = "254711999999";
  const doors = [
    house.call("POST", `/v1/payments/${order.id}/prompt`, { phoneNumber }),
    house.call("POST", "/api/mpesa/stk-push", { phoneNumber, amount: 20, orderId: orderReference }),
    house.call(
      "POST",
      "/checkout/v1/prompt",
      { phoneNumber },
      { Authorization: `Bearer ${same.body.checkoutToken}` },
    ),
    house.call("POST", `/v1/payments/${order.id}/cancel`),
  ];
  expect((await Promise.all(doors)).map(({ status }) => status)).toEqual([409, 409, 409, 409]);
  expect(daraja.pushes).toHaveLength(pushed);
});

test("a check that throws pays nothing, keeps the callback, and is done again later", async () => {
  const { payments, inbox } = house.app.store;
  const [checked, kept] = [payments.receiptOwner, inbox.keep];
  const order = await ordered(20);
  const code = receipt();
  Object.assign(payments, { receiptOwner: () => Promise.reject(new Error("the check fell over")) });
  try {
    Object.assign(inbox, { keep: () => Promise.reject(new Error("and so did the inbox")) });
    expect(await post(order.callbackUrl, success(order, code))).toBe(503);
    Object.assign(inbox, { keep: kept });
    expect(await post(order.callbackUrl, success(order, code))).toBe(200);
    expect(await read(order)).toMatchObject({ status: "pending", receipt: null });
    expect(await inbox.unapplied(1)).toHaveLength(1);
  } finally {
    Object.assign(payments, { receiptOwner: checked });
    Object.assign(inbox, { keep: kept });
  }
  await eventually(
    () => read(order),
    (now) => now.status === "confirmed" && now.receipt === code,
  );
});
