/** The heartbeat: what happens by itself, for how long, and what a fault in one pass may not stop. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FlowHouse, flowHouse } from "../flow-house.test-support.ts";
import type { IdempotencyClaim, PeopleStore } from "../ports.ts";
import { type SideJob, startWorker } from "./worker.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;

let house: FlowHouse;
let worker: { stop(): Promise<void> };
let owned: "ours" | "another's";
beforeEach(async () => {
  house = await flowHouse();
  owned = "ours";
});
afterEach(async () => {
  await worker.stop();
  await house[Symbol.asyncDispose]();
});

function start(people: PeopleStore = house.store.people, beside: readonly SideJob[] = []): void {
  const lease = { mine: async () => owned === "ours", drop: async () => undefined };
  const { idempotency } = house.store;
  const own = { idempotency, people, pull: null, lease, beside };
  worker = startWorker({ ...house.deps, ...own });
}

/** Lets the clock run in steps of the heartbeat, each long enough for a whole round. */
async function run(ms: number, step = 500): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    house.clock.pass(step);
    for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

test("looks, confirms and stops looking, without anybody asking", async () => {
  const { id } = await house.open();
  await house.prompt(id);
  start();
  await run(19 * SECOND);
  expect(house.daraja.queries).toHaveLength(0);
  house.daraja.onQuery = async () => ({ kind: "success" });
  await run(6 * SECOND);
  expect(await house.read(id)).toMatchObject({ payment: { status: "confirmed" } });
  await run(60 * SECOND, 5 * SECOND);
  expect(house.daraja.queries).toHaveLength(1);
});

test("what takes long beside the payments keeps none of them waiting, and ends when the server rests", async () => {
  const { id } = await house.open();
  await house.prompt(id);
  let ended: "running" | "ended" = "running";
  const hangs = (resting: AbortSignal) =>
    new Promise<void>((resolve) => {
      resting.addEventListener("abort", () => {
        ended = "ended";
        resolve();
      });
    });
  start(house.store.people, [{ name: "mails", everyMs: 0, run: hangs }]);
  house.daraja.onQuery = async () => ({ kind: "success" });
  await run(26 * SECOND);
  expect(await house.read(id)).toMatchObject({ payment: { status: "confirmed" } });
  expect(ended).toBe("running");
  await worker.stop();
  expect(ended).toBe("ended");
});

test("closes what ran out, but nothing whose money is in the air", async () => {
  house.daraja.onPush = async () => ({ kind: "unknown", description: "" });
  const [idle, doubtful] = [
    await house.open({ expiresInSeconds: 300 }),
    await house.open({ expiresInSeconds: 300 }),
  ];
  await house.prompt(doubtful.id);
  start();
  await run(330 * SECOND, 10 * SECOND);
  expect((await house.read(idle.id)).payment.closing).toBe("expired");
  expect((await house.read(doubtful.id)).payment).toMatchObject({
    closing: null,
    status: "in_doubt",
  });
});

test("a pass that fails is told and tried again; the others go on", async () => {
  let fails = true;
  const people: PeopleStore = {
    ...house.store.people,
    dropExpiredSessions: async () => {
      if (fails) throw new Error("locked");
    },
  };
  const { id } = await house.open({ expiresInSeconds: 300 });
  start(people);
  await run(310 * SECOND, 10 * SECOND);
  expect((await house.read(id)).payment.closing).toBe("expired");
  const told = () => house.logged.filter(({ event }) => event === "sweep_failed");
  expect(told()).toEqual([{ event: "sweep_failed", fields: { kind: "tidy", error: "locked" } }]);
  fails = false;
  await run(2 * HOUR, HOUR / 2);
  expect(told()).toHaveLength(1);
});

test("idempotent answers are forgotten after 72 hours, not before", async () => {
  const claim: IdempotencyClaim = {
    merchantId: house.merchant.id,
    environment: house.merchant.environment,
    key: "k",
    bodyHash: "b",
    at: house.clock.now(),
  };
  await house.store.idempotency.claim(claim);
  await house.store.idempotency.finish(claim, 201, "{}");
  start();
  await run(71 * HOUR, HOUR);
  expect((await house.store.idempotency.claim(claim)).kind).toBe("done");
  await run(3 * HOUR, HOUR);
  expect((await house.store.idempotency.claim(claim)).kind).toBe("fresh");
});

test("while another process holds the lease, nothing is swept here", async () => {
  owned = "another's";
  const { id } = await house.open({ expiresInSeconds: 300 });
  start();
  await run(400 * SECOND, 10 * SECOND);
  expect((await house.read(id)).payment.closing).toBeNull();
  owned = "ours";
  await run(20 * SECOND, 5 * SECOND);
  expect((await house.read(id)).payment.closing).toBe("expired");
});
