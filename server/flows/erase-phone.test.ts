/** A number is erased in batches; callbacks that come later still find home, and bring nothing back. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Phone } from "../../shared/phone.ts";
import type { AttemptId, PaymentId, UserId } from "../core/payment.ts";
import { sampleAttempt, sampleChange, sampleLine, samplePayment, unique } from "../db/samples.ts";
import { type FlowHouse, flowHouse } from "../flow-house.test-support.ts";
import type { ErasureStore } from "../ports.ts";
import { type EraseDeps, erasePhone } from "./erase-phone.ts";
import { takeCallback } from "./take-callback.ts";

const PHONE = "254711000001" as Phone;
const REQUEST = `ws_CO_23112025120001234${PHONE.slice(3)}`;
const RECEIPT = "TKN7A1B2C3";

let house: FlowHouse;
beforeEach(async () => {
  house = await flowHouse();
  house.daraja.onPush = async () => ({
    kind: "accepted",
    checkoutRequestId: REQUEST,
    merchantRequestId: "29115-34620561-1",
    customerMessage: "Success",
  });
});
afterEach(() => house[Symbol.asyncDispose]());

function deps(erasure: ErasureStore = house.store.erasure): EraseDeps {
  return { erasure, audit: house.store.audit, clock: house.clock, log: house.shared.log };
}
const erase = () => erasePhone(deps(), PHONE, "command");

const failed = (description = "Request cancelled by user") => callback(1032, description);
const paid = () =>
  callback(0, "The service request is processed successfully.", {
    Item: [
      { Name: "Amount", Value: 20 },
      { Name: "MpesaReceiptNumber", Value: RECEIPT },
      { Name: "TransactionDate", Value: 20251123120130 },
      { Name: "PhoneNumber", Value: Number(PHONE) },
    ],
  });
function callback(code: number, description: string, metadata?: object): string {
  const ids = { MerchantRequestID: "29115-34620561-1", CheckoutRequestID: REQUEST };
  const stkCallback = { ...ids, ResultCode: code, ResultDesc: description };
  return JSON.stringify({
    Body: { stkCallback: metadata ? { ...stkCallback, CallbackMetadata: metadata } : stkCallback },
  });
}

/** A prompt that the customer turned away. */
async function turnedAway(): Promise<{ id: PaymentId; attempt: AttemptId }> {
  const { id } = await house.open();
  await house.prompt(id, PHONE);
  const attempt = (await house.read(id)).attempts[0]?.id as AttemptId;
  expect(await post(attempt, failed())).toBe("kept");
  expect((await house.read(id)).payment.status).toBe("cancelled");
  return { id, attempt };
}
const post = (attempt: AttemptId, body: string) =>
  takeCallback(house.deps, attempt, body, "127.0.0.1");

async function bodies(id: PaymentId): Promise<string[]> {
  return (await house.store.story.callbacks(id)).map(({ body }) => body);
}

test("an old callback that comes again changes nothing", async () => {
  const { id, attempt } = await turnedAway();
  expect(await erase()).toMatchObject({ kind: "erased", counts: { attempts: 1, callbacks: 1 } });
  const before = [await house.read(id), await house.store.payments.timeline(id), await bodies(id)];
  expect(await post(attempt, failed())).toBe("kept");
  expect([await house.read(id), await house.store.payments.timeline(id), await bodies(id)]).toEqual(
    before,
  );
});

test("a late success confirms the erased attempt, once, and brings the number back nowhere", async () => {
  const { id, attempt } = await turnedAway();
  await erase();
  expect(await post(attempt, paid())).toBe("kept");
  const after = await house.read(id);
  expect(after.payment).toMatchObject({ status: "confirmed", receipt: RECEIPT });
  expect(after.attempts[0]).toMatchObject({
    state: "confirmed",
    receipt: RECEIPT,
    flags: ["late"],
    phoneTail: "****",
    checkoutRequestId: REQUEST.replace(PHONE.slice(3), "000000000"),
  });
  const kept = await bodies(id);
  expect(kept).toHaveLength(2);
  expect(kept.join()).not.toContain(PHONE.slice(3));
  expect(JSON.parse(kept[1] ?? "")).toMatchObject({ Body: { stkCallback: { ResultCode: 0 } } });
  expect(await post(attempt, paid())).toBe("kept");
  expect(await house.read(id)).toEqual(after);
  expect(await bodies(id)).toEqual(kept);
});

test("an attempt that never had a name of M-Pesa's is confirmed too, and learns it without the number", async () => {
  const { id } = await house.open();
  house.daraja.onPush = async () => ({
    kind: "rejected",
    code: "500.001.1001",
    description: "Unable to lock subscriber",
    cause: "customer_busy",
  });
  await house.prompt(id, PHONE);
  const attempt = (await house.read(id)).attempts[0]?.id as AttemptId;
  expect(await erase()).toMatchObject({ kind: "erased" });
  await post(attempt, paid());
  const after = await house.read(id);
  expect(after.payment.status).toBe("confirmed");
  expect(JSON.stringify([after, await bodies(id)])).not.toContain(PHONE.slice(3));
});

test("sealed texts that do not open stay and are counted; all else loses the number", async () => {
  const { id, attempt } = await turnedAway();
  const { store } = house;
  const note = async (name: string) => {
    const by = { at: 1, actor: "command" as const, action: "note_added" as const, target: id };
    const whose = { userId: "usr_1" as UserId, author: "me@shop.co.ke" };
    const { environment } = house.merchant;
    await store.story.addNote(
      { id: name, paymentId: id, environment, at: 1, ...whose, text: `call ${PHONE}` },
      { ...by, details: {} },
    );
  };
  await note("note_1");
  await note("note_2");
  await house.spoil("note", "note_1");
  await house.spoil("request", attempt);
  const orphan = await house.keepCallback(`att_${"a".repeat(32)}` as AttemptId, `to ${PHONE}`);
  const other = await house.keepCallback(`att_${"b".repeat(32)}` as AttemptId, `to ${PHONE}`);
  await house.spoil("callback", orphan);
  expect(await erase()).toEqual({
    kind: "erased",
    counts: { attempts: 1, payments: 0, callbacks: 2, notes: 1, references: 0, unopened: 3 },
  });
  expect(await store.payments.phoneOf(attempt)).toBeNull();
  expect((await bodies(id)).join()).not.toContain(PHONE.slice(3));
  expect(await store.inbox.orphans(null, 9)).toMatchObject([
    { id: other, body: "to 254000000000" },
  ]);
  expect(house.logged).toContainEqual({ event: "erasure_unopened", fields: { count: 3 } });
});

test("money that may still move keeps the number", async () => {
  const { id } = await house.open();
  await house.prompt(id, PHONE);
  const before = await house.read(id);
  expect(before.attempts[0]?.state).toBe("pending");
  expect(await erase()).toEqual({ kind: "unsettled", attempts: 1 });
  expect(await house.read(id)).toEqual(before);
  expect((await house.store.audit.list({ limit: 9 })).rows).toEqual([]);
});

test("nobody is asked about a name that M-Pesa does not know, and nobody prompts a number that is gone", async () => {
  const { id, attempt } = await turnedAway();
  await erase();
  const asked = house.daraja.queries.length;
  await house.deps.ask(attempt, "first");
  expect(house.daraja.queries).toHaveLength(asked);
  expect((await house.read(id)).attempts[0]?.state).toBe("failed");
  expect(await house.store.payments.phoneOf(attempt)).toBeNull();
});

test("the audit log tells who erased what, by the last two digits, and its chain holds", async () => {
  await turnedAway();
  await erase();
  const [row] = (await house.store.audit.list({ limit: 1 })).rows;
  expect(row).toMatchObject({
    actor: "command",
    action: "number_erased",
    target: null,
    details: {
      ending: "01",
      attempts: 1,
      payments: 0,
      callbacks: 1,
      notes: 0,
      references: 0,
      unopened: 0,
    },
  });
  expect((await house.store.audit.verify(0, 100)).broken).toBeNull();
  expect(JSON.stringify(house.logged)).not.toContain(PHONE.slice(3));
});

describe("a crash between two batches", () => {
  const ATTEMPTS = 45;

  /** More attempts than two batches take. */
  async function regular(): Promise<readonly PaymentId[]> {
    const ids: PaymentId[] = [];
    for (let n = 0; n < ATTEMPTS; n += 1) {
      const payment = samplePayment({ status: "failed", phoneTail: PHONE.slice(-4) });
      await house.store.payments.open(payment, sampleLine(), { phone: PHONE });
      const checkoutRequestId = `ws_CO_2311202512${String(unique()).padStart(7, "0")}${PHONE.slice(3)}`;
      const created = sampleAttempt(payment, PHONE, house.shared.seal, {
        state: "failed",
        checkoutRequestId,
      });
      await house.store.payments.apply(sampleChange(payment, { created }), { phone: PHONE });
      ids.push(payment.id);
    }
    return ids;
  }

  /** Dies before its `turn`th transaction. */
  function dying(turn: number): ErasureStore {
    let turns = 0;
    const { erasure } = house.store;
    return {
      ...erasure,
      async blank(...given) {
        turns += 1;
        if (turns === turn) throw new Error("the power went");
        return erasure.blank(...given);
      },
    };
  }

  test("leaves whole rows, and running again does the rest", async () => {
    const ids = await regular();
    const left: number[] = [];
    // Payments, notes and orphans take a turn each; then come the attempts.
    for (const turn of [2, 4, 5, 5]) {
      await expect(erasePhone(deps(dying(turn)), PHONE, "command")).rejects.toThrow("power");
      const attempts = (await Promise.all(ids.map((id) => house.read(id)))).flatMap(
        (each) => each.attempts,
      );
      left.push(attempts.filter(({ phoneTail }) => phoneTail !== "****").length);
      for (const { phoneTail, checkoutRequestId } of attempts) {
        expect(checkoutRequestId?.endsWith(PHONE.slice(3))).toBe(phoneTail !== "****");
      }
    }
    expect(left).toEqual([45, 45, 25, 5]);
    expect(await erase()).toMatchObject({ kind: "erased", counts: { attempts: 5, payments: 0 } });
    for (const id of ids) {
      const { payment, attempts } = await house.read(id);
      expect([payment.phoneTail, attempts[0]?.phoneTail]).toEqual([null, "****"]);
      expect(payment.status).toBe("failed");
    }
  });
});
