/** News that comes only once, and a store that fails just then (machine §3, §6 P2, P3'). */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Attempt, PaymentId } from "../core/payment.ts";
import { type FlowHouse, flowHouse, sweepLooks } from "../flow-house.test-support.ts";
import type { InboxStore, PaymentStore } from "../ports.ts";
import { sweepInbox, sweepSends } from "./sweep.ts";
import { takeCallback } from "./take-callback.ts";

let house: FlowHouse;
beforeEach(async () => {
  house = await flowHouse();
});
afterEach(() => house[Symbol.asyncDispose]());

const SECOND = 1_000;
const FULL = "database or disk is full";

async function attemptOf(id: PaymentId): Promise<Attempt> {
  const attempt = (await house.read(id)).attempts.at(-1);
  if (attempt === undefined) throw new Error("no attempt");
  return attempt;
}

/** Lets everything that a moment set off come to rest. */
async function passed(ms: number): Promise<void> {
  house.clock.pass(ms);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("a push answer", () => {
  /** Commits of one kind of news fail until the disk is well again. */
  function broken(how: "throws" | "misses") {
    const disk = { full: true };
    const { payments } = house.deps;
    const apply: PaymentStore["apply"] = async (change, ...more) => {
      if (!disk.full || change.timeline[0]?.kind !== "accepted") {
        return payments.apply(change, ...more);
      }
      if (how === "throws") throw new Error(FULL);
      return { ok: false, missed: "version" };
    };
    return { disk, deps: { ...house.deps, payments: { ...payments, apply } } };
  }

  test.each(["throws", "misses"] as const)(
    "whose commit %s keeps its id, and is committed once that is possible",
    async (how) => {
      const { disk, deps } = broken(how);
      const { id } = await house.open();
      const prompted = await house.prompt(id, undefined, deps);
      expect(prompted).toMatchObject({ kind: "prompted", now: { payment: { status: "pending" } } });
      for (let seconds = 0; seconds < 60; seconds += 1) {
        await passed(SECOND);
        await sweepSends(deps, "running");
      }
      expect(await attemptOf(id)).toMatchObject({ state: "sending", checkoutRequestId: null });
      disk.full = false;
      await passed(10 * SECOND);
      const { state, checkoutRequestId } = await attemptOf(id);
      expect([state, checkoutRequestId]).toEqual(["pending", `ws_CO_${(await attemptOf(id)).id}`]);
      expect([deps.sending.size, deps.owed.size]).toEqual([0, 0]);
      house.daraja.onQuery = async () => ({ kind: "success" });
      await passed(25 * SECOND);
      await sweepLooks(deps);
      expect((await house.read(id)).payment.status).toBe("confirmed");
      expect(house.daraja.pushes).toHaveLength(1);
    },
  );

  test("that is still owed at a stop is left, and the next start makes it a doubt", async () => {
    const { deps } = broken("throws");
    const { id } = await house.open();
    await house.prompt(id, undefined, deps);
    const tries = () => house.logged.filter(({ event }) => event === "owed_commit_failed").length;
    await passed(SECOND);
    const before = tries();
    expect(before).toBeGreaterThan(0);
    deps.owed.stop();
    await passed(SECOND);
    expect([deps.owed.size, tries()]).toEqual([0, before]);
    await sweepSends(house.process(), "start");
    expect((await attemptOf(id)).state).toBe("in_doubt");
  });
});

describe("a callback that could not be kept", () => {
  const body = (checkoutRequestId: string, filling = "") =>
    JSON.stringify({
      Body: {
        stkCallback: {
          MerchantRequestID: "m-1",
          CheckoutRequestID: checkoutRequestId,
          ResultCode: 0,
          ResultDesc: `Success${filling}`,
          CallbackMetadata: {
            Item: [
              { Name: "Amount", Value: 20 },
              { Name: "MpesaReceiptNumber", Value: "TKN1A2B3C4" },
            ],
          },
        },
      },
    });

  function broken() {
    const disk = { full: true };
    const { inbox, payments } = house.deps;
    const fails = () => {
      if (disk.full) throw new Error(FULL);
    };
    const keep: InboxStore["keep"] = async (row) => {
      fails();
      return inbox.keep(row);
    };
    const apply: PaymentStore["apply"] = async (...change) => {
      fails();
      return payments.apply(...change);
    };
    const deps = {
      ...house.deps,
      inbox: { ...inbox, keep },
      payments: { ...payments, apply },
    };
    return { disk, deps };
  }

  test("is answered so, and still finds home: a failed attempt was paid after all", async () => {
    const { id } = await house.open();
    await house.prompt(id);
    const { id: attemptId } = await attemptOf(id);
    const failure = JSON.stringify({
      Body: { stkCallback: { CheckoutRequestID: `ws_CO_${attemptId}`, ResultCode: 1037 } },
    });
    await takeCallback(house.deps, attemptId, failure, "192.0.2.1");
    expect((await attemptOf(id)).state).toBe("failed");
    const { disk, deps } = broken();
    const taken = await takeCallback(deps, attemptId, body(`ws_CO_${attemptId}`), "192.0.2.1");
    expect(taken).toBe("not_kept");
    await passed(60 * SECOND);
    await sweepInbox(deps);
    expect((await attemptOf(id)).state).toBe("failed");
    disk.full = false;
    await passed(10 * SECOND);
    await sweepInbox(deps);
    expect(await attemptOf(id)).toMatchObject({ state: "confirmed", receipt: "TKN1A2B3C4" });
    expect(deps.owed.size).toBe(0);
  });

  test("is not remembered when it is larger than any callback", async () => {
    const { id } = await house.open();
    await house.prompt(id);
    const { id: attemptId } = await attemptOf(id);
    const { deps } = broken();
    const large = body(`ws_CO_${attemptId}`, "x".repeat(20_000));
    expect(await takeCallback(deps, attemptId, large, "192.0.2.1")).toBe("not_kept");
    expect(deps.owed.size).toBe(0);
  });

  test("waits for memory too: more than two thousand are not owed", async () => {
    const { deps } = broken();
    const never = () => Promise.reject(new Error(FULL));
    for (let count = 0; count < 2_100; count += 1) {
      const { id } = { id: house.deps.ids.attempt() };
      void deps.owed.again("callback", id, never);
    }
    expect(deps.owed.size).toBe(2_000);
    deps.owed.stop();
  });
});
