/** What happens by itself, pass by pass, on a clock that the test moves (machine §6 P8, §9). */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Attempt, AttemptId, MerchantId, PaymentId } from "../core/payment.ts";
import {
  type FlowHouse,
  flowHouse,
  never,
  SILENT,
  sweepLooks,
} from "../flow-house.test-support.ts";
import { advance } from "./advance.ts";
import { asker } from "./ask-result.ts";
import { sweepExpired, sweepInbox, sweepSends } from "./sweep.ts";
import { takeCallback } from "./take-callback.ts";

let house: FlowHouse;
beforeEach(async () => {
  house = await flowHouse();
});
afterEach(() => house[Symbol.asyncDispose]());

const SECOND = 1_000;
const HOUR = 3_600_000;

async function attemptOf(id: PaymentId): Promise<Attempt> {
  const attempt = (await house.read(id)).attempts.at(-1);
  if (attempt === undefined) throw new Error("no attempt");
  return attempt;
}

async function pending(phone?: string) {
  const { id } = await house.open();
  await house.prompt(id, phone);
  return { id, attempt: await attemptOf(id) };
}

describe("looks", () => {
  test("come at about 20, 35, 50 s and on, and never twice within 15 s", async () => {
    const { attempt } = await pending();
    const askedAt: number[] = [];
    house.daraja.onQuery = async () => {
      askedAt.push((house.clock.now() - (attempt.acceptedAt ?? 0)) / SECOND);
      return SILENT;
    };
    for (let i = 0; i < 400; i += 1) {
      house.clock.pass(SECOND);
      await sweepLooks(house.deps);
    }
    expect(askedAt).toHaveLength(9);
    [20, 35, 50, 65, 80, 100, 130, 180, 300].forEach((due, index) => {
      expect(askedAt[index]).toBeGreaterThanOrEqual(due);
      expect(askedAt[index]).toBeLessThanOrEqual(due + 5);
    });
    const gaps = askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15);
  });

  test("find the deadline passed and make it a doubt, which time alone never fails", async () => {
    const { id } = await pending();
    house.clock.pass(121 * SECOND);
    await sweepLooks(house.deps);
    expect((await attemptOf(id)).state).toBe("in_doubt");
    for (let day = 0; day < 30; day += 1) {
      house.clock.pass(24 * HOUR);
      await sweepLooks(house.deps);
    }
    const { payment, attempts } = await house.read(id);
    expect([payment.status, payment.flags]).toEqual(["in_doubt", ["aged"]]);
    expect(attempts[0]?.nextLookAt).toBeGreaterThan(house.clock.now());
  });

  test("of another environment are not taken: its prompts are unknown to this Daraja", async () => {
    const { id, attempt } = await pending();
    await house.open({ expiresInSeconds: 300 });
    const environment = "production" as const;
    const elsewhere = { ...house.deps, environment, ask: asker({ ...house.shared, environment }) };
    house.clock.pass(400 * SECOND);
    expect(await sweepLooks(elsewhere)).toBe(0);
    expect(await sweepExpired(elsewhere)).toBe(0);
    expect(await sweepSends(elsewhere, "start")).toBe(0);
    await elsewhere.ask(attempt.id, "first");
    expect(house.daraja.queries).toEqual([]);
    expect((await attemptOf(id)).looks).toBe(0);
    expect(await sweepLooks(house.deps)).toBe(1);
  });

  test("whose Daraja is being spared stay due and are not forgotten", async () => {
    const { id } = await pending();
    const gate = {
      take: () => ({ waitMs: 1_000, because: "rate" as const }),
      report: () => undefined,
    };
    const spared = { ...house.deps, ask: asker({ ...house.shared, apps: house.paced(gate) }) };
    house.clock.pass(25 * SECOND);
    await sweepLooks(spared);
    expect(house.daraja.queries).toEqual([]);
    await sweepLooks(house.deps);
    expect(house.daraja.queries).toHaveLength(1);
    expect((await attemptOf(id)).looks).toBe(1);
  });

  test("of a merchant whose app is down leave every other merchant its turn", async () => {
    const { attempt } = await pending();
    house.clock.pass(25 * SECOND);
    const heap = Array.from({ length: 100 }, (_, n) => ({
      attemptId: String(n).padStart(32, "0") as AttemptId,
      paymentId: "pay_heap" as PaymentId,
      merchantId: "mer_down" as MerchantId,
      looks: 1,
    }));
    const { payments } = house.store;
    const asked: AttemptId[] = [];
    const crowded = {
      ...house.deps,
      payments: {
        ...payments,
        due: async () => heap,
        merchantsDue: async () => ["mer_down" as MerchantId, house.merchant.id],
      },
      ask: async (id: AttemptId) => void asked.push(id),
    };
    expect(await sweepLooks(crowded)).toBe(101);
    expect(asked).toHaveLength(101);
    expect(asked).toContain(attempt.id);
  });

  test("of one attempt never run twice at once", async () => {
    const { attempt } = await pending();
    house.daraja.onQuery = () => never();
    house.clock.pass(25 * SECOND);
    void house.deps.ask(attempt.id, "first");
    void house.deps.ask(attempt.id, "repeat");
    void sweepLooks(house.deps);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(house.daraja.queries).toHaveLength(1);
  });

  test("at two agreeing failures end the attempt; two that differ do not", async () => {
    const { id, attempt } = await pending();
    let code = "1032";
    house.daraja.onQuery = async () => ({ kind: "failure", code, description: "" });
    house.clock.pass(25 * SECOND);
    await house.deps.ask(attempt.id, "first");
    code = "1037";
    house.clock.pass(20 * SECOND);
    await house.deps.ask(attempt.id, "first");
    expect((await attemptOf(id)).state).toBe("pending");
    house.clock.pass(20 * SECOND);
    await house.deps.ask(attempt.id, "first");
    expect(await attemptOf(id)).toMatchObject({ state: "failed", reason: "query_only" });
  });

  test("are not wasted on a settled or an unknown attempt", async () => {
    const { attempt } = await pending();
    house.daraja.onQuery = async () => ({ kind: "success" });
    house.clock.pass(25 * SECOND);
    await house.deps.ask(attempt.id, "first");
    await house.deps.ask(attempt.id, "first");
    await house.deps.ask("f".repeat(32) as AttemptId, "first");
    expect(house.daraja.queries).toHaveLength(1);
  });

  test("that meet a fault do not hold up the others", async () => {
    const all = [];
    for (let i = 0; i < 12; i += 1) all.push(await pending(`2547110000${10 + i}`));
    const poisoned = new Set(all.slice(0, 9).map(({ attempt }) => attempt.id));
    const ask = asker(house.shared);
    const faulty = {
      ...house.deps,
      ask: async (id: AttemptId, priority: "first" | "repeat") => {
        if (poisoned.has(id)) throw new Error("it cannot be read");
        await ask(id, priority);
      },
    };
    house.clock.pass(25 * SECOND);
    await sweepLooks(faulty);
    expect(house.daraja.queries).toHaveLength(3);
    expect(house.logged.filter(({ event }) => event === "sweep_failed")).toHaveLength(9);
  });
});

describe("expiry", () => {
  test("closes what nobody pays for, and opens its order", async () => {
    const { id } = await house.open({ orderReference: "E-1", expiresInSeconds: 300 });
    await sweepExpired(house.deps);
    expect((await house.read(id)).payment.closing).toBeNull();
    house.clock.pass(300 * SECOND);
    await sweepExpired(house.deps);
    expect(await house.read(id)).toMatchObject({
      payment: { closing: "expired", status: "expired" },
    });
    expect((await house.prompt(id)).kind).toBe("refused");
    expect((await house.open({ orderReference: "E-1" })).kind).toBe("opened");
  });

  test("waits while an attempt blocks, whatever state it is in", async () => {
    house.daraja.onPush = async () => ({ kind: "unknown", description: "" });
    const { id } = await house.open({ expiresInSeconds: 300 });
    await house.prompt(id);
    house.clock.pass(30 * 24 * HOUR);
    await sweepExpired(house.deps);
    await sweepLooks(house.deps);
    expect(await house.read(id)).toMatchObject({
      payment: { closing: null, status: "in_doubt" },
    });
    await expect(advance(house.deps, id, { type: "expire" })).resolves.toMatchObject({
      kind: "refused",
    });
  });

  test("follows once the running attempt has failed", async () => {
    const { id } = await house.open({ expiresInSeconds: 300 });
    await house.prompt(id);
    house.clock.pass(301 * SECOND);
    const { attempt } = { attempt: await attemptOf(id) };
    house.daraja.onQuery = async () => ({ kind: "failure", code: "1037", description: "" });
    await house.deps.ask(attempt.id, "first");
    await sweepExpired(house.deps);
    expect((await house.read(id)).payment.closing).toBeNull();
    house.clock.pass(20 * SECOND);
    await house.deps.ask(attempt.id, "first");
    await sweepExpired(house.deps);
    expect((await house.read(id)).payment.closing).toBe("expired");
  });
});

describe("kept callbacks", () => {
  const body = (attempt: Attempt, code: number) =>
    JSON.stringify({
      Body: {
        stkCallback: {
          MerchantRequestID: "1",
          CheckoutRequestID: attempt.checkoutRequestId,
          ResultCode: code,
          ResultDesc: "",
        },
      },
    });
  /** Applying throws for these attempts' payments; keeping does not. */
  const failingFor = (...ids: PaymentId[]) => ({
    ...house.deps,
    payments: {
      ...house.store.payments,
      apply: (...args: Parameters<typeof house.store.payments.apply>) =>
        ids.includes(args[0].payment.id)
          ? Promise.reject(new Error("disk I/O"))
          : house.store.payments.apply(...args),
    },
  });

  test("are applied later, each on its own, and once", async () => {
    const [a, b] = [await pending("254711000001"), await pending("254711000002")];
    const both = failingFor(a.id, b.id);
    expect(await takeCallback(both, a.attempt.id, body(a.attempt, 1032), "")).toBe("kept");
    expect(await takeCallback(both, b.attempt.id, body(b.attempt, 1032), "")).toBe("kept");
    expect((await attemptOf(a.id)).state).toBe("pending");
    await sweepInbox(failingFor(a.id));
    expect((await attemptOf(a.id)).state).toBe("pending");
    expect((await attemptOf(b.id)).state).toBe("failed");
    expect(await sweepInbox(house.deps)).toBe(1);
    expect((await attemptOf(a.id)).state).toBe("failed");
    const versions = [await house.read(a.id), await house.read(b.id)].map((r) => r.payment.version);
    expect(await sweepInbox(house.deps)).toBe(0);
    expect([await house.read(a.id), await house.read(b.id)].map((r) => r.payment.version)).toEqual(
      versions,
    );
  });

  test("that change nothing are done with too", async () => {
    const { attempt } = await pending();
    house.daraja.onQuery = async () => ({ kind: "success" });
    house.clock.pass(25 * SECOND);
    await house.deps.ask(attempt.id, "first");
    // Row 22 in confirmed: ignored, but kept for ever.
    expect(await takeCallback(house.deps, attempt.id, body(attempt, 1036), "")).toBe("kept");
    expect(await sweepInbox(house.deps)).toBe(0);
  });

  test("of orphans wait for a person and hold up nobody", async () => {
    for (let i = 0; i < 120; i += 1) {
      const orphan = `${i}`.padStart(32, "0") as AttemptId;
      expect(await takeCallback(house.deps, orphan, "{}", "")).toBe("kept");
    }
    const { id, attempt } = await pending();
    await takeCallback(failingFor(id), attempt.id, body(attempt, 1032), "");
    await sweepInbox(house.deps);
    expect((await attemptOf(id)).state).toBe("failed");
    const told = house.logged.filter(({ event }) => event === "callback_orphan").length;
    await sweepInbox(house.deps);
    expect(house.logged.filter(({ event }) => event === "callback_orphan")).toHaveLength(told);
  });
});

test("sends of a living process are left alone, also at the start of another sweep", async () => {
  house.daraja.onPush = () => never();
  const { id } = await house.open();
  void house.prompt(id);
  while (house.daraja.pushes.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(await sweepSends(house.deps, "start")).toBe(0);
  expect((await attemptOf(id)).state).toBe("sending");
});

test("a start settles every send that was left behind, also one dated by a clock that was fast", async () => {
  house.clock.pass(3 * HOUR);
  house.daraja.onPush = () => never();
  const { id } = await house.open();
  void house.prompt(id, undefined, house.process());
  while (house.daraja.pushes.length === 0) await new Promise((resolve) => setImmediate(resolve));
  house.clock.pass(-3 * HOUR);
  expect(await sweepSends(house.process(), "running")).toBe(0);
  expect(await sweepSends(house.process(), "start")).toBe(1);
  expect((await attemptOf(id)).state).toBe("in_doubt");
});
