/** One slice of a lane as queries: where it ends, and which of its payments fit. */
import { and, desc, eq, gte, type SQL, sql } from "drizzle-orm";
import type { PaymentId } from "../core/payment.ts";
import type { Engine, Template } from "./engine.ts";
import { ofEachRow, type Reading, within } from "./payment-filter.ts";
import { type Lane, onLane } from "./payment-lanes.ts";
import type { Lead } from "./payment-lead.ts";
import { type Asked, askedOf, shapeOf, valuesOf } from "./payment-shape.ts";
import type { SpannedFilter } from "./payment-span.ts";
import { slot } from "./slots.ts";

type Ids = { readonly id: PaymentId }[];

export interface Way {
  readonly lead: Lead;
  /** Asked of each payment beside the filter. */
  readonly also?: Lane | undefined;
}

/** The last payment of a slice along the lane; null when the lane ends within it. */
export async function endOf(
  engine: Engine,
  { lead }: Way,
  lane: Lane,
  { merchantId, environment, startingAfter, newerThan }: SpannedFilter,
  size: number,
): Promise<PaymentId | null> {
  const span = { merchantId, environment, limit: 0, startingAfter, newerThan };
  const passed: Template<Ids> = (db, t) => {
    const id = lead.of === "attempts" ? t.attempts.paymentId : t.payments.id;
    const there = and(passedBy({ db, t }, lead, lane), within(askedOf(span), id));
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

export interface Slice {
  readonly filter: SpannedFilter;
  /** The last payment to look at; null for all. */
  readonly last: PaymentId | null;
  /** How many are still wanted. */
  readonly left: number;
}

/** Those in a slice that the filter lets in, newest first. */
export async function inSlice(
  engine: Engine,
  { lead, also }: Way,
  lane: Lane,
  { filter: whole, last, left }: Slice,
): Promise<readonly PaymentId[]> {
  // One end only: of two, SQLite would go by either and pass all that the other leaves out.
  const filter = last === null ? whole : { ...whole, newerThan: undefined };
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
    within(asked, id),
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
  // Not the column itself: the order of ids would tempt the database to walk all of them.
  const id = order === "ids" ? sql`${payments.id}` : sql`coalesce(${payments.id}, '')`;
  const there = and(
    onLane(reading, lane),
    within(asked, id),
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
