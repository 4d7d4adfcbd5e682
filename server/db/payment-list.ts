/**
 * The list behind every table of payments: newest first, continued after the last id seen, each
 * filter and search served by an index.
 */
import { and, asc, desc, inArray, sql } from "drizzle-orm";
import type { Payment, PaymentId } from "../core/payment.ts";
import type { ListFilter, Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { conditions, ofEachRow, ours, unindexed, within } from "./payment-filter.ts";
import { type Lane, type Lead, leadOf } from "./payment-lead.ts";
import { byAttempt, searchIds } from "./payment-search.ts";
import { type AttemptRow, type PaymentRow, paymentOf } from "./rows.ts";

export interface Page {
  readonly payments: readonly Payment[];
  /** The attempts of these payments, oldest first. */
  readonly attempts: readonly AttemptRow[];
  readonly hasMore: boolean;
}

type Found = readonly { readonly id: PaymentId }[];

const EMPTY: Page = { payments: [], attempts: [], hasMore: false };

/** One page, and whether more follows. */
export async function listPayments(engine: Engine, seal: Seal, filter: ListFilter): Promise<Page> {
  const { db, t } = engine;
  const rows = await rowsOf(engine, seal, filter, filter.limit + 1);
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
  wanted: number,
): Promise<readonly PaymentRow[]> {
  if (filter.q !== undefined && filter.q !== "") {
    return rowsWith(engine, await searchIds(engine, seal, filter, wanted));
  }
  const lead = await leadOf(engine, filter);
  const [lane] = lead.lanes;
  if (lead.of === "payments" && lead.order === "ids" && lead.lanes.length === 1) {
    const { db, t } = engine;
    return db
      .select()
      .from(t.payments)
      .where(and(lane, conditions(engine, lead.rest)))
      .orderBy(desc(t.payments.id))
      .limit(wanted);
  }
  const found = await Promise.all(lead.lanes.map((each) => along(engine, lead, each, wanted)));
  return rowsWith(engine, newest(found.flat(), wanted));
}

/** The ids that one lane passes, newest first. */
async function along(engine: Engine, lead: Lead, lane: Lane, wanted: number): Promise<Found> {
  const { rest } = lead;
  if (lead.of === "attempts") return byAttempt(engine, rest, lane, wanted);
  const { db, t } = engine;
  const id = lead.order === "ids" ? sql`${t.payments.id}` : unindexed(t.payments.id);
  return db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(and(ours(t, rest), lane, within(engine, rest, id), ofEachRow(engine, rest)))
    .orderBy(desc(id))
    .limit(wanted);
}

function newest(found: Found, wanted: number): readonly PaymentId[] {
  const ids = found.map((row) => row.id);
  return ids.sort().reverse().slice(0, wanted);
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
