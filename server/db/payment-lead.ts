/**
 * Which filter leads the way. Each list is read along one index in the order of ids, newest first;
 * the filter that leaves fewest payments chooses it, and the rest are looked at row by row.
 */
import { and, eq, gt, gte, lte, type SQL, sql } from "drizzle-orm";
import { nairobiDay } from "../../shared/nairobi.ts";
import type { PaymentId } from "../core/payment.ts";
import type { Engine, Params, Template } from "./engine.ts";
import { ours, type Reading, within } from "./payment-filter.ts";
import {
  amountsBetween,
  EVERYTHING,
  equalTo,
  type Lane,
  lastEndingIn,
  lastFailedFor,
  ofFlagSets,
  ofStatuses,
  onLane,
  paidUnder,
  phonesEndingIn,
} from "./payment-lanes.ts";
import { askedDigits, askedOf, shapeOf, valuesOf } from "./payment-shape.ts";
import type { SpannedFilter } from "./payment-span.ts";
import { slot } from "./slots.ts";
import { NO_FLAGS } from "./states.ts";

export interface Lead {
  /** Whose index it is. */
  readonly of: "payments" | "attempts";
  /** `status`: along the index of statuses, or all of it. */
  readonly by: "filter" | "status";
  /** Together they pass each payment that the leading filter lets in. None: nothing fits. */
  readonly lanes: readonly Lane[];
  /** `sorted`: the lanes do not pass in the order of ids, but they are short. */
  readonly order: "ids" | "sorted";
  /**
   * Where a lane of attempts passes some payments more than once: what one attempt of each fulfils.
   * It asks with the values of its lane.
   */
  readonly once?: (engine: Reading) => SQL;
  /** What remains to be asked of each row. */
  readonly rest: SpannedFilter;
  /** What may lead better when many rows were looked at in vain; null: nothing does. */
  readonly instead?: () => Promise<Lead | null>;
}

/** Few enough to be read and sorted at once; so many are passed in half a millisecond. */
const FEW = 12_000;
/** Still better than many that do not fit. A range with more is common enough to be met on the way. */
const NOT_TOO_MANY = 30_000;
/** A page with so few payments leads whatever else is asked. */
const RARE_MAX = 10_000;
/** A day that never comes. */
const LAST_DAY = 1_000_000;

/**
 * Chooses by what is asked. A range of amounts or a page leads when few payments are in it; a range
 * with more may lead once the other way was walked in vain.
 */
export async function leadOf(engine: Engine, filter: SpannedFilter): Promise<Lead> {
  const { receipt, phoneTail, orderReference, amountFrom, amountTo, ...others } = filter;
  const amounts = { amountFrom, amountTo };
  const byIds = { order: "ids", by: "filter" } as const;
  if (receipt !== undefined) {
    const rest = { ...others, ...amounts, phoneTail, orderReference };
    return { ...byIds, of: "attempts", lanes: [paidUnder(receipt)], rest };
  }
  if (orderReference !== undefined) {
    const rest = { ...others, ...amounts, phoneTail };
    return { ...byIds, of: "payments", lanes: [equalTo("orderReference", orderReference)], rest };
  }
  if (phoneTail !== undefined) {
    const once = (reading: Reading) => lastEndingIn(reading, askedDigits("lane", phoneTail));
    const rest = { ...others, ...amounts };
    return { ...byIds, of: "attempts", lanes: [phonesEndingIn(phoneTail)], once, rest };
  }
  const byAmount = await amountLead(engine, filter, FEW);
  if (byAmount !== null) return byAmount;
  const lead = (await pageLead(engine, filter)) ?? (await leadOfGroups(engine, filter));
  if (amountFrom === undefined && amountTo === undefined) return lead;
  return { ...lead, instead: () => amountLead(engine, filter, NOT_TOO_MANY) };
}

/** Reasons, sets of flags and statuses: a lane for each. */
async function leadOfGroups(engine: Engine, filter: SpannedFilter): Promise<Lead> {
  const { reasons, flags, statuses, ...others } = filter;
  if (reasons !== undefined) {
    const rest = { ...others, flags, statuses };
    return { of: "attempts", order: "ids", by: "filter", lanes: lastFailedFor(reasons), rest };
  }
  if (flags !== undefined) {
    const sets = await flagSets(engine, filter);
    const wanted = sets.filter((set) => flags.some((flag) => set.includes(`"${flag}"`)));
    const rest = { ...others, statuses };
    return { of: "payments", order: "ids", by: "filter", lanes: ofFlagSets(wanted), rest };
  }
  const all = { of: "payments", order: "ids", by: "status" } as const;
  if (statuses !== undefined) return { ...all, lanes: ofStatuses(statuses), rest: others };
  return { ...all, lanes: [EVERYTHING], rest: filter };
}

/** One amount is a lane of its own; a range is one when it holds `most` payments at most. */
async function amountLead(
  engine: Engine,
  filter: SpannedFilter,
  most: number,
): Promise<Lead | null> {
  const { amountFrom, amountTo, ...rest } = filter;
  if (amountFrom === undefined && amountTo === undefined) return null;
  if (amountFrom === amountTo && amountFrom !== undefined) {
    const lanes = [equalTo("amountCents", amountFrom)];
    return { of: "payments", order: "ids", by: "filter", lanes, rest };
  }
  const range = amountsBetween(amountFrom, amountTo);
  // Of all time: amounts do not stand in the order of ids, and all of them would be passed.
  const { newerThan: _, startingAfter: __, ...ever } = filter;
  if (await passesMore(engine, ever, range, most)) return null;
  return { of: "payments", order: "sorted", by: "filter", lanes: [range], rest };
}

/** A page is a lane of its own, unless it is common and groups are asked for that may be rarer. */
async function pageLead(engine: Engine, filter: SpannedFilter): Promise<Lead | null> {
  const { page, ...rest } = filter;
  if (page === undefined) return null;
  const none: Lead = { of: "payments", order: "ids", by: "filter", lanes: [], rest: filter };
  if (page === null) return (await someWithoutPage(engine, filter)) ? null : none;
  const lane = equalTo("page", page);
  const groups = [filter.reasons, filter.flags, filter.statuses];
  const alone = groups.every((group) => group === undefined);
  if (!alone && (await passesMore(engine, filter, lane, RARE_MAX))) return null;
  return { ...none, lanes: [lane], rest };
}

const daysWithoutPage: Template<{ day: number }[]> = (db, { rollup: r }) =>
  db
    .select({ day: r.day })
    .from(r)
    .where(
      and(
        eq(r.merchantId, slot("merchantId")),
        eq(r.environment, slot("environment")),
        eq(r.kind, "page"),
        gte(r.day, slot("from")),
        lte(r.day, slot("to")),
        eq(r.part, ""),
        gt(r.opened, 0),
      ),
    )
    .limit(1);

/** Most shops have some, and those are found soon; where there is none, nothing is looked through. */
async function someWithoutPage(engine: Engine, filter: SpannedFilter): Promise<boolean> {
  const { merchantId, environment, createdFrom, createdTo } = filter;
  const from = createdFrom === undefined ? 0 : nairobiDay(createdFrom);
  const to = createdTo === undefined ? LAST_DAY : nairobiDay(createdTo);
  const found = await engine.read(daysWithoutPage, { merchantId, environment, from, to });
  return found.length > 0;
}

/**
 * Does a lane pass more than `many` payments in the range of ids that is asked for? It looks at so
 * many and no further, in half the time of counting them.
 */
export async function passesMore(
  engine: Engine,
  { merchantId, environment, startingAfter, newerThan }: SpannedFilter,
  lane: Lane,
  many: number,
): Promise<boolean> {
  const span: SpannedFilter = { merchantId, environment, limit: 0, startingAfter, newerThan };
  const template: Template<{ id: PaymentId }[]> = (db, t) =>
    db
      .select({ id: t.payments.id })
      .from(t.payments)
      .where(and(onLane({ db, t }, lane), within(askedOf(span), t.payments.id)))
      .limit(1)
      .offset(slot("many"));
  const values: Params = { ...valuesOf(span), ...lane.values, many };
  const more = await engine.ask(`more ${lane.shape} ${shapeOf(span)}`, template, values);
  return more.length > 0;
}

const nextFlagSet: Template<{ set: string }[]> = (db, t) => {
  const { flags } = t.payments;
  const whose = { merchantId: slot("merchantId"), environment: slot("environment") };
  return db
    .select({ set: sql<string>`${flags}` })
    .from(t.payments)
    .where(and(ours(t, whose), sql`${flags} <> ${NO_FLAGS}`, sql`${flags} > ${slot("last")}`))
    .orderBy(flags)
    .limit(1);
};

/** Every set of flags that some payment has, as it is stored: found by leaping along the index. */
async function flagSets(
  engine: Engine,
  { merchantId, environment }: SpannedFilter,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let last: string | undefined = ""; last !== undefined; ) {
    const next: readonly { readonly set: string }[] = await engine.read(nextFlagSet, {
      merchantId,
      environment,
      last,
    });
    last = next[0]?.set;
    if (last !== undefined) found.push(last);
  }
  return found;
}
