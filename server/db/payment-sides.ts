/**
 * The sides from which failures are looked at, as conditions on a payment's row: each says in the
 * rollup's own words (rollup.ts) what it counts, so that a number and the list behind it are equal.
 */
import {
  and,
  eq,
  exists,
  inArray,
  isNull,
  not,
  or,
  type Placeholder,
  type SQL,
  sql,
} from "drizzle-orm";
import type { Step } from "../../shared/words.ts";
import type { Engine } from "./engine.ts";
import type { Asked } from "./payment-shape.ts";
import { hour, TAKEN_UP } from "./rollup.ts";
import { unindexed } from "./unindexed.ts";

type Reading = Pick<Engine, "db" | "t">;

const WITH_PHONE: readonly Step[] = ["typed", "prompted"];

/** What is asked about where an order came from, when, and how far it got. */
export function ofItsSides(engine: Reading, asked: Asked): SQL | undefined {
  const { payments } = engine.t;
  const { page, sources, hour: at, steps } = asked;
  return and(
    page === undefined ? undefined : fromPage(engine, page),
    sources === undefined ? undefined : inArray(payments.amountSource, [...sources]),
    at === undefined ? undefined : sql`${sql.raw(hour("payments.created_at"))} = ${at}`,
    steps === undefined ? undefined : cameToAny(engine, steps),
  );
}

function fromPage({ t }: Reading, page: Placeholder | null): SQL {
  return page === null ? isNull(t.payments.page) : eq(unindexed(t.payments.page), page);
}

function cameToAny(engine: Reading, steps: readonly Step[]): SQL | undefined {
  const withPhone = WITH_PHONE.every((step) => steps.includes(step));
  // One look into an index, where two would read the attempts themselves.
  if (withPhone) return steps.includes("opened") ? undefined : hasAttempt(engine);
  return or(...steps.map((step) => cameTo(engine, step)));
}

/** The furthest step of a payment. */
function cameTo(engine: Reading, step: Step): SQL | undefined {
  const tried = hasAttempt(engine);
  const prompted = hasAttempt(engine, sql.raw(TAKEN_UP));
  switch (step) {
    case "opened":
      return not(tried);
    case "typed":
      return and(tried, not(prompted));
    case "prompted":
      return prompted;
  }
}

function hasAttempt({ db, t }: Reading, condition?: SQL): SQL {
  const { attempts, payments } = t;
  return exists(
    db
      .select({ one: sql`1` })
      .from(attempts)
      .where(and(eq(attempts.paymentId, payments.id), condition)),
  );
}
