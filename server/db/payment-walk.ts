/**
 * Walks along the lanes of a list, a slice at a time. SQLite answers while everything else waits,
 * and of two filters that are common alone but not together millions of rows may be looked at in
 * vain: between two slices callbacks and shoppers have their turn.
 */
import { setImmediate as others } from "node:timers/promises";
import { and, desc, eq, gte, type SQL, sql } from "drizzle-orm";
import type { PaymentId } from "../core/payment.ts";
import type { ListFilter } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { ofEachRow, ours, within } from "./payment-filter.ts";
import type { Lane, Lead } from "./payment-lead.ts";
import { unindexed } from "./unindexed.ts";

/** How many rows are looked at in one go: a few at first, since most pages are full soon. */
export interface Slices {
  readonly first: number;
  /** Some milliseconds; attempts cost more, since each leads to its payment. */
  readonly most: { readonly payments: number; readonly attempts: number };
}

export const SLICES: Slices = { first: 500, most: { payments: 8_000, attempts: 2_000 } };
const GROWTH = 4;

export interface Walk {
  readonly lead: Lead;
  /** How many payments are wanted. */
  readonly wanted: number;
  /** Asked of each payment beside the filter. */
  readonly also?: SQL | undefined;
  readonly slices: Slices;
}

/** The newest payments that some lane passes and the rest of the filter lets in. */
export async function walk(engine: Engine, way: Walk): Promise<readonly PaymentId[]> {
  const found = await Promise.all(way.lead.lanes.map((lane) => along(engine, way, lane)));
  return [...new Set(found.flat())].sort().reverse().slice(0, way.wanted);
}

async function along(engine: Engine, way: Walk, lane: Lane): Promise<readonly PaymentId[]> {
  const { lead, slices, wanted } = way;
  const found: PaymentId[] = [];
  let filter = lead.rest;
  for (let size = slices.first; ; size = Math.min(size * GROWTH, slices.most[lead.of])) {
    const last = looksAtRows(engine, way) ? await endOf(engine, way, lane, filter, size) : null;
    found.push(
      ...(await inSlice(engine, way, lane, { filter, last, left: wanted - found.length })),
    );
    if (last === null || found.length >= wanted) return found;
    filter = { ...filter, startingAfter: last };
    await others();
  }
}

/** Whether rows that the lane passes may be left out; a short lane is read whole. */
function looksAtRows(engine: Engine, { lead, also }: Walk): boolean {
  return lead.order === "ids" && (also !== undefined || ofEachRow(engine, lead.rest) !== undefined);
}

/** The last payment of a slice along the lane; null when the lane ends within it. */
async function endOf(
  engine: Engine,
  { lead }: Walk,
  lane: Lane,
  filter: ListFilter,
  size: number,
): Promise<PaymentId | null> {
  const { db, t } = engine;
  const { payments, attempts } = t;
  const rows =
    lead.of === "attempts"
      ? db
          .select({ id: attempts.paymentId })
          .from(attempts)
          .where(and(lane, within(engine, filter, attempts.paymentId)))
          .orderBy(desc(attempts.paymentId))
      : db
          .select({ id: payments.id })
          .from(payments)
          .where(and(ours(t, filter), lane, within(engine, filter, payments.id)))
          .orderBy(desc(payments.id));
  const [last] = await rows.limit(1).offset(size - 1);
  return last?.id ?? null;
}

interface Slice {
  readonly filter: ListFilter;
  /** The last payment to look at; null for all. */
  readonly last: PaymentId | null;
  /** How many are still wanted. */
  readonly left: number;
}

async function inSlice(
  engine: Engine,
  { lead, also }: Walk,
  lane: Lane,
  { filter, last, left }: Slice,
): Promise<readonly PaymentId[]> {
  const { db, t } = engine;
  const { payments, attempts } = t;
  const each = and(ofEachRow(engine, filter), also);
  if (lead.of === "attempts") {
    const until = last === null ? undefined : gte(attempts.paymentId, last);
    const named = and(lane, within(engine, filter, attempts.paymentId), until);
    const ids = db.select({ id: attempts.paymentId }).from(attempts);
    const page =
      each === undefined
        ? ids.where(named)
        : // A cross join, because SQLite then keeps the order in which the tables are written.
          ids.crossJoin(payments).where(and(eq(payments.id, attempts.paymentId), named, each));
    return idsOf(
      await page.groupBy(attempts.paymentId).orderBy(desc(attempts.paymentId)).limit(left),
    );
  }
  const id = lead.order === "ids" ? sql`${payments.id}` : unindexed(payments.id);
  const until = last === null ? undefined : gte(id, last);
  return idsOf(
    await db
      .select({ id: payments.id })
      .from(payments)
      .where(and(ours(t, filter), lane, within(engine, filter, id), until, each))
      .orderBy(desc(id))
      .limit(left),
  );
}

function idsOf(rows: readonly { readonly id: PaymentId }[]): readonly PaymentId[] {
  return rows.map(({ id }) => id);
}
