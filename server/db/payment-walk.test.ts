/** However the lanes are cut, a page holds the newest payments that fit. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cents, cents } from "../../shared/money.ts";
import type { PaymentStatus } from "../../shared/words.ts";
import type { Payment } from "../core/payment.ts";
import type { Engine } from "./engine.ts";
import { amountsBetween, EVERYTHING, ofStatuses } from "./payment-lanes.ts";
import type { Lead } from "./payment-lead.ts";
import { type Slices, walk } from "./payment-walk.ts";
import { merchantId, sampleLine, samplePayment } from "./samples.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const STATUSES = ["failed", "confirmed", "expired", "review"] as const;
const AMOUNTS = [1_000, 2_000, 3_000].map(cents);
const mine = merchantId();
let folder: string;
let engine: Engine;
let made: Payment[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lipia-walk-"));
  engine = await openSqlite(join(folder, "lipia.db"));
  const { payments } = createStore(engine, createSeal(Buffer.alloc(32, 1)));
  made = [];
  for (let n = 0; n < 60; n += 1) {
    // Common ones in between rare ones: every seventh is under review, the first ten have expired.
    const status =
      n < 10 ? "expired" : n % 7 === 0 ? "review" : n % 2 === 0 ? "failed" : "confirmed";
    const amountCents = AMOUNTS[(n * 5) % 3] as Cents;
    const payment = samplePayment({ merchantId: mine, createdAt: n * 1_000, status, amountCents });
    await payments.open(payment, sampleLine());
    made.unshift(payment);
  }
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const WHOSE = { merchantId: mine, environment: "simulator", limit: 0 } as const;
const few = fc.integer({ min: 1, max: 9 });
const slices: fc.Arbitrary<Slices> = fc.record({
  first: few,
  most: fc.record({ payments: few, attempts: few }),
  patience: fc.integer({ min: 0, max: 70 }),
});
const wanted = fc.integer({ min: 1, max: 70 });
const amount = fc.constantFrom(...AMOUNTS);

/** The walk through everything, the filters asked of each row. */
function byRow(statuses: readonly PaymentStatus[], amountFrom: Cents): Lead {
  const rest = { ...WHOSE, statuses, amountFrom };
  return { of: "payments", order: "ids", by: "status", lanes: [EVERYTHING], rest };
}

function byStatus(statuses: readonly PaymentStatus[], amountFrom: Cents): Lead {
  return {
    ...byRow(statuses, amountFrom),
    lanes: ofStatuses(statuses),
    rest: { ...WHOSE, amountFrom },
  };
}

function byAmount(statuses: readonly PaymentStatus[], amountFrom: Cents): Lead {
  const lanes = [amountsBetween(amountFrom)];
  return { of: "payments", order: "sorted", by: "filter", lanes, rest: { ...WHOSE, statuses } };
}

it("is the newest that fit, along any lanes and in any slices", async () => {
  const leads = fc.constantFrom(byRow, byStatus, byAmount);
  await fc.assert(
    fc.asyncProperty(
      leads,
      fc.subarray([...STATUSES], { minLength: 1 }),
      amount,
      wanted,
      slices,
      fc.boolean(),
      async (lead, statuses, from, most, cut, changes) => {
        const instead = changes ? { instead: async () => byAmount(statuses, from) } : {};
        const way = { lead: { ...lead(statuses, from), ...instead }, wanted: most, slices: cut };
        const fitting = made.filter(
          ({ status, amountCents }) =>
            (statuses as readonly string[]).includes(status) && amountCents >= from,
        );
        expect(await walk(engine, way)).toEqual(fitting.slice(0, most).map(({ id }) => id));
      },
    ),
    { numRuns: 400 },
  );
});

it("asks for another lead once, when less than a quarter was found in many rows", async () => {
  let asked = 0;
  const instead = async () => {
    asked += 1;
    return null;
  };
  const cut = { first: 10, most: { payments: 10, attempts: 10 }, patience: 20 };
  const rare = { ...byRow(["review"], cents(1_000)), instead };
  expect(await walk(engine, { lead: rare, wanted: 40, slices: cut })).toHaveLength(7);
  expect(asked).toBe(1);
  const common = { ...byRow(["failed", "confirmed"], cents(1_000)), instead };
  expect(await walk(engine, { lead: common, wanted: 30, slices: cut })).toHaveLength(30);
  expect(asked).toBe(1);
});
