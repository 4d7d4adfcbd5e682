/** The lanes of a list: what of an index is walked along for one filter. */
import {
  aliasedTable,
  and,
  eq,
  exists,
  gt,
  gte,
  inArray,
  lte,
  not,
  type SQL,
  sql,
} from "drizzle-orm";
import { type Cents, cents } from "../../shared/money.ts";
import type { Params } from "./engine.ts";
import {
  endsIn,
  isLastFailure,
  lastDigits,
  ours,
  provenUnder,
  type Reading,
} from "./payment-filter.ts";
import { type AskedDigits, askedDigits, digitValues } from "./payment-shape.ts";
import { slot } from "./slots.ts";
import { FAILED, NO_FLAGS } from "./states.ts";
import type { Tables } from "./tables.ts";
import { unindexed } from "./unindexed.ts";

/** One walk along an index. */
export interface Lane {
  /** Equal for lanes that differ in their values alone. */
  readonly shape: string;
  /** Which rows are on it, beside the merchant's own; `undefined`: all. */
  readonly where: (engine: Reading) => SQL | undefined;
  /** By names that no other part of a query has; the merchant's are known to every query. */
  readonly values: Params;
}

const WHOSE = { merchantId: slot("merchantId"), environment: slot("environment") };
/** The ends of a range that is open there. */
const ZERO = cents(0);
const HIGHEST = cents(Number.MAX_SAFE_INTEGER);

/** The walk through everything. */
export const EVERYTHING: Lane = { shape: "everything", where: () => undefined, values: {} };

/** The merchant's own of that table. */
function mine(table: Pick<Tables["attempts"], "merchantId" | "environment">): SQL | undefined {
  return and(eq(table.merchantId, WHOSE.merchantId), eq(table.environment, WHOSE.environment));
}

/** Payments whose column has one value. */
export function equalTo(
  column: "orderReference" | "amountCents" | "page",
  value: string | number,
): Lane {
  return {
    shape: `one ${column}`,
    where: ({ t }) => eq(t.payments[column], slot("laneValue")),
    values: { laneValue: value },
  };
}

export function amountsBetween(from: Cents = ZERO, to: Cents = HIGHEST): Lane {
  return {
    shape: "amounts",
    where: ({ t: { payments } }) =>
      and(gte(payments.amountCents, slot("laneFrom")), lte(payments.amountCents, slot("laneTo"))),
    values: { laneFrom: from, laneTo: to },
  };
}

/** A lane for each value; each has a name of its own, so that they may stand in one query. */
export function ofStatuses(statuses: readonly string[]): readonly Lane[] {
  return statuses.map((status, at) => ({
    shape: `status${at}`,
    where: ({ t }) => eq(t.payments.status, slot(`laneStatus${at}`)),
    values: { [`laneStatus${at}`]: status },
  }));
}

/** @param sets of flags, as they are stored. */
export function ofFlagSets(sets: readonly string[]): readonly Lane[] {
  return sets.map((set, at) => ({
    shape: `flags${at}`,
    where: ({ t: { payments } }) =>
      and(
        sql`${payments.flags} <> ${NO_FLAGS}`,
        sql`${payments.flags} = ${slot(`laneFlags${at}`)}`,
      ),
    values: { [`laneFlags${at}`]: set },
  }));
}

/** Attempts that failed last of their payment, for each reason. */
export function lastFailedFor(reasons: readonly string[]): readonly Lane[] {
  return reasons.map((reason, at) => ({
    shape: `reason${at}`,
    where: (engine) => {
      const { attempts } = engine.t;
      return and(
        mine(attempts),
        sql`${attempts.state} = ${FAILED}`,
        sql`${attempts.reason} = ${slot(`laneReason${at}`)}`,
        isLastFailure(engine, attempts),
      );
    },
    values: { [`laneReason${at}`]: reason },
  }));
}

/** An attempt by what only it has. */
export function attemptWith(column: "receipt" | "customerCode" | "phoneHash", value: string): Lane {
  return {
    shape: `attempt with ${column}`,
    where: ({ t: { attempts } }) =>
      and(
        eq(attempts.environment, WHOSE.environment),
        eq(attempts[column], slot("laneValue")),
        eq(unindexed(attempts.merchantId), WHOSE.merchantId),
      ),
    values: { laneValue: value },
  };
}

/** The attempt whose money came under a receipt, also where its row names another one. */
export function paidUnder(receipt: string): Lane {
  return {
    shape: "paid under",
    where: ({ db, t }) => {
      const { attempts, evidence } = t;
      const named = aliasedTable(attempts, "named");
      const inRow = db
        .select({ id: named.id })
        .from(named)
        .where(and(eq(named.environment, WHOSE.environment), eq(named.receipt, slot("laneValue"))));
      const inEvidence = db
        .select({ id: evidence.attemptId })
        .from(evidence)
        .where(provenUnder(t, WHOSE.environment, slot("laneValue")));
      return and(
        inArray(attempts.id, inRow.union(inEvidence)),
        eq(unindexed(attempts.merchantId), WHOSE.merchantId),
      );
    },
    values: { laneValue: receipt },
  };
}

/** Attempts at phones that end in these digits. */
export function phonesEndingIn(digits: string): Lane {
  return {
    shape: `digits:${digits.length}`,
    where: ({ t: { attempts } }) =>
      and(mine(attempts), lastDigits(attempts, askedDigits("lane", digits))),
    values: digitValues("lane", digits),
  };
}

/** The last of a payment's attempts at such phones. */
export function lastEndingIn({ db, t: { attempts } }: Reading, asked: AskedDigits): SQL {
  const later = aliasedTable(attempts, "later");
  const again = db
    .select({ one: sql`1` })
    .from(later)
    .where(
      and(
        eq(later.paymentId, attempts.paymentId),
        gt(later.id, attempts.id),
        endsIn(unindexed(later.phoneTailReversed), asked),
      ),
    );
  return not(exists(again));
}

/** The merchant's payments on a lane. */
export function onLane(engine: Reading, lane: Lane): SQL | undefined {
  return and(ours(engine.t, WHOSE), lane.where(engine));
}
