/**
 * Which filter leads the way. Each list is read along one index in the order of ids, newest first;
 * the filter that leaves fewest payments chooses it, and the rest are looked at row by row.
 */
import { aliasedTable, and, eq, exists, gt, gte, lte, not, type SQL, sql } from "drizzle-orm";
import { cents } from "../../shared/money.ts";
import type { ListFilter } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { endsIn, isLastFailure, lastDigits, ours, unindexed } from "./payment-filter.ts";
import { FAILED, NO_FLAGS } from "./states.ts";

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

/** Up to here all payments of a range of amounts are read and sorted; beyond, the newest are walked. */
const RARE_MAX = 10_000;
/** The ends of a range that is open there. */
const ZERO = cents(0);
const HIGHEST = cents(Number.MAX_SAFE_INTEGER);

/** Chooses by what is asked; a range of amounts leads only when few payments are in it. */
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
  return byAmount ?? leadOfGroups(engine, filter);
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
  const { db, t } = engine;
  const { amountFrom, amountTo, ...rest } = filter;
  const amount = t.payments.amountCents;
  if (amountFrom === undefined && amountTo === undefined) return null;
  if (amountFrom === amountTo && amountFrom !== undefined) {
    return { of: "payments", order: "ids", by: "filter", lanes: [eq(amount, amountFrom)], rest };
  }
  const range = and(gte(amount, amountFrom ?? ZERO), lte(amount, amountTo ?? HIGHEST));
  const inRange = db
    .select({ amount })
    .from(t.payments)
    .where(and(ours(t, filter), range))
    .limit(RARE_MAX + 1)
    .as("in_range");
  const [counted] = await db.select({ rows: sql<number>`count(*)`.mapWith(Number) }).from(inRange);
  if ((counted?.rows ?? 0) > RARE_MAX) return null;
  return { of: "payments", order: "sorted", by: "filter", lanes: [range], rest };
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
