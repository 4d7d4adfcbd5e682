/** Pull beside the looks: however slow or broken it is, they go on, and a stop need not wait for it. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PaymentId } from "../core/payment.ts";
import { createLookGate } from "../daraja/look-gate.ts";
import { type FlowHouse, flowHouse } from "../flow-house.test-support.ts";
import { asker } from "../flows/ask-result.ts";
import { knownDoubts } from "../flows/known-doubts.ts";
import { pullStatement } from "../flows/pull-statement.ts";
import type { PullAnswer } from "../ports.ts";
import { startWorker, type Worker } from "./worker.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
const DOWN: PullAnswer = { kind: "silent", cause: "unreachable", description: "HTTP 500" };

let house: FlowHouse;
let worker: Worker;
let pages: number;
beforeEach(async () => {
  house = await flowHouse();
  pages = 0;
});
afterEach(async () => {
  await worker.stop();
  await house[Symbol.asyncDispose]();
});

/** Starts the heartbeat over one gate for looks and pages, as one app has. */
function start(page: () => Promise<PullAnswer>): void {
  const { shared, store, merchant } = house;
  const gate = createLookGate({ clock: house.clock });
  const ask = asker({ ...shared, apps: house.paced(gate) });
  const source = {
    pull() {
      pages += 1;
      return page();
    },
  };
  const { bookmarks, idempotency, people } = store;
  const known = knownDoubts(house.clock);
  const { story } = store;
  const proves = "presence_and_absence" as const;
  const pulling = { ...shared, gate, source, bookmarks, story, known, merchant, proves };
  worker = startWorker({
    ...{ ...house.deps, ask, idempotency, people, beside: [] },
    lease: { mine: async () => true, drop: async () => undefined },
    pull: (resting) => pullStatement(pulling, resting),
  });
}

/** Lets the clock run in steps of the heartbeat, each long enough for a whole round. */
async function run(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    house.clock.pass(500);
    for (let i = 0; i < 12; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

const statusOf = async (id: PaymentId) => (await house.read(id)).payment.status;

/** A prompt that is paid, and whose callback is lost. */
async function promptPaid(): Promise<PaymentId> {
  const { id } = await house.open();
  await house.prompt(id);
  house.daraja.onQuery = async () => ({ kind: "success" });
  return id;
}

test("a Pull that always fails keeps no query waiting", async () => {
  start(async () => DOWN);
  await run(10 * MINUTE);
  expect(pages).toBeGreaterThanOrEqual(10);
  const id = await promptPaid();
  await run(25 * SECOND);
  expect(await statusOf(id)).toBe("confirmed");
});

test("while the queries are down, Pull is still asked every minute", async () => {
  house.daraja.onQuery = async () => ({ ...DOWN, cause: "unreachable" });
  start(async () => ({ kind: "page", rows: 0, lines: [], whole: true }));
  for (let prompts = 1; prompts <= 8; prompts += 1) {
    const { id } = await house.open();
    await house.prompt(id, `25471100000${prompts}`);
  }
  await run(4 * MINUTE);
  pages = 0;
  await run(5 * MINUTE);
  expect(pages).toBe(5);
});

test("a page that takes long keeps no look waiting", async () => {
  let end: (answer: PullAnswer) => void = () => undefined;
  start(
    () =>
      new Promise((resolve) => {
        end = resolve;
      }),
  );
  const id = await promptPaid();
  await run(25 * SECOND);
  expect([pages, await statusOf(id)]).toEqual([1, "confirmed"]);
  end(DOWN);
});

test("a stop ends a long Pull after the page under way, and nothing is called absent by it", async () => {
  let end: (answer: PullAnswer) => void = () => undefined;
  start(
    () =>
      new Promise((resolve) => {
        end = resolve;
      }),
  );
  house.daraja.onPush = async () => ({ kind: "unknown", description: "reset" });
  const { id } = await house.open();
  await house.prompt(id);
  for (let minutes = 0; minutes < 30; minutes += 1) {
    end({ kind: "page", rows: 0, lines: [], whole: false });
    await run(MINUTE);
  }
  const before = pages;
  let stopped = false;
  const stop = worker.stop().then(() => {
    stopped = true;
  });
  await run(SECOND);
  expect(stopped).toBe(false);
  end({ kind: "page", rows: 1, lines: [], whole: true });
  await stop;
  expect([pages, await statusOf(id)]).toEqual([before, "in_doubt"]);
});
