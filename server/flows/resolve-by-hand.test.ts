/** A person settles what the machine lets a person settle, once, and in words (rows 17 to 19, P7). */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { centsFromShillings } from "../../shared/money.ts";
import { parseReceipt, type Receipt } from "../../shared/receipt.ts";
import { happened } from "../core/events.ts";
import type { Attempt, AttemptId, PaymentId, UserId } from "../core/payment.ts";
import { type FlowHouse, flowHouse } from "../flow-house.test-support.ts";
import { advance } from "./advance.ts";
import { askNow } from "./ask-now.ts";
import { type Decision, type Resolved, resolveByHand } from "./resolve-by-hand.ts";
import { seeActions } from "./see-actions.ts";

let house: FlowHouse;
beforeEach(async () => {
  house = await flowHouse();
});
afterEach(() => house[Symbol.asyncDispose]());

const SECOND = 1_000;
const receipt = (text: string) => parseReceipt(text) as Receipt;
/** T = 2025, K = November, N = the 23rd: the day on which the house's clock stands. */
const RECEIPT = receipt("TKN7A1B2C3");
const REVERSAL = receipt("TKN9REV001");
const WANJIRU = { id: "usr_wanjiru" as UserId, email: "wanjiru@shop.co.ke" };
const OTIENO = { id: "usr_otieno" as UserId, email: "otieno@shop.co.ke" };
const REASON = "seen in the M-PESA statement";

/** A payment whose push answer was lost, three minutes ago. */
async function doubt(): Promise<{ id: PaymentId; attempt: Attempt; version: number }> {
  const { id } = await house.open();
  house.daraja.onPush = async () => ({ kind: "unknown", description: "ECONNRESET" });
  const phone = `25471100${String(house.daraja.pushes.length).padStart(4, "0")}`;
  await house.prompt(id, phone);
  house.clock.pass(180 * SECOND);
  return current(id);
}

async function current(id: PaymentId) {
  const { payment, attempts } = await house.read(id);
  return { id, attempt: attempts.at(-1) as Attempt, version: payment.version, payment };
}

type Seen = Awaited<ReturnType<typeof doubt>>;

function confirming({ attempt, version }: Seen, patch: object = {}): Decision {
  return {
    action: "confirm",
    attemptId: attempt.id,
    version,
    reason: REASON,
    by: WANJIRU,
    receipt: RECEIPT,
    amountCents: attempt.amountCents,
    otherDay: "unseen",
    ...patch,
  };
}
const failing = (seen: Seen, patch: object = {}): Decision =>
  ({ ...confirming(seen), action: "fail", ...patch }) as Decision;
const reversing = (seen: Seen, patch: object = {}): Decision =>
  confirming(seen, { action: "reverse", receipt: REVERSAL, ...patch });

const decide = (id: PaymentId, decision: Decision, by = house.deps) =>
  resolveByHand(by, id, decision);
const told = (resolved: Resolved) =>
  resolved.kind === "refused" ? resolved.because : resolved.kind;

/** Everything the database knows of a payment, to see that nothing of it moved. */
const everything = async (id: PaymentId) =>
  JSON.stringify([
    await house.read(id),
    await house.store.payments.timeline(id),
    await house.store.story.evidence(id),
    await house.store.audit.head(),
  ]);

describe("confirming", () => {
  test("moves the payment, with the receipt as evidence and a story that names the person", async () => {
    const seen = await doubt();
    const done = await decide(seen.id, confirming(seen));
    expect(done).toMatchObject({ kind: "resolved", now: { payment: { status: "confirmed" } } });
    expect(await house.read(seen.id)).toMatchObject({
      payment: { status: "confirmed", receipt: RECEIPT, version: seen.version + 1 },
      attempts: [{ state: "confirmed", receipt: RECEIPT, receivedCents: seen.attempt.amountCents }],
    });
    const line = (await house.store.payments.timeline(seen.id)).at(-1);
    expect(line).toMatchObject({ kind: "operator_confirm", from: "in_doubt", to: "confirmed" });
    expect(line?.detail).toEqual({
      by: WANJIRU.email,
      receipt: RECEIPT,
      amount: 20,
      reason: REASON,
    });
    const { rows } = await house.store.audit.list({ limit: 1 });
    expect(rows).toMatchObject([
      {
        actor: WANJIRU.id,
        action: "payment_confirmed",
        target: seen.id,
        details: { receipt: RECEIPT, amount: 20, reason: REASON },
      },
    ]);
    expect(house.logged).toContainEqual({
      event: "payment_resolved",
      fields: { paymentId: seen.id, userId: WANJIRU.id },
    });
  });

  test("another amount than was asked for leaves the rest to a person", async () => {
    const seen = await doubt();
    await decide(seen.id, confirming(seen, { amountCents: centsFromShillings(15) }));
    expect((await house.read(seen.id)).payment.status).toBe("review");
  });

  test("a receipt of another payment is refused, and nothing moves", async () => {
    const first = await doubt();
    await decide(first.id, confirming(first));
    const second = await doubt();
    const before = await everything(second.id);
    expect(await decide(second.id, confirming(second))).toEqual({
      kind: "receipt_used",
      owner: first.attempt.id,
    });
    expect(await everything(second.id)).toBe(before);
  });

  test("a receipt under which another payment was paid a second time is refused, too", async () => {
    const first = await doubt();
    await decide(first.id, confirming(first));
    const surplus = receipt("TKN7SURPLS");
    const told = { code: "0", receipt: surplus, amountCents: first.attempt.amountCents };
    await advance(house.deps, first.id, happened("callback_success", first.attempt.id, told));
    expect((await current(first.id)).payment).toMatchObject({
      receipt: RECEIPT,
      flags: expect.arrayContaining(["secondReceipt"]),
    });
    const second = await doubt();
    const before = await everything(second.id);
    expect(await decide(second.id, confirming(second, { receipt: surplus }))).toEqual({
      kind: "receipt_used",
      owner: first.attempt.id,
    });
    expect(await everything(second.id)).toBe(before);
  });

  test("a receipt that another payment takes at the same moment is refused, too", async () => {
    const [first, second] = [await doubt(), await doubt()];
    const other = { ...house.deps, payments: { ...house.store.payments } };
    const done = await Promise.all([
      decide(first.id, confirming(first)),
      decide(second.id, confirming(second), other),
    ]);
    expect(done.map(told).sort()).toEqual(["receipt_used", "resolved"]);
    const states = [await house.read(first.id), await house.read(second.id)];
    expect(states.map(({ payment }) => payment.status).sort()).toEqual(["confirmed", "in_doubt"]);
  });

  test.each([
    ["the day before the prompt", "TKM7A1B2C3"],
    ["tomorrow", "TKO7A1B2C3"],
    ["no day at all", "TK07A1B2C3"],
  ])("a receipt of %s wants a second look, and is marked", async (_day, text) => {
    const seen = await doubt();
    const odd = { receipt: receipt(text) };
    expect(told(await decide(seen.id, confirming(seen, odd)))).toBe("receipt_other_day");
    const again = confirming(seen, { ...odd, otherDay: "accepted" });
    expect(told(await decide(seen.id, again))).toBe("resolved");
    const line = (await house.store.payments.timeline(seen.id)).at(-1);
    expect(line?.detail.receiptDateOdd).toBe(true);
  });

  test("a receipt that fits is not marked, whatever the page said", async () => {
    const seen = await doubt();
    await decide(seen.id, confirming(seen, { otherDay: "accepted" }));
    const line = (await house.store.payments.timeline(seen.id)).at(-1);
    expect(line?.detail).not.toHaveProperty("receiptDateOdd");
  });

  test("fills the receipt that a query could not tell, once", async () => {
    const seen = await doubt();
    await advance(house.deps, seen.id, happened("look_success", seen.attempt.id, { code: "0" }));
    const paid = await current(seen.id);
    expect(paid.attempt.flags).toContain("receiptWanted");
    expect(told(await decide(seen.id, confirming(paid)))).toBe("resolved");
    const filled = await current(seen.id);
    expect(filled).toMatchObject({ attempt: { receipt: RECEIPT, flags: [] } });
    const other = confirming(filled, { receipt: receipt("TKNOTHER01") });
    expect(told(await decide(seen.id, other))).toBe("receipt_known");
  });
});

test("a receipt with another amount than the query's money is flagged, not filled", async () => {
  const seen = await doubt();
  await advance(house.deps, seen.id, happened("look_success", seen.attempt.id, { code: "0" }));
  const three = { amountCents: centsFromShillings(3) };
  expect(told(await decide(seen.id, confirming(await current(seen.id), three)))).toBe("resolved");
  const after = await current(seen.id);
  expect(after).toMatchObject({
    payment: { status: "confirmed", receipt: null, flags: ["amountMismatch", "receiptWanted"] },
    attempt: { receipt: null, receivedCents: seen.attempt.amountCents },
  });
  expect(house.logged.map(({ event }) => event)).toContain("payment_alarm");
  // What was mistyped may be put right: the row still wants its receipt.
  expect(told(await decide(seen.id, confirming(after)))).toBe("resolved");
  expect((await current(seen.id)).attempt).toMatchObject({
    receipt: RECEIPT,
    flags: ["amountMismatch"],
  });
});

describe("failing", () => {
  test("ends a doubt three minutes after the push", async () => {
    const seen = await doubt();
    expect(told(await decide(seen.id, failing(seen)))).toBe("resolved");
    expect(await house.read(seen.id)).toMatchObject({
      payment: { status: "failed" },
      attempts: [{ state: "failed", reason: "operator" }],
    });
    const line = (await house.store.payments.timeline(seen.id)).at(-1);
    expect(line?.detail).toEqual({ by: WANJIRU.email, reason: REASON });
  });

  test("not before, and says from when", async () => {
    const { id } = await house.open();
    house.daraja.onPush = async () => ({ kind: "unknown", description: "ECONNRESET" });
    await house.prompt(id);
    const pushed = house.clock.now();
    house.clock.pass(179 * SECOND);
    expect(await decide(id, failing(await current(id)))).toEqual({
      kind: "refused",
      because: "too_early",
      at: pushed + 180 * SECOND,
    });
  });
});

describe("marking as reversed", () => {
  async function paid(): Promise<Seen> {
    const seen = await doubt();
    await decide(seen.id, confirming(seen));
    return current(seen.id);
  }

  test("ends confirmed money by the reversal's own receipt", async () => {
    const seen = await paid();
    expect(told(await decide(seen.id, reversing(seen)))).toBe("resolved");
    expect(await house.read(seen.id)).toMatchObject({
      payment: { status: "reversed" },
      attempts: [{ state: "reversed", receipt: RECEIPT, reversedCents: seen.attempt.amountCents }],
    });
  });

  test("a part keeps the rest, and the same reversal counts once", async () => {
    const seen = await paid();
    const part = { amountCents: centsFromShillings(5) };
    expect(told(await decide(seen.id, reversing(seen, part)))).toBe("resolved");
    const after = await current(seen.id);
    expect(after.attempt).toMatchObject({ state: "confirmed", reversedCents: 500 });
    expect(await decide(seen.id, reversing(after, part))).toEqual({
      kind: "receipt_used",
      owner: null,
    });
    const rest = reversing(after, { receipt: receipt("TKN9REV002") });
    expect(await decide(seen.id, rest)).toEqual({ kind: "more_than_received", leftCents: 1_500 });
  });

  test("one reversal gives back one payment, and proves no other's money", async () => {
    const [one, two, three] = [await paid(), await doubt(), await doubt()];
    await decide(two.id, confirming(two, { receipt: receipt("TKN7A1B2C4") }));
    await decide(one.id, reversing(one));
    const used = { kind: "receipt_used", owner: null };
    expect(await decide(two.id, reversing(await current(two.id)))).toEqual(used);
    expect(await decide(three.id, confirming(three, { receipt: REVERSAL }))).toEqual(used);
    expect((await current(two.id)).payment.status).toBe("confirmed");
  });

  test("of two people at two payments with one reversal exactly one is done", async () => {
    const [one, two] = [await paid(), await doubt()];
    await decide(two.id, confirming(two, { receipt: receipt("TKN7A1B2C4") }));
    const both = [one, await current(two.id)].map((seen) => decide(seen.id, reversing(seen)));
    expect((await Promise.all(both)).map(told).sort()).toEqual(["receipt_used", "resolved"]);
  });

  test("a reversal's code proves no payment, also when both are told at once", async () => {
    const [one, two] = [await paid(), await doubt()];
    const back = decide(one.id, reversing(one));
    const done = await Promise.all([back, decide(two.id, confirming(two, { receipt: REVERSAL }))]);
    expect(done.map(told).sort()).toEqual(["receipt_used", "resolved"]);
  });

  test("takes the surplus from the order's other payment", async () => {
    const late = await doubt();
    await advance(
      house.deps,
      late.id,
      happened("callback_failure", late.attempt.id, { code: "1032" }),
    );
    await advance(house.deps, late.id, { type: "cancel" });
    const { orderReference } = (await current(late.id)).payment;
    const { id } = await house.open({ orderReference });
    await house.prompt(id, "254722000001");
    house.clock.pass(180 * SECOND);
    await decide(late.id, confirming(await current(late.id)));
    const now = await current(id);
    await decide(id, confirming(now, { receipt: receipt("TKN7A1B2C4") }));
    expect((await current(id)).payment.flags).toContain("overpaid");
    await decide(late.id, reversing(await current(late.id)));
    expect((await current(id)).payment).toMatchObject({ status: "confirmed", flags: [] });
  });

  test("the payment's own receipt proves no reversal", async () => {
    const seen = await paid();
    const own = await decide(seen.id, reversing(seen, { receipt: RECEIPT }));
    expect(own).toEqual({ kind: "receipt_used", owner: seen.attempt.id });
  });
});

describe("what the machine refuses stays as it was", () => {
  async function inState(state: Attempt["state"]): Promise<Seen> {
    const seen = await doubt();
    const { id: attemptId } = seen.attempt;
    const learn = (type: Parameters<typeof happened>[0], news = {}) =>
      advance(house.deps, seen.id, happened(type, attemptId, news));
    switch (state) {
      case "in_doubt":
        break;
      case "pending": {
        const { id } = await house.open();
        house.daraja.onPush = async () => ({
          kind: "accepted",
          checkoutRequestId: `ws_CO_${id}`,
          merchantRequestId: "m-1",
          customerMessage: "",
        });
        await house.prompt(id, "254722000001");
        return current(id);
      }
      case "failed":
        await learn("callback_failure", { code: "1032" });
        break;
      case "review":
        await learn("callback_mismatch", { amountCents: centsFromShillings(1), code: "0" });
        break;
      case "confirmed":
      case "reversed":
        await decide(seen.id, confirming(seen));
        if (state === "reversed") await learn("reversal");
        break;
      case "created":
      case "sending":
        throw new Error("nobody acts on an attempt whose push is under way");
    }
    return current(seen.id);
  }

  test.each([
    ["confirm", "confirmed", "receipt_known"],
    ["confirm", "reversed", "payment_reversed"],
    ["fail", "pending", "still_waiting"],
    ["fail", "confirmed", "already_paid"],
    ["fail", "failed", "already_failed"],
    ["fail", "review", "success_seen"],
    ["fail", "reversed", "payment_reversed"],
    ["reverse", "pending", "not_paid"],
    ["reverse", "in_doubt", "not_paid"],
    ["reverse", "failed", "not_paid"],
  ] as const)("to %s what is %s: %s", async (action, state, because) => {
    const seen = await inState(state);
    const before = await everything(seen.id);
    const decision = confirming(seen, { action, receipt: receipt("TKNNEW0001") });
    const wished = action === "fail" ? failing(seen) : decision;
    expect(told(await decide(seen.id, wished))).toBe(because);
    expect(await everything(seen.id)).toBe(before);
  });

  test("a reversal of money that was given back already is more than is left", async () => {
    const seen = await inState("reversed");
    expect(told(await decide(seen.id, reversing(seen)))).toBe("more_than_received");
  });

  test.each(["confirm", "fail", "reverse"] as const)("to %s a push under way", async (action) => {
    let pushed = () => {};
    house.daraja.onPush = () =>
      new Promise((resolve) => {
        pushed = () => resolve({ kind: "unknown", description: "late" });
      });
    const { id } = await house.open();
    const prompting = house.prompt(id);
    await expect.poll(() => house.daraja.pushes.length).toBe(1);
    const seen = await current(id);
    const wished = action === "fail" ? failing(seen) : confirming(seen, { action });
    expect(told(await decide(id, wished))).toBe(action === "reverse" ? "not_paid" : "not_sent_yet");
    pushed();
    await prompting;
  });

  test("an attempt or a payment that is not there", async () => {
    const seen = await doubt();
    const foreign = confirming(seen, { attemptId: "f".repeat(32) as AttemptId });
    expect(told(await decide(seen.id, foreign))).toBe("unknown_attempt");
    const nowhere = `pay_${"f".repeat(32)}` as PaymentId;
    expect(told(await decide(nowhere, confirming(seen)))).toBe("unknown_payment");
  });
});

describe("a page that is behind", () => {
  test("is told so, and overwrites nothing", async () => {
    const seen = await doubt();
    await advance(house.deps, seen.id, happened("look_silent", seen.attempt.id));
    const before = await everything(seen.id);
    for (const wished of [confirming(seen), failing(seen), reversing(seen)]) {
      expect(told(await decide(seen.id, wished))).toBe("stale");
    }
    expect(await everything(seen.id)).toBe(before);
  });

  test.each(["one server", "two servers"])(
    "of two people at once, exactly one moves it: %s",
    async (n) => {
      const seen = await doubt();
      const second = n === "one server" ? house.store.payments : { ...house.store.payments };
      const done = await Promise.all([
        decide(seen.id, confirming(seen)),
        decide(seen.id, failing(seen, { by: OTIENO }), { ...house.deps, payments: second }),
      ]);
      expect(done.map(told).sort()).toEqual(["resolved", "stale"]);
      expect((await house.store.audit.head()).number).toBe(1);
      const byHand = (await house.store.payments.timeline(seen.id)).filter(
        ({ detail }) => detail.by,
      );
      expect(byHand).toHaveLength(1);
      expect((await house.read(seen.id)).payment.version).toBe(seen.version + 1);
    },
  );

  test("money that comes while somebody writes off a doubt is not overwritten", async () => {
    const seen = await doubt();
    const news = { code: "0", receipt: RECEIPT, amountCents: seen.attempt.amountCents };
    const elsewhere = { ...house.deps, payments: { ...house.store.payments } };
    await Promise.all([
      decide(seen.id, failing(seen)),
      advance(elsewhere, seen.id, happened("callback_success", seen.attempt.id, news)),
    ]);
    expect((await house.read(seen.id)).payment.status).toBe("confirmed");
  });
});

describe("what may be done, and asking now", () => {
  const ask = (id: PaymentId) => askNow({ ...house.deps, audit: house.store.audit }, id, WANJIRU);
  const askedBy = async () => {
    const { rows } = await house.store.audit.list({ limit: 9, action: "mpesa_asked" });
    return rows.map(({ actor, target }) => [actor, target]);
  };
  async function pending(): Promise<PaymentId> {
    const { id } = await house.open();
    await house.prompt(id);
    house.clock.pass(10 * SECOND);
    return id;
  }

  test("asking now commits what Daraja says, and again only ten seconds later", async () => {
    const id = await pending();
    expect(await ask(id)).toEqual({ kind: "asked" });
    expect(house.daraja.queries).toHaveLength(1);
    expect(await ask(id)).toEqual({
      kind: "refused",
      because: "asked_just_now",
      at: house.clock.now() + 10 * SECOND,
    });
    house.clock.pass(10 * SECOND);
    house.daraja.onQuery = async () => ({ kind: "success" });
    expect(await ask(id)).toEqual({ kind: "asked" });
    expect((await house.read(id)).payment.status).toBe("confirmed");
    expect(told((await ask(id)) as Resolved)).toBe("nothing_to_ask");
    // What was refused asked nobody.
    expect(await askedBy()).toEqual([
      [WANJIRU.id, id],
      [WANJIRU.id, id],
    ]);
  });

  test("a pace that must pass first is said", async () => {
    const id = await pending();
    house.gate.take = () => ({ waitMs: 5_000, because: "rate" });
    expect(await ask(id)).toEqual({ kind: "later" });
    expect(house.daraja.queries).toHaveLength(0);
  });

  test("a phone that was asked too often may rest while another is asked", async () => {
    const { id } = await house.open();
    for (let n = 0; n < 3; n += 1) {
      await house.prompt(id);
      const { attempt } = await current(id);
      await advance(house.deps, id, happened("callback_failure", attempt.id, { code: "1" }));
      house.clock.pass(40 * SECOND);
    }
    const possible = await seeActions(house.deps, id);
    expect(possible?.prompt_same).toMatchObject({ kind: "refused", because: "too_many_prompts" });
    expect(possible?.prompt_other).toEqual({ kind: "allowed", attempts: [] });
  });

  test("the number that the shop named is the phone to prompt first", async () => {
    const { id } = await house.open({ phone: "254711000009" as never });
    expect((await seeActions(house.deps, id))?.prompt_same.kind).toBe("allowed");
    const unnamed = await house.open();
    expect((await seeActions(house.deps, unnamed.id))?.prompt_same).toMatchObject({
      because: "no_phone",
    });
    expect(await seeActions(house.deps, `pay_${"0".repeat(32)}` as PaymentId)).toBeNull();
  });
});
