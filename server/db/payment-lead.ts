/**
 * Which filter leads the way. Each list is read along one index in the order of ids, newest first;
 * the filter that leaves fewest payments chooses it, and the rest are looked at row by row.
 */
import { aliasedTable, and, eq, exists, gt, gte, lte, not, type SQL, sql } from "drizzle-orm";
import { cents } from "../../shared/money.ts";
import { nairobiDay } from "../../shared/nairobi.ts";
import type { ListFilter } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { endsIn, isLastFailure, lastDigits, ours, within } from "./payment-filter.ts";
import { FAILED, NO_FLAGS } from "./states.ts";
import { unindexed } from "./unindexed.ts";

/** One walk along an index; `undefined` is the walk through everything. */
export type Lane = SQL | undefined;

export interface Lead {
  /** Whose index it is. */
  readonly of: "payments" | "attempts";
  /** `status`: along the index of statuses, or all of it. */
  readonly by: "filter" | "status";
  /** Together they pass each payment that the leading filter lets in. None: nothing fits. */
  readonly lanes: readonly Lane[];
  /** `sorted`: the lanes do not pass in the order of ids, but they are short. */
  readonly order: "ids" | "sorted";
  /** Where a lane of attempts passes some payments more than once: what one attempt of each fulfils. */
  readonly once?: SQL;
  /** What remains to be asked of each row. */
  readonly rest: ListFilter;
}

/**
 * Up to here all payments of a range of amounts are read and sorted; beyond, the newest are walked.
 * A page with so few payments leads whatever else is asked.
 */
const RARE_MAX = 10_000;
/** The ends of a range that is open there. */
const ZERO = cents(0);
const HIGHEST = cents(Number.MAX_SAFE_INTEGER);

/** Chooses by what is asked; a range of amounts or a page leads only when few payments are in it. */
export async function leadOf(engine: Engine, filter: ListFilter): Promise<Lead> {
  const { t } = engine;
  const { receipt, phoneTail, orderReference, amountFrom, amountTo, ...others } = filter;
  const amounts = { amountFrom, amountTo };
  const named = { ...others, ...amounts, phoneTail, orderReference };
  if (receipt !== undefined) {
    const lane = and(
      eq(t.attempts.environment, filter.environment),
      eq(t.attempts.receipt, receipt),
      eq(unindexed(t.attempts.merchantId), filter.merchantId),
    );
    return { of: "attempts", order: "ids", by: "filter", lanes: [lane], rest: named };
  }
  if (orderReference !== undefined) {
    const lane = eq(t.payments.orderReference, orderReference);
    const rest = { ...others, ...amounts, phoneTail };
    return { of: "payments", order: "ids", by: "filter", lanes: [lane], rest };
  }
  if (phoneTail !== undefined) {
    const rest = { ...others, ...amounts };
    return {
      of: "attempts",
      order: "ids",
      by: "filter",
      ...onPhonesEndingIn(engine, filter, phoneTail),
      rest,
    };
  }
  const byAmount = await amountLead(engine, filter);
  return byAmount ?? (await pageLead(engine, filter)) ?? leadOfGroups(engine, filter);
}

/** Reasons, sets of flags and statuses: a lane for each. */
async function leadOfGroups(engine: Engine, filter: ListFilter): Promise<Lead> {
  const { t } = engine;
  const { reasons, flags, statuses, ...others } = filter;
  if (reasons !== undefined) {
    const lanes = reasons.map((reason) => lastFailedFor(engine, filter, reason));
    return {
      of: "attempts",
      order: "ids",
      by: "filter",
      lanes,
      rest: { ...others, flags, statuses },
    };
  }
  if (flags !== undefined) {
    const sets = await flagSets(engine, filter);
    const wanted = sets.filter((set) => flags.some((flag) => set.includes(`"${flag}"`)));
    const lanes = wanted.map((set) =>
      and(sql`${t.payments.flags} <> ${NO_FLAGS}`, sql`${t.payments.flags} = ${set}`),
    );
    return { of: "payments", order: "ids", by: "filter", lanes, rest: { ...others, statuses } };
  }
  if (statuses !== undefined) {
    const lanes = statuses.map((status) => eq(t.payments.status, status));
    return { of: "payments", order: "ids", by: "status", lanes, rest: others };
  }
  return { of: "payments", order: "ids", by: "status", lanes: [undefined], rest: filter };
}

/** One amount is a lane of its own; a range is one when it holds few payments. */
async function amountLead(engine: Engine, filter: ListFilter): Promise<Lead | null> {
  const { t } = engine;
  const { amountFrom, amountTo, ...rest } = filter;
  const amount = t.payments.amountCents;
  if (amountFrom === undefined && amountTo === undefined) return null;
  if (amountFrom === amountTo && amountFrom !== undefined) {
    return { of: "payments", order: "ids", by: "filter", lanes: [eq(amount, amountFrom)], rest };
  }
  const range = and(gte(amount, amountFrom ?? ZERO), lte(amount, amountTo ?? HIGHEST));
  if (!(await isRare(engine, and(ours(t, filter), range)))) return null;
  return { of: "payments", order: "sorted", by: "filter", lanes: [range], rest };
}

/** A page is a lane of its own, unless it is common and groups are asked for that may be rarer. */
async function pageLead(engine: Engine, filter: ListFilter): Promise<Lead | null> {
  const { payments } = engine.t;
  const { page, ...rest } = filter;
  if (page === undefined) return null;
  const none: Lead = { of: "payments", order: "ids", by: "filter", lanes: [], rest: filter };
  if (page === null) return (await someWithoutPage(engine, filter)) ? null : none;
  const lane = eq(payments.page, page);
  const groups = [filter.reasons, filter.flags, filter.statuses];
  const alone = groups.every((group) => group === undefined);
  const there = and(ours(engine.t, filter), lane, within(engine, filter, payments.id));
  if (!alone && !(await isRare(engine, there))) return null;
  return { ...none, lanes: [lane], rest };
}

/** Most shops have some, and those are found soon; where there is none, nothing is looked through. */
async function someWithoutPage({ db, t }: Engine, filter: ListFilter): Promise<boolean> {
  const { rollup: r } = t;
  const { merchantId, environment, createdFrom, createdTo } = filter;
  const [found] = await db
    .select({ day: r.day })
    .from(r)
    .where(
      and(
        eq(r.merchantId, merchantId),
        eq(r.environment, environment),
        eq(r.kind, "page"),
        createdFrom === undefined ? undefined : gte(r.day, nairobiDay(createdFrom)),
        createdTo === undefined ? undefined : lte(r.day, nairobiDay(createdTo)),
        eq(r.part, ""),
        gt(r.opened, 0),
      ),
    )
    .limit(1);
  return found !== undefined;
}

async function isRare({ db, t }: Engine, condition: SQL | undefined): Promise<boolean> {
  const rare = db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(condition)
    .limit(RARE_MAX + 1)
    .as("rare");
  const [counted] = await db.select({ rows: sql<number>`count(*)`.mapWith(Number) }).from(rare);
  return (counted?.rows ?? 0) <= RARE_MAX;
}

/** Every set of flags that some payment has, as it is stored: found by leaping along the index. */
async function flagSets({ db, t }: Engine, filter: ListFilter): Promise<readonly string[]> {
  const { flags } = t.payments;
  const found: string[] = [];
  for (let last: string | undefined = ""; last !== undefined; ) {
    const [next] = await db
      .select({ set: sql<string>`${flags}` })
      .from(t.payments)
      .where(and(ours(t, filter), sql`${flags} <> ${NO_FLAGS}`, sql`${flags} > ${last}`))
      .orderBy(flags)
      .limit(1);
    last = next?.set;
    if (last !== undefined) found.push(last);
  }
  return found;
}

function lastFailedFor(engine: Engine, filter: ListFilter, reason: string): Lane {
  const { attempts } = engine.t;
  return and(
    eq(attempts.merchantId, filter.merchantId),
    eq(attempts.environment, filter.environment),
    sql`${attempts.state} = ${FAILED}`,
    sql`${attempts.reason} = ${reason}`,
    isLastFailure(engine, attempts),
  );
}

function onPhonesEndingIn({ db, t }: Engine, filter: ListFilter, digits: string) {
  const { attempts } = t;
  const later = aliasedTable(attempts, "later");
  const again = db
    .select({ one: sql`1` })
    .from(later)
    .where(
      and(
        eq(later.paymentId, attempts.paymentId),
        gt(later.id, attempts.id),
        endsIn(unindexed(later.phoneTailReversed), digits),
      ),
    );
  const lane = and(
    eq(attempts.merchantId, filter.merchantId),
    eq(attempts.environment, filter.environment),
    lastDigits(attempts, digits),
  );
  return { lanes: [lane], once: not(exists(again)) };
}
