/**
 * What a filter comes to. One query counts and sums, and stops where looking further would keep the
 * process from its payments: SQLite answers while everything else waits.
 */
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { cents } from "../../shared/money.ts";
import type { ListFilter, ListTotals, Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { ofEachRow, ours, within } from "./payment-filter.ts";
import { type Lane, type Lead, leadOf } from "./payment-lead.ts";
import { searchIds } from "./payment-search.ts";

/** Counted exactly up to here. */
const COUNTED_MAX = 10_000;
/** Looked at, fitting or not: some 20 ms. Attempts cost more, since each leads to its payment. */
const LOOKED_AT_MAX = { payments: 20_000, attempts: 10_001 } as const;
/** A search brings its payments one by one, so it is counted less far. */
const FOUND_MAX = 1_000;

const NOTHING: ListTotals = { kind: "exact", count: 0, confirmedCents: cents(0) };

/** The totals of a filter, wherever its page begins. */
export async function totalsOf(
  engine: Engine,
  seal: Seal,
  { startingAfter: _, ...filter }: ListFilter,
): Promise<ListTotals> {
  if (filter.q !== undefined && filter.q !== "") return totalsOfSearch(engine, seal, filter);
  const lead = await leadOf(engine, filter);
  if (lead.lanes.length === 0) return NOTHING;
  const lanes = lead.lanes.map((lane) => passing(engine, lead, lane));
  const looked = sql.join(lanes, sql` union all `);
  return summed(engine, looked, { looked: LOOKED_AT_MAX[lead.of], counted: COUNTED_MAX });
}

async function totalsOfSearch(engine: Engine, seal: Seal, filter: ListFilter): Promise<ListTotals> {
  const ids = await searchIds(engine, seal, { ...filter, limit: FOUND_MAX + 1 });
  if (ids.length === 0) return NOTHING;
  const { payments } = engine.t;
  const found = sql`select 1 as fits, ${paid(engine)} as paid from ${payments} where ${inArray(payments.id, [...ids])}`;
  return summed(engine, found, { looked: FOUND_MAX, counted: FOUND_MAX });
}

/** Counts and sums rows of `fits` and `paid`, as far as it may look. */
async function summed(
  { db }: Engine,
  rows: SQL,
  most: { readonly looked: number; readonly counted: number },
): Promise<ListTotals> {
  const [row] = await db
    .select({
      looked: sql<number>`count(*)`.mapWith(Number),
      count: sql<number>`coalesce(sum(fits), 0)`.mapWith(Number),
      confirmed: sql<number>`coalesce(sum(fits * paid), 0)`.mapWith(Number),
    })
    .from(sql`(${rows} limit ${most.looked + 1}) as looked`);
  if (row === undefined) return NOTHING;
  if (row.looked > most.looked || row.count > most.counted) {
    return { kind: "at_least", count: Math.min(row.count, most.counted) };
  }
  return { kind: "exact", count: row.count, confirmedCents: cents(row.confirmed) };
}

/** The payments of a lane: whether the rest of the filter fits them, and what they brought in. */
function passing(engine: Engine, lead: Lead, lane: Lane): SQL {
  const { t } = engine;
  const { payments, attempts } = t;
  const { rest } = lead;
  const fits = ofEachRow(engine, rest) ?? sql`1 = 1`;
  const columns = sql`case when ${fits} then 1 else 0 end as fits, ${paid(engine)} as paid`;
  if (lead.of === "payments") {
    const there = and(ours(t, rest), lane, within(engine, rest, payments.id), itsRow(engine, lead));
    return sql`select ${columns} from ${payments} where ${there}`;
  }
  const there = and(
    lane,
    lead.once,
    within(engine, rest, attempts.paymentId),
    eq(payments.id, attempts.paymentId),
  );
  return sql`select ${columns} from ${attempts} cross join ${payments} where ${there}`;
}

function paid({ t }: Engine): SQL {
  const { status, amountCents } = t.payments;
  return sql`case when ${status} = 'confirmed' then ${amountCents} else 0 end`;
}

/**
 * The index of statuses holds all that is summed, which tempts SQLite to read it from end to end
 * where another one leads. No index holds a version: asking for it (1 and more) makes that no gain.
 */
function itsRow({ t }: Engine, lead: Lead): SQL | undefined {
  return lead.by === "filter" ? sql`${t.payments.version} > 0` : undefined;
}
