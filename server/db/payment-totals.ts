/**
 * What a filter comes to. One query counts and sums, and stops where looking further would keep the
 * process from its payments: SQLite answers while everything else waits.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { cents } from "../../shared/money.ts";
import type { ListFilter, ListTotals, Seal } from "../ports.ts";
import type { Engine, Params, Template } from "./engine.ts";
import { ofEachRow, type Reading, within } from "./payment-filter.ts";
import { type Lane, onLane } from "./payment-lanes.ts";
import { type Lead, leadOf } from "./payment-lead.ts";
import { searchIds } from "./payment-search.ts";
import { askedOf, shapeOf, valuesOf } from "./payment-shape.ts";
import { type SpannedFilter, spanned } from "./payment-span.ts";
import { slot } from "./slots.ts";
import { idsIn, oneOf } from "./some-ids.ts";
import type { Tables } from "./tables.ts";

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
  { startingAfter: _, ...all }: ListFilter,
): Promise<ListTotals> {
  const filter = await spanned(engine, all);
  if (filter.q !== undefined && filter.q !== "") return totalsOfSearch(engine, seal, filter);
  const first = await leadOf(engine, filter);
  // All of them are looked at here, not the newest alone.
  const lead = (await first.instead?.()) ?? first;
  if (lead.lanes.length === 0) return NOTHING;
  const { lanes, rest, of } = lead;
  const rows = (reading: Reading) =>
    sql.join(
      lanes.map((lane) => passing(reading, lead, lane)),
      sql` union all `,
    );
  const once = lead.once === undefined ? "" : "once";
  const shape = [of, lead.by, once, ...lanes.map((lane) => lane.shape), shapeOf(rest)].join(" ");
  const values = Object.assign({}, valuesOf(rest), ...lanes.map((lane) => lane.values)) as Params;
  return summed(
    engine,
    { shape, rows, values },
    { looked: LOOKED_AT_MAX[of], counted: COUNTED_MAX },
  );
}

async function totalsOfSearch(
  engine: Engine,
  seal: Seal,
  filter: SpannedFilter,
): Promise<ListTotals> {
  const ids = await searchIds(engine, seal, { ...filter, limit: FOUND_MAX + 1 });
  if (ids.length === 0) return NOTHING;
  const { size, values } = oneOf(ids);
  const rows = ({ t }: Reading) =>
    sql`select 1 as fits, ${paid(t)} as paid from ${t.payments} where ${idsIn(t.payments.id, size)}`;
  const found = { shape: `found of ${size}`, rows, values };
  return summed(engine, found, { looked: FOUND_MAX, counted: FOUND_MAX });
}

interface Rows {
  readonly shape: string;
  /** Rows of `fits` and `paid`. */
  readonly rows: (reading: Reading) => SQL;
  readonly values: Params;
}

interface Sums {
  readonly looked: number;
  readonly count: number;
  readonly confirmed: number;
}

/** Counts and sums, as far as it may look. */
async function summed(
  engine: Engine,
  { shape, rows, values }: Rows,
  most: { readonly looked: number; readonly counted: number },
): Promise<ListTotals> {
  const template: Template<Sums[]> = (db, t) =>
    db
      .select({
        looked: sql<number>`count(*)`.mapWith(Number),
        count: sql<number>`coalesce(sum(fits), 0)`.mapWith(Number),
        confirmed: sql<number>`coalesce(sum(fits * paid), 0)`.mapWith(Number),
      })
      .from(sql`(${rows({ db, t })} limit ${slot("most")}) as looked`);
  const [row] = await engine.ask(`sum ${shape}`, template, { ...values, most: most.looked + 1 });
  if (row === undefined) return NOTHING;
  if (row.looked > most.looked || row.count > most.counted) {
    return { kind: "at_least", count: Math.min(row.count, most.counted) };
  }
  return { kind: "exact", count: row.count, confirmedCents: cents(row.confirmed) };
}

/** The payments of a lane: whether the rest of the filter fits them, and what they brought in. */
function passing(reading: Reading, lead: Lead, lane: Lane): SQL {
  const { payments, attempts } = reading.t;
  const rest = askedOf(lead.rest);
  const fits = ofEachRow(reading, rest) ?? sql`1 = 1`;
  const columns = sql`case when ${fits} then 1 else 0 end as fits, ${paid(reading.t)} as paid`;
  if (lead.of === "payments") {
    const there = and(onLane(reading, lane), within(rest, payments.id), itsRow(reading.t, lead));
    return sql`select ${columns} from ${payments} where ${there}`;
  }
  const there = and(
    lane.where(reading),
    lead.once?.(reading),
    within(rest, attempts.paymentId),
    eq(payments.id, attempts.paymentId),
  );
  return sql`select ${columns} from ${attempts} cross join ${payments} where ${there}`;
}

function paid(t: Tables): SQL {
  const { status, amountCents } = t.payments;
  return sql`case when ${status} = 'confirmed' then ${amountCents} else 0 end`;
}

/**
 * The index of statuses holds all that is summed, which tempts SQLite to read it from end to end
 * where another one leads. No index holds a version: asking for it (1 and more) makes that no gain.
 */
function itsRow(t: Tables, lead: Lead): SQL | undefined {
  return lead.by === "filter" ? sql`${t.payments.version} > 0` : undefined;
}
