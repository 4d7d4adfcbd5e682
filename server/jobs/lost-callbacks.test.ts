/**
 * The promise of the resolver: with an id in hand, a payment whose callback is lost is found within
 * a minute (p95) while Daraja answers and its bucket is not exhausted. The real heartbeat, flows,
 * gate and database, on a clock that stands still while they work.
 */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Attempt, Instant, PaymentId } from "../core/payment.ts";
import { createLookGate } from "../daraja/look-gate.ts";
import { createDice } from "../drills/dice.ts";
import { percentile } from "../drills/drill.ts";
import { type FlowHouse, flowHouse, SILENT } from "../flow-house.test-support.ts";
import { asker } from "../flows/ask-result.ts";
import { startWorker } from "./worker.ts";

const SECOND = 1_000;
const PROMPTS = 200;
/** A payer needs 2.4 looks on average, and the bucket gives one a second at most. */
const PROMPT_EVERY_MS = 5 * SECOND;
const PAID_AFTER_MS = { least: 5 * SECOND, most: 60 * SECOND };
/** A slow Daraja; a query is given up after ten seconds. */
const QUERY_TAKES_MS = 6 * SECOND;
const FOUND_WITHIN_MS = 60 * SECOND;
const TICK_MS = 500;
const NEVER = Number.POSITIVE_INFINITY;

let house: FlowHouse;
let worker: { stop(): Promise<void> };
beforeEach(async () => {
  house = await flowHouse();
});
afterEach(async () => {
  await worker.stop();
  await house[Symbol.asyncDispose]();
});

function start(): void {
  const apps = house.paced(createLookGate({ clock: house.clock }));
  const lease = { mine: async () => true, drop: async () => undefined };
  const { idempotency, people } = house.store;
  const own = { idempotency, people, pull: null, lease, beside: [] };
  worker = startWorker({ ...house.deps, ask: asker({ ...house.shared, apps }), ...own });
}

/** Lets the clock run in steps of the heartbeat, each long enough for a whole round. */
async function run(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += TICK_MS) {
    house.clock.pass(TICK_MS);
    for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

test("finds 19 of 20 payments within a minute of the debit when every callback is lost", async () => {
  const dice = createDice(1);
  const debits = new Map<string, { readonly id: PaymentId; readonly at: Instant }>();
  house.daraja.onQuery = async (checkoutRequestId) => {
    const debit = debits.get(checkoutRequestId)?.at ?? Number.POSITIVE_INFINITY;
    const paid = debit <= house.clock.now();
    await house.clock.sleep(QUERY_TAKES_MS);
    return paid ? { kind: "success" } : SILENT;
  };
  start();
  const span = PAID_AFTER_MS.most - PAID_AFTER_MS.least;
  for (let n = 0; n < PROMPTS; n += 1) {
    const { id } = await house.open();
    await house.prompt(id, `2547${11_000_000 + n}`);
    const at = house.clock.now() + PAID_AFTER_MS.least + dice.int(span + 1);
    debits.set((await attemptOf(id)).checkoutRequestId ?? "", { id, at });
    await run(PROMPT_EVERY_MS);
  }
  await run(3 * FOUND_WITHIN_MS);

  const waits: number[] = [];
  for (const { id, at } of debits.values()) {
    const { state, resolvedAt } = await attemptOf(id);
    waits.push(state === "confirmed" && resolvedAt !== null ? resolvedAt - at : NEVER);
  }
  expect(waits).toHaveLength(PROMPTS);
  expect(Math.min(...waits), "found before it was paid").toBeGreaterThanOrEqual(0);
  expect(percentile(waits, 0.95)).toBeLessThanOrEqual(FOUND_WITHIN_MS);
});

async function attemptOf(id: PaymentId): Promise<Attempt> {
  const [attempt] = (await house.read(id)).attempts;
  if (attempt === undefined) throw new Error("a payment without its prompt");
  return attempt;
}
