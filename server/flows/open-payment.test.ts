/** One order, one payment, also when callers meet (contract §4, machine §3). */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { centsFromShillings } from "../../shared/money.ts";
import { parseReceipt } from "../../shared/receipt.ts";
import { happened } from "../core/events.ts";
import { type FlowHouse, flowHouse } from "../flow-house.test-support.ts";
import { advance } from "./advance.ts";
import { openPayment } from "./open-payment.ts";

let house: FlowHouse;
beforeEach(async () => {
  house = await flowHouse();
});
afterEach(() => house[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;

async function settled(id: Awaited<ReturnType<FlowHouse["open"]>>["id"], code: string) {
  await house.prompt(id);
  const attempt = (await house.read(id)).attempts.at(-1);
  if (attempt === undefined) throw new Error("no attempt");
  const paid = code === "0";
  await advance(
    house.deps,
    id,
    happened(paid ? "callback_success" : "callback_failure", attempt.id, {
      code,
      ...(paid ? { amountCents: attempt.amountCents } : {}),
    }),
  );
}

async function givenBack(
  id: Awaited<ReturnType<FlowHouse["open"]>>["id"],
  shillings: number,
  receipt = "TKN9REV001",
) {
  const attempt = (await house.read(id)).attempts.at(-1);
  if (attempt === undefined) throw new Error("no attempt");
  const amountCents = centsFromShillings(shillings);
  const told = { receipt: parseReceipt(receipt), amountCents };
  await advance(house.deps, id, happened("reversal", attempt.id, told));
}

describe("a known order", () => {
  const orderReference = "A-1";

  test("unfinished: the same amount is the same payment, also after a failed prompt", async () => {
    const first = await house.open({ orderReference });
    await settled(first.id, "1032");
    const again = await house.open({ orderReference });
    expect([again.kind, again.id]).toEqual(["existing", first.id]);
  });

  test("unfinished: another amount closes the old one, and only then", async () => {
    const first = await house.open({ orderReference });
    const other = await house.open({ orderReference, amount: 30 });
    expect(other.kind).toBe("opened");
    expect((await house.read(first.id)).payment.closing).toBe("cancelled");
    await house.prompt(other.id);
    expect((await house.open({ orderReference, amount: 40 })).kind).toBe("order_in_progress");
    expect((await house.read(other.id)).payment.closing).toBeNull();
  });

  test("paid and given back in part: still paid, and no payment opens that could not be prompted", async () => {
    const first = await house.open({ orderReference });
    await settled(first.id, "0");
    await givenBack(first.id, 5);
    expect((await house.read(first.id)).payment.status).toBe("reversed");
    for (const amount of [20, 5]) {
      const again = await house.open({ orderReference, amount });
      expect([again.kind, again.id]).toEqual(["order_already_paid", first.id]);
    }
    await givenBack(first.id, 15, "TKN9REV002");
    const anew = await house.open({ orderReference });
    expect([anew.kind, anew.id === first.id]).toEqual(["opened", false]);
    house.clock.pass(60_000);
    expect((await house.prompt(anew.id)).kind).toBe("prompted");
  });

  test("paid: every amount is refused, for ever", async () => {
    const first = await house.open({ orderReference });
    await settled(first.id, "0");
    house.clock.pass(100 * DAY_MS);
    for (const amount of [20, 30]) {
      const again = await house.open({ orderReference, amount });
      expect([again.kind, again.id]).toEqual(["order_already_paid", first.id]);
    }
  });

  test("closed without money: a new payment", async () => {
    const first = await house.open({ orderReference });
    await advance(house.deps, first.id, { type: "cancel" });
    const again = await house.open({ orderReference });
    expect(again.kind).toBe("opened");
    expect(again.id).not.toBe(first.id);
  });

  test("whose time ran out before the worker came by: closed, and a new payment", async () => {
    const first = await house.open({ orderReference, expiresInSeconds: 300 });
    house.clock.pass(300_000);
    const again = await house.open({ orderReference });
    expect(again.kind).toBe("opened");
    expect((await house.read(first.id)).payment.closing).toBe("expired");
  });

  test("of another merchant or another case is another order", async () => {
    const first = await house.open({ orderReference: "inv" });
    expect((await house.open({ orderReference: "INV" })).id).not.toBe(first.id);
  });
});

describe("many callers at once", () => {
  test("for one order and amount agree on one payment", async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => house.open({ orderReference: "B-1" })),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(all.filter(({ kind }) => kind === "opened")).toHaveLength(1);
  });

  test("with ten amounts leave one payment open", async () => {
    const orderReference = "B-2";
    await Promise.all(
      Array.from({ length: 5 }, (_, i) => house.open({ orderReference, amount: 10 + i })),
    );
    const { id, environment } = house.merchant;
    const order = await house.store.payments.byOrder(id, environment, orderReference);
    expect(order.filter(({ payment }) => payment.closing === null)).toHaveLength(1);
  });
});

describe("the account reference", () => {
  const referenceOf = async (wish: object) => (await house.open(wish)).now.payment.accountReference;

  test("is the order's own where it fits, and is not given twice within 90 days", async () => {
    expect(await referenceOf({ orderReference: "inv-77" })).toBe("INV77");
    const second = await referenceOf({ orderReference: "INV 77" });
    expect(second).toMatch(/^INV77[A-Z2-9]{5}$/);
    house.clock.pass(91 * DAY_MS);
    expect(await referenceOf({ orderReference: "inv_77" })).toBe("INV77");
  });

  test("that the merchant chose is theirs to repeat", async () => {
    for (let i = 0; i < 7; i += 1) {
      expect(await referenceOf({ accountReference: "HOUSE4" })).toBe("HOUSE4");
    }
  });

  test("of an order without a plain character is a code", async () => {
    expect(await referenceOf({ orderReference: "№…" })).toMatch(/^[A-Z2-9]{5}$/);
  });
});

test("opening is told once, with the committed version", async () => {
  const { id, now } = await house.open({ amount: 1_250 });
  expect(now.payment.amountCents).toBe(centsFromShillings(1_250));
  expect(house.nudges).toEqual([{ id, merchantId: house.merchant.id, version: 1 }]);
});

describe("a call with an Idempotency-Key", () => {
  const claimOf = (key: string) => ({
    merchantId: house.merchant.id,
    environment: house.merchant.environment,
    key,
    bodyHash: "h",
    at: house.clock.now(),
  });
  const wish = {
    amount: 20,
    amountSource: "server" as const,
    orderReference: "K-1",
    expiresInSeconds: 86_400,
  };

  test("that dies right after the commit has its payment noted under the key", async () => {
    const claim = claimOf("one");
    await house.store.idempotency.claim(claim);
    const opened = await openPayment(house.deps, house.merchant, wish, claim);
    expect(await house.store.idempotency.claim(claim)).toMatchObject({
      kind: "running",
      paymentId: opened.now.payment.id,
    });
  });

  test("notes nothing where the commit fails", async () => {
    const claim = claimOf("two");
    await house.store.idempotency.claim(claim);
    const payments = { ...house.deps.payments, open: () => Promise.reject(new Error("disk")) };
    const broken = { ...house.deps, payments };
    await expect(openPayment(broken, house.merchant, wish, claim)).rejects.toThrow("disk");
    expect(await house.store.idempotency.claim(claim)).toMatchObject({ paymentId: null });
  });
});
