/**
 * The filters of a list as conditions on a payment's row. Which index leads is decided elsewhere
 * (payment-lead.ts): what is said here may not tempt the database to take another one.
 */
import {
  aliasedTable,
  and,
  eq,
  exists,
  gt,
  gte,
  inArray,
  lt,
  lte,
  not,
  or,
  type Placeholder,
  type SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import type { ListFilter } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { type Asked, type AskedDigits, isWhole } from "./payment-shape.ts";
import { ofItsSides } from "./payment-sides.ts";
import { lastTwo } from "./states.ts";
import type { Tables } from "./tables.ts";
import { unindexed, unindexedNumber } from "./unindexed.ts";

/** What conditions are written with. */
export type Reading = Pick<Engine, "db" | "t">;

/** What is left to ask of a payment that an index has led to. */
export function ofEachRow(engine: Reading, asked: Asked): SQL | undefined {
  const { payments } = engine.t;
  const { statuses, flags, orderReference, createdFrom, createdTo } = asked;
  const createdAt = unindexedNumber(payments.createdAt);
  return and(
    ifGiven(createdFrom, (at) => gte(createdAt, at)),
    ifGiven(createdTo, (at) => lte(createdAt, at)),
    ifGiven(statuses, (some) => inArray(unindexed(payments.status), [...some])),
    ifGiven(orderReference, (text) => eq(unindexed(payments.orderReference), text)),
    ifGiven(flags, (some) => or(...some.map((flag) => sql`${payments.flags} like ${flag}`))),
    ifGiven(asked.amountFrom, (cents) => gte(unindexedNumber(payments.amountCents), cents)),
    ifGiven(asked.amountTo, (cents) => lte(unindexedNumber(payments.amountCents), cents)),
    ofItsSides(engine, asked),
    ofItsAttempts(engine, asked),
  );
}

/** Is anything asked beside the merchant and the place to begin? */
export function isFiltered(filter: ListFilter): boolean {
  const {
    merchantId: _,
    environment: __,
    limit: ___,
    startingAfter: ____,
    q: _____,
    ...rest
  } = filter;
  return Object.values(rest).some((value) => value !== undefined);
}

/** The merchant's own, in one environment: what every index of a list begins with. */
export function ours(
  t: Tables,
  { merchantId, environment }: Pick<Asked, "merchantId" | "environment">,
): SQL | undefined {
  return and(eq(t.payments.merchantId, merchantId), eq(t.payments.environment, environment));
}

/** The ids a page may hold. */
export function within(asked: Asked, id: SQLWrapper): SQL | undefined {
  return and(
    ifGiven(asked.startingAfter, (after) => lt(id, after)),
    ifGiven(asked.newerThan, (before) => gt(id, before)),
  );
}

/** What must be true of some attempt of the payment. */
function ofItsAttempts({ db, t }: Reading, asked: Asked): SQL | undefined {
  const tried = aliasedTable(t.attempts, "tried");
  const proofsOf = (receipt: Placeholder) =>
    db
      .select({ one: sql`1` })
      .from(t.evidence)
      .where(and(eq(t.evidence.attemptId, tried.id), provenUnder(t, asked.environment, receipt)));
  const some = (condition: SQL | undefined) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(tried)
        .where(and(eq(tried.paymentId, t.payments.id), condition)),
    );
  return and(
    ifGiven(asked.receipt, (receipt) =>
      some(or(eq(tried.receipt, receipt), exists(proofsOf(receipt)))),
    ),
    ifGiven(asked.phoneTail, (digits) => some(endsIn(tried.phoneTailReversed, digits))),
    ifGiven(asked.reasons, (reasons) =>
      some(
        and(
          eq(tried.state, "failed"),
          inArray(tried.reason, [...reasons]),
          isLastFailure({ db, t }, tried),
        ),
      ),
    ),
    ifGiven(asked.resultCode, (code) =>
      some(
        and(
          eq(tried.state, "failed"),
          sql`coalesce(${tried.resultCode}, '') = ${code}`,
          isLastFailure({ db, t }, tried),
        ),
      ),
    ),
  );
}

/** Evidence of success under a receipt. */
export function provenUnder(
  { evidence }: Pick<Tables, "evidence">,
  environment: Placeholder,
  receipt: Placeholder,
): SQL | undefined {
  return and(
    eq(evidence.environment, environment),
    eq(evidence.receipt, receipt),
    eq(evidence.success, 1),
  );
}

/** No later attempt of the same payment failed: attempts count by their last reason. */
export function isLastFailure({ db, t }: Reading, attempt: Tables["attempts"]): SQL {
  const later = aliasedTable(t.attempts, "later");
  return not(
    exists(
      db
        .select({ one: sql`1` })
        .from(later)
        .where(
          and(
            eq(later.paymentId, attempt.paymentId),
            gt(later.id, attempt.id),
            eq(later.state, "failed"),
          ),
        ),
    ),
  );
}

/** Four digits are the whole tail; fewer are a range. */
export function endsIn(tail: SQLWrapper, asked: AskedDigits): SQL | undefined {
  const { end, next } = asked;
  return isWhole(asked) ? eq(tail, end) : and(gte(tail, end), lt(tail, next));
}

/** The same along an index: such attempts are passed in the order of their payments. */
export function lastDigits({ phoneTailReversed: tail }: Tables["attempts"], asked: AskedDigits) {
  if (isWhole(asked)) return eq(tail, asked.end);
  const third = asked.digits === 2 ? undefined : endsIn(unindexed(tail), asked);
  return and(eq(lastTwo(tail), asked.lastTwo), third);
}

function ifGiven<T>(value: T | undefined, condition: (value: T) => SQL | undefined) {
  return value === undefined ? undefined : condition(value);
}
