/**
 * The list behind every table of payments: newest first, continued after the last id seen, each
 * filter and search served by an index.
 */
import { and, asc, desc, inArray } from "drizzle-orm";
import type { Payment, PaymentId } from "../core/payment.ts";
import type { ListFilter, Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { isFiltered, ours, within } from "./payment-filter.ts";
import { leadOf } from "./payment-lead.ts";
import { searchIds } from "./payment-search.ts";
import { SLICES, type Slices, walk } from "./payment-walk.ts";
import { type AttemptRow, type PaymentRow, paymentOf } from "./rows.ts";

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
  const { db, t } = engine;
  const rows = await rowsOf(engine, seal, { ...filter, limit: filter.limit + 1 }, slices);
  const payments = rows.slice(0, filter.limit).map(paymentOf);
  if (payments.length === 0) return EMPTY;
  const ids = payments.map((payment) => payment.id);
  const attempts = await db
    .select()
    .from(t.attempts)
    .where(inArray(t.attempts.paymentId, ids))
    .orderBy(asc(t.attempts.createdAt), asc(t.attempts.id));
  return { payments, attempts, hasMore: rows.length > filter.limit };
}

async function rowsOf(
  engine: Engine,
  seal: Seal,
  filter: ListFilter,
  slices: Slices,
): Promise<readonly PaymentRow[]> {
  const { db, t } = engine;
  const { limit: wanted } = filter;
  if (filter.q !== undefined && filter.q !== "") {
    return rowsWith(engine, await searchIds(engine, seal, filter, slices));
  }
  if (!isFiltered(filter)) {
    return db
      .select()
      .from(t.payments)
      .where(and(ours(t, filter), within(engine, filter, t.payments.id)))
      .orderBy(desc(t.payments.id))
      .limit(wanted);
  }
  const lead = await leadOf(engine, filter);
  return rowsWith(engine, await walk(engine, { lead, wanted, slices }));
}

async function rowsWith(
  { db, t }: Engine,
  ids: readonly PaymentId[],
): Promise<readonly PaymentRow[]> {
  if (ids.length === 0) return [];
  const rows: PaymentRow[] = await db
    .select()
    .from(t.payments)
    .where(inArray(t.payments.id, [...ids]));
  return rows.sort((a, b) => (a.id < b.id ? 1 : -1));
}
