/**
 * The list behind every table of payments: newest first, continued after the last id seen, each
 * filter and search served by an index.
 */
import { and, asc, desc } from "drizzle-orm";
import type { Payment, PaymentId } from "../core/payment.ts";
import type { ListFilter, Seal } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { isFiltered, ours, within } from "./payment-filter.ts";
import { leadOf } from "./payment-lead.ts";
import { searchIds } from "./payment-search.ts";
import { askedOf, shapeOf, valuesOf } from "./payment-shape.ts";
import { type SpannedFilter, spanned } from "./payment-span.ts";
import { SLICES, type Slices, walk } from "./payment-walk.ts";
import { type AttemptRow, type PaymentRow, paymentOf } from "./rows.ts";
import { slot } from "./slots.ts";
import { idsIn, oneOf } from "./some-ids.ts";

export interface Page {
  readonly payments: readonly Payment[];
  /** The attempts of these payments, oldest first. */
  readonly attempts: readonly AttemptRow[];
  readonly hasMore: boolean;
}

const EMPTY: Page = { payments: [], attempts: [], hasMore: false };

/**
 * One page, and whether more follows.
 * @param slices how many rows are looked at before others have their turn.
 */
export async function listPayments(
  engine: Engine,
  seal: Seal,
  filter: ListFilter,
  slices: Slices = SLICES,
): Promise<Page> {
  const whole = await spanned(engine, { ...filter, limit: filter.limit + 1 });
  const rows = await rowsOf(engine, seal, whole, slices);
  const payments = rows.slice(0, filter.limit).map(paymentOf);
  if (payments.length === 0) return EMPTY;
  const { size, values } = oneOf(payments.map((payment) => payment.id));
  const attempts = await engine.ask(`attempts of ${size}`, attemptsOf(size), values);
  return { payments, attempts, hasMore: rows.length > filter.limit };
}

async function rowsOf(
  engine: Engine,
  seal: Seal,
  filter: SpannedFilter,
  slices: Slices,
): Promise<readonly PaymentRow[]> {
  const { limit: wanted } = filter;
  if (filter.q !== undefined && filter.q !== "") {
    return rowsWith(engine, await searchIds(engine, seal, filter, slices));
  }
  if (!isFiltered(filter)) {
    const values = { ...valuesOf(filter), wanted };
    return engine.ask(`newest ${shapeOf(filter)}`, newest(filter), values);
  }
  const lead = await leadOf(engine, filter);
  return rowsWith(engine, await walk(engine, { lead, wanted, slices }));
}

const newest =
  (filter: SpannedFilter): Template<PaymentRow[]> =>
  (db, t) =>
    db
      .select()
      .from(t.payments)
      .where(and(ours(t, askedOf(filter)), within(askedOf(filter), t.payments.id)))
      .orderBy(desc(t.payments.id))
      .limit(slot("wanted"));

async function rowsWith(engine: Engine, ids: readonly PaymentId[]): Promise<readonly PaymentRow[]> {
  if (ids.length === 0) return [];
  const { size, values } = oneOf(ids);
  const rows = await engine.ask(`payments of ${size}`, paymentsOf(size), values);
  return [...rows].sort((a, b) => (a.id < b.id ? 1 : -1));
}

const paymentsOf =
  (size: number): Template<PaymentRow[]> =>
  (db, t) =>
    db.select().from(t.payments).where(idsIn(t.payments.id, size));

const attemptsOf =
  (size: number): Template<AttemptRow[]> =>
  (db, t) =>
    db
      .select()
      .from(t.attempts)
      .where(idsIn(t.attempts.paymentId, size))
      .orderBy(asc(t.attempts.createdAt), asc(t.attempts.id));
