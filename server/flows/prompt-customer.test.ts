/** One prompt, pushed once, whatever Daraja, the clock or a dying process do (machine §5, §6, §8). */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { acceptedPush, type FlowHouse, flowHouse, never } from "../flow-house.test-support.ts";
import type { PushAnswer } from "../ports.ts";
import { sweepSends } from "./sweep.ts";

let house: FlowHouse;
beforeEach(async () => {
  house = await flowHouse();
});
afterEach(() => house[Symbol.asyncDispose]());

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const turn = () => new Promise((resolve) => setImmediate(resolve));
const code = (prompted: Awaited<ReturnType<FlowHouse["prompt"]>>) =>
  prompted.kind === "refused" ? prompted.why.code : prompted.kind;

describe("what a push's answer makes of the attempt", () => {
  const rejected = (cause: "merchant_setup" | "customer_busy" | "customer_account" | "request") =>
    ({ kind: "rejected", code: "500.001.1001", description: "no", cause }) as const;
  test.each<[PushAnswer, string, string | null]>([
    [rejected("merchant_setup"), "failed", "merchant_setup"],
    [rejected("customer_busy"), "failed", "customer_busy"],
    [rejected("customer_account"), "failed", "customer_account"],
    [rejected("request"), "failed", "rejected"],
    [{ kind: "not_sent", cause: "network", description: "ENOTFOUND" }, "failed", "not_sent"],
    [{ kind: "not_sent", cause: "rate_limited", description: "429" }, "failed", "not_sent"],
    [{ kind: "not_sent", cause: "invalid", description: "ours" }, "failed", "not_sent"],
    [{ kind: "unknown", description: "ECONNRESET" }, "in_doubt", null],
  ])("%j", async (answer, state, reason) => {
    house.daraja.onPush = async () => answer;
    const { id } = await house.open();
    const prompted = await house.prompt(id);
    expect(prompted).toMatchObject({ kind: "prompted", now: { attempts: [{ state, reason }] } });
    expect(await house.read(id)).toMatchObject({ attempts: [{ state, reason }] });
    expect(house.daraja.pushes).toHaveLength(1);
  });

  test("accepted: pending, with its id and its next look", async () => {
    const { id } = await house.open();
    await house.prompt(id);
    const { attempts, payment } = await house.read(id);
    const [{ id: attemptId }] = attempts as [(typeof attempts)[0]];
    expect(attempts[0]).toMatchObject({
      state: "pending",
      checkoutRequestId: `ws_CO_${attemptId}`,
    });
    expect(attempts[0]?.nextLookAt).toBeGreaterThanOrEqual(house.clock.now() + 20 * SECOND);
    expect(payment.status).toBe("pending");
  });

  test.each(["token", "network"] as const)(
    "no token for want of %s: nothing is pushed",
    async (cause) => {
      house.daraja.onReady = async () => ({ ok: false, cause, description: "no token" });
      const { id } = await house.open();
      await house.prompt(id);
      expect(await house.read(id)).toMatchObject({
        attempts: [{ state: "failed", reason: "not_sent", sentAt: null }],
      });
      expect(house.daraja.pushes).toHaveLength(0);
    },
  );

  const resting = (restMs: number) =>
    ({ ok: false, cause: "rate_limited", description: "429", restMs }) as const;

  test("a short rest that Daraja asked for is waited for, and of the push's time", async () => {
    let asked = 0;
    house.daraja.onReady = async () => (asked++ === 0 ? resting(2_000) : { ok: true });
    const { id } = await house.open();
    const prompting = house.prompt(id);
    while (asked === 0) await turn();
    await turn();
    expect(house.daraja.pushes).toHaveLength(0);
    house.clock.pass(2_000);
    await prompting;
    expect((await house.read(id)).payment.status).toBe("pending");
    expect(house.daraja.pushes[0]?.waitedMs).toBe(2_000);
  });

  test("a long one is not: the customer hears that nothing was sent", async () => {
    house.daraja.onReady = async () => resting(6_000);
    const { id } = await house.open();
    await house.prompt(id);
    expect(await house.read(id)).toMatchObject({
      attempts: [{ state: "failed", reason: "not_sent", sentAt: null }],
    });
    expect(house.daraja.pushes).toHaveLength(0);
  });

  test("the push carries whole shillings, the number and the attempt's own address", async () => {
    const { id } = await house.open({ amount: 250_000, description: "Two kikois" });
    await house.prompt(id, "254110000009");
    expect(house.daraja.pushes).toEqual([
      {
        attemptId: expect.stringMatching(/^[0-9a-f]{32}$/),
        amount: 250_000,
        phone: "254110000009",
        accountReference: expect.stringMatching(/^[A-Z0-9]{1,12}$/),
        description: "Two kikois",
        callbackUrl: expect.stringMatching(/\/[0-9a-f]{32}\/[0-9a-f]{64}$/),
        waitedMs: 0,
      },
    ]);
  });

  test("an id that Daraja gave before proves nothing about this attempt", async () => {
    const first = await house.open();
    await house.prompt(first.id, "254711000001");
    const { attempts } = await house.read(first.id);
    house.daraja.onPush = async () => acceptedPush(attempts[0]?.id ?? ("" as never));
    const second = await house.open();
    await house.prompt(second.id, "254711000002");
    expect(await house.read(second.id)).toMatchObject({
      attempts: [{ state: "in_doubt", checkoutRequestId: null }],
    });
    expect((await house.read(first.id)).payment.status).toBe("pending");
  });
});

describe("a process that dies", () => {
  test("between the attempt and the fence: nothing was sent, and the order is free", async () => {
    house.daraja.onReady = () => never();
    const { id } = await house.open();
    void house.prompt(id);
    while ((await house.read(id)).attempts.length === 0) await turn();
    expect(await house.restart()).toBe(1);
    expect(await house.read(id)).toMatchObject({
      payment: { status: "failed" },
      attempts: [{ state: "failed", reason: "not_sent" }],
    });
    house.daraja.onReady = async () => ({ ok: true });
    expect((await house.prompt(id)).kind).toBe("prompted");
    expect(house.daraja.pushes).toHaveLength(1);
  });

  test("whose attempt was given up wakes again: the fence stops it before the push", async () => {
    let wake: (ready: { ok: true }) => void = () => undefined;
    house.daraja.onReady = () => new Promise((resolve) => (wake = resolve));
    const { id } = await house.open();
    const sleeper = house.prompt(id);
    while ((await house.read(id)).attempts.length === 0) await turn();
    await house.restart();
    wake({ ok: true });
    expect((await sleeper).kind).toBe("prompted");
    expect(house.daraja.pushes).toHaveLength(0);
    expect((await house.read(id)).attempts[0]).toMatchObject({ state: "failed" });
  });

  test("after the fence: in doubt without an id, and never pushed again", async () => {
    house.daraja.onPush = () => never();
    const { id } = await house.open();
    void house.prompt(id);
    while (house.daraja.pushes.length === 0) await turn();
    await house.restart();
    expect(await house.read(id)).toMatchObject({
      payment: { status: "in_doubt" },
      attempts: [{ state: "in_doubt", checkoutRequestId: null }],
    });
    for (const wait of [10 * SECOND, 3 * MINUTE, 60 * MINUTE, 20 * 60 * MINUTE]) {
      house.clock.pass(wait);
      expect(code(await house.prompt(id))).toBe("payment_in_progress");
    }
    expect(house.daraja.pushes).toHaveLength(1);
    expect(house.daraja.queries).toEqual([]);
  });

  test("and whose push is answered after all completes the doubt", async () => {
    let answer: (answer: PushAnswer) => void = () => undefined;
    house.daraja.onPush = () => new Promise((resolve) => (answer = resolve));
    const { id } = await house.open();
    const waiting = house.prompt(id);
    while (house.daraja.pushes.length === 0) await turn();
    await house.restart();
    house.clock.pass(5 * SECOND);
    const [push] = house.daraja.pushes;
    if (push === undefined) throw new Error("no push");
    answer(acceptedPush(push.attemptId));
    await waiting;
    expect(await house.read(id)).toMatchObject({
      attempts: [{ state: "pending", checkoutRequestId: `ws_CO_${push.attemptId}` }],
    });
  });

  test("is not mistaken for one that is still sending", async () => {
    house.daraja.onPush = () => never();
    const { id } = await house.open();
    void house.prompt(id);
    while (house.daraja.pushes.length === 0) await turn();
    house.clock.pass(MINUTE);
    expect(await sweepSends(house.deps, "running")).toBe(0);
    expect((await house.read(id)).attempts[0]?.state).toBe("sending");
    // Another process cannot know; it waits 30 s, then calls it a doubt.
    expect(await sweepSends(house.process(), "running")).toBe(1);
    expect((await house.read(id)).attempts[0]?.state).toBe("in_doubt");
  });

  test("of a fault of ours in the middle of a push leaves a doubt, not a second push", async () => {
    house.daraja.onPush = async () => {
      throw new TypeError("a bug");
    };
    const { id } = await house.open();
    await expect(house.prompt(id)).rejects.toThrow("a bug");
    expect(house.deps.sending.size).toBe(0);
    expect(code(await house.prompt(id))).toBe("payment_in_progress");
    house.clock.pass(31 * SECOND);
    expect(await sweepSends(house.deps, "running")).toBe(1);
    expect((await house.read(id)).payment.status).toBe("in_doubt");
    expect(house.daraja.pushes).toHaveLength(1);
  });
});

describe("many at once", () => {
  const kinds = async (prompts: readonly ReturnType<FlowHouse["prompt"]>[]) =>
    (await Promise.all(prompts)).map(code).sort();

  test("eight prompts for one payment, from two processes, push once", async () => {
    const other = house.process();
    const { id } = await house.open();
    const told = await kinds(
      Array.from({ length: 8 }, (_, i) =>
        house.prompt(id, `25471100000${i}`, i % 2 === 0 ? house.deps : other),
      ),
    );
    expect(told).toEqual([...Array(7).fill("payment_in_progress"), "prompted"]);
    expect(house.daraja.pushes).toHaveLength(1);
    expect((await house.read(id)).attempts).toHaveLength(1);
  });

  test("one phone on eight orders is pushed once", async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => house.open()));
    const told = await kinds(opened.map(({ id }) => house.prompt(id)));
    expect(told).toEqual([...Array(7).fill("phone_in_progress"), "prompted"]);
    expect(house.daraja.pushes).toHaveLength(1);
  });

  test("a prompt and a new amount for its order: one of the two, never both", async () => {
    for (let round = 0; round < 10; round += 1) {
      const orderReference = `race-${round}`;
      const phone = `2547120000${String(round).padStart(2, "0")}`;
      const { id } = await house.open({ orderReference, amount: 10 });
      const pushed = house.daraja.pushes.length;
      const [old, fresh] = await Promise.all([
        house.prompt(id, phone),
        house.open({ orderReference, amount: 30 }),
      ]);
      const both = fresh.kind === "opened" ? await house.prompt(fresh.id, phone) : null;
      const prompts = [old, both].filter((each) => each?.kind === "prompted");
      expect(prompts).toHaveLength(1);
      expect(house.daraja.pushes).toHaveLength(pushed + 1);
    }
  });
});

describe("before a customer is told to wait", () => {
  test("Daraja is asked when push and last look are 10 s old, and paid is paid", async () => {
    const { id } = await house.open();
    await house.prompt(id);
    expect(code(await house.prompt(id))).toBe("payment_in_progress");
    expect(house.daraja.queries).toHaveLength(0);
    house.clock.pass(10 * SECOND);
    house.daraja.onQuery = async () => ({ kind: "success" });
    expect(code(await house.prompt(id))).toBe("order_already_paid");
    expect(house.daraja.queries).toHaveLength(1);
    expect(house.daraja.pushes).toHaveLength(1);
  });

  test("a look that does not come back keeps the customer 5 s, not longer", async () => {
    const { id } = await house.open();
    await house.prompt(id);
    house.clock.pass(10 * SECOND);
    house.daraja.onQuery = () => never();
    const waiting = house.prompt(id);
    while (house.daraja.queries.length === 0) await turn();
    await turn();
    house.clock.pass(5 * SECOND);
    expect(code(await waiting)).toBe("payment_in_progress");
  });

  test("one agreeing failure of the query frees nothing", async () => {
    house.daraja.onQuery = async () => ({ kind: "failure", code: "1032", description: "" });
    const { id } = await house.open();
    await house.prompt(id);
    house.clock.pass(10 * SECOND);
    expect(code(await house.prompt(id))).toBe("payment_in_progress");
    expect(house.daraja.pushes).toHaveLength(1);
  });
});

describe("limits", () => {
  test("a phone that ignores two prompts rests, and is told until when", async () => {
    for (let i = 0; i < 2; i += 1) {
      const { id } = await house.open();
      await house.prompt(id);
      const [attempt] = (await house.read(id)).attempts;
      if (attempt === undefined) throw new Error("no attempt");
      house.daraja.onQuery = async () => ({ kind: "failure", code: "1037", description: "" });
      house.clock.pass(20 * SECOND);
      await house.deps.ask(attempt.id, "first");
      house.clock.pass(20 * SECOND);
      await house.deps.ask(attempt.id, "first");
      expect((await house.read(id)).payment.status).toBe("expired");
    }
    const { id } = await house.open();
    const refused = await house.prompt(id);
    expect(code(refused)).toBe("too_many_prompts");
    const retryAt = refused.kind === "refused" ? refused.why.retryAt : null;
    expect(retryAt).toBe(house.clock.now() + 10 * MINUTE);
    expect((await house.prompt(id, "254711000002")).kind).toBe("prompted");
  });

  test("pushes that surely never left do not count", async () => {
    house.daraja.onPush = async () => ({ kind: "not_sent", cause: "network", description: "" });
    const { id } = await house.open();
    for (let i = 0; i < 8; i += 1) expect((await house.prompt(id)).kind).toBe("prompted");
  });
});

test("an unknown payment is no bug", async () => {
  const gone = `pay_${"0".repeat(32)}` as Awaited<ReturnType<FlowHouse["open"]>>["id"];
  expect(await house.prompt(gone)).toEqual({ kind: "unknown_payment" });
  expect(house.deps.sending.size).toBe(0);
});
