/** A query is found again by its shape: filters of one shape must ask it alike, to the letter. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { PaymentId } from "../core/payment.ts";
import type { ListFilter } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { isFiltered, ofEachRow, within } from "./payment-filter.ts";
import { askedOf, shapeOf, valuesOf } from "./payment-shape.ts";
import { merchantId } from "./samples.ts";
import { openSqlite } from "./sqlite.ts";

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lipia-shape-"));
  engine = await openSqlite(join(folder, "lipia.db"));
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const mine = merchantId();
const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });
const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
const amount = fc.integer({ min: 100, max: 10_000_000 }).map(cents);
const filters: fc.Arbitrary<ListFilter> = fc
  .record(
    {
      newerThan: fc.constantFrom("pay_a" as PaymentId, "pay_b" as PaymentId),
      startingAfter: fc.constantFrom("pay_a" as PaymentId, "pay_b" as PaymentId),
      statuses: some("failed", "confirmed", "review"),
      reasons: some("wrong_pin", "limit"),
      flags: some("late", "overpaid"),
      sources: some("merchant", "page"),
      amountFrom: amount,
      amountTo: amount,
      phoneTail: fc.constantFrom("11", "71", "711", "4711", "9999"),
      receipt: fc.constantFrom("SFF6XYZ123" as Receipt, "SFF6XYZ124" as Receipt),
      orderReference: fc.string(),
      page: fc.constantFrom(null, "https://a.co.ke", "https://b.co.ke"),
      hour: fc.integer({ min: 0, max: 23 }),
      steps: some("opened", "typed", "prompted"),
      resultCode: fc.constantFrom("", "1032", "2001"),
      createdFrom: instant,
      createdTo: instant,
    },
    { requiredKeys: [] },
  )
  .map(
    (asked) => ({ merchantId: mine, environment: "simulator", limit: 50, ...asked }) as ListFilter,
  );

/** All that the list asks with a filter, as SQL. */
function queryOf({ db, t }: Pick<Engine, "db" | "t">, filter: ListFilter) {
  const asked = askedOf(filter);
  return db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(and(ofEachRow({ db, t }, asked), within(asked, t.payments.id)))
    .limit(1);
}

it("filters of one shape are one query", () => {
  const textByShape = new Map<string, string>();
  fc.assert(
    fc.property(filters, (filter) => {
      const [shape, text] = [shapeOf(filter), queryOf(engine, filter).toSQL().sql];
      expect(textByShape.get(shape) ?? text).toBe(text);
      textByShape.set(shape, text);
    }),
    { numRuns: 2_000 },
  );
  expect(textByShape.size).toBeGreaterThan(100);
});

it("brings a value for every place of its query", async () => {
  await fc.assert(
    fc.asyncProperty(filters, async (filter) => {
      const template: Template<{ id: PaymentId }[]> = (db, t) => queryOf({ db, t }, filter);
      expect(await engine.ask(shapeOf(filter), template, valuesOf(filter))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it("knows a filter from none", () => {
  expect(isFiltered({ merchantId: mine, environment: "simulator", limit: 50 })).toBe(false);
  fc.assert(
    fc.property(filters, (filter) => {
      const { startingAfter: _, ...rest } = filter;
      expect(isFiltered(filter)).toBe(Object.keys(rest).length > 3);
    }),
  );
});
