/**
 * Walks along the lanes of a list, a slice at a time. SQLite answers while everything else waits,
 * and of two filters that are common alone but not together millions of rows may be looked at in
 * vain: between two slices callbacks and shoppers have their turn.
 */
import { setImmediate as others } from "node:timers/promises";
import { and, desc, eq, gte, type SQL, sql } from "drizzle-orm";
import type { PaymentId } from "../core/payment.ts";
import type { ListFilter } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { ofEachRow, type Reading, within } from "./payment-filter.ts";
import { type Lane, onLane } from "./payment-lanes.ts";
import type { Lead } from "./payment-lead.ts";
import { type Asked, askedOf, shapeOf, valuesOf } from "./payment-shape.ts";
import { slot } from "./slots.ts";
import { unindexed } from "./unindexed.ts";

type Ids = { readonly id: PaymentId }[];

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
  readonly also?: Lane;
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
function looksAtRows(engine: Reading, { lead, also }: Walk): boolean {
  if (lead.order !== "ids") return false;
  return also !== undefined || ofEachRow(engine, askedOf(lead.rest)) !== undefined;
}

/** The last payment of a slice along the lane; null when the lane ends within it. */
async function endOf(
  engine: Engine,
  { lead }: Walk,
  lane: Lane,
  { merchantId, environment, startingAfter, createdFrom, createdTo }: ListFilter,
  size: number,
): Promise<PaymentId | null> {
  const span = { merchantId, environment, limit: 0, startingAfter, createdFrom, createdTo };
  const passed: Template<Ids> = (db, t) => {
    const id = lead.of === "attempts" ? t.attempts.paymentId : t.payments.id;
    const there = and(passedBy({ db, t }, lead, lane), within({ db, t }, askedOf(span), id));
    const rows = db.select({ id }).from(lead.of === "attempts" ? t.attempts : t.payments);
    return rows.where(there).orderBy(desc(id)).limit(1).offset(slot("passed"));
  };
  const shape = `end ${lead.of} ${lane.shape} ${shapeOf(span)}`;
  const values = { ...valuesOf(span), ...lane.values, passed: size - 1 };
  const [last] = await engine.ask(shape, passed, values);
  return last?.id ?? null;
}

function passedBy(engine: Reading, { of }: Lead, lane: Lane): SQL | undefined {
  return of === "attempts" ? lane.where(engine) : onLane(engine, lane);
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
  const until = last === null ? "whole" : "slice";
  const template: Template<Ids> = (db, t) => {
    const place = { reading: { db, t }, lane, until, asked: askedOf(filter) } as const;
    const each = and(ofEachRow(place.reading, place.asked), also?.where(place.reading));
    return lead.of === "attempts"
      ? throughAttempts(place, each)
      : throughPayments(place, lead.order, each);
  };
  const shape = [until, lead.of, lead.order, lane.shape, also?.shape, shapeOf(filter)].join(" ");
  const values = { ...valuesOf(filter), ...lane.values, ...also?.values, last, left };
  return (await engine.ask(shape, template, values)).map(({ id }) => id);
}

interface Place {
  readonly reading: Reading;
  readonly lane: Lane;
  readonly until: "whole" | "slice";
  readonly asked: Asked;
}

function throughAttempts({ reading, lane, until, asked }: Place, each: SQL | undefined) {
  const { attempts, payments } = reading.t;
  const id = attempts.paymentId;
  const named = and(
    lane.where(reading),
    within(reading, asked, id),
    until === "slice" ? gte(id, slot("last")) : undefined,
  );
  const ids = reading.db.select({ id }).from(attempts);
  const page =
    each === undefined
      ? ids.where(named)
      : // A cross join, because SQLite then keeps the order in which the tables are written.
        ids.crossJoin(payments).where(and(eq(payments.id, id), named, each));
  return page.groupBy(id).orderBy(desc(id)).limit(slot("left"));
}

function throughPayments(
  { reading, lane, until, asked }: Place,
  order: Lead["order"],
  each: SQL | undefined,
) {
  const { payments } = reading.t;
  const id = order === "ids" ? sql`${payments.id}` : unindexed(payments.id);
  const there = and(
    onLane(reading, lane),
    within(reading, asked, id),
    until === "slice" ? gte(id, slot("last")) : undefined,
    each,
  );
  return reading.db
    .select({ id: payments.id })
    .from(payments)
    .where(there)
    .orderBy(desc(id))
    .limit(slot("left"));
}
