/**
 * The rollups' upkeep: what one payment adds to the counts is one query over its own rows. Each
 * change takes it off as it was and puts it back as it is, in the change's own commit, so that the
 * rollups always equal the rows.
 */
import { type SQL, sql } from "drizzle-orm";
import { AMOUNT_BANDS_KES, WAIT_STEP_MS, WAIT_STEPS_MAX } from "../../shared/insight-words.ts";
import type { PaymentId } from "../core/payment.ts";
import { run, type Statement, type Template } from "./engine.ts";
import { slot } from "./slots.ts";
import type { Tables } from "./tables.ts";

const EAT_MS = 3 * 3_600_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const MEASURES = [
  "opened",
  "typed",
  "prompted",
  "paid",
  "failed",
  "cancelled",
  "expired",
  "tries",
  "retried",
  "retried_paid",
  "cents",
] as const;

/** Day and hour in Nairobi of an instant in SQL; both dialects divide integers without a rest. */
const day = (at: string): string => `((${at} + ${EAT_MS}) / ${DAY_MS})`;
/** The Nairobi hour of an instant as text, "0" to "23". */
export const hour = (at: string): string =>
  `cast((${at} + ${EAT_MS}) % ${DAY_MS} / ${HOUR_MS} as text)`;
const oneIf = (condition: string): string => `case when ${condition} then 1 else 0 end`;

/** The band's number, highest first because the first true case counts. */
const BAND = `case ${AMOUNT_BANDS_KES.map(
  (lowest, band) => `when amount_cents >= ${lowest * 100} then '${band}'`,
)
  .toReversed()
  .join(" ")} else '0' end`;

/** M-Pesa took the prompt, or it is not known that it did not: what it refused at once asked nobody. */
export const TAKEN_UP =
  "sent_at is not null and (state <> 'failed' or accepted_at is not null or in_doubt_at is not null)";

/** Failed, cancelled and expired count only where a phone was given: the rest never got so far. */
const ended = (status: string): string => oneIf(`status = '${status}' and tries > 0`);

/** Each payment once, with everything that its own cells count. */
const TOLD = `
  select id, merchant_id, environment, status, created_at, amount_cents, amount_source,
    page, 1 as opened, ${oneIf("tries > 0")} as typed, prompted, ${oneIf("status = 'confirmed'")} as paid,
    ${ended("failed")} as failed, ${ended("cancelled")} as cancelled,
    ${ended("expired")} as expired, tries, ${oneIf("tries > 1")} as retried,
    ${oneIf("tries > 1 and status = 'confirmed'")} as retried_paid, amount_cents as cents
  from counted`;

const cell = (kind: string, part: string, detail: string): string => `
  select merchant_id, environment, '${kind}' as kind, ${day("created_at")} as day,
    ${part} as part, ${detail} as detail, ${MEASURES.join(", ")}
  from told`;

/** Two tries of one payment in the same millisecond are told apart by their ids, as everywhere. */
const LATER = `case when exists (select 1 from attempts later where later.payment_id = a.payment_id
  and (later.created_at > a.created_at or (later.created_at = a.created_at and later.id > a.id))) then 1 else 0 end`;

/** M-Pesa's code 500.001.1001 stands for several faults, which only its words tell apart. */
const FAULT = `case when coalesce(a.reason, '') <> 'merchant_setup' then ''
  when lower(a.result_description) like '%wrong credentials%' then ' wrong_credentials'
  when lower(a.result_description) like '%merchant does not exist%' then ' no_merchant'
  else '' end`;

/**
 * Failed tries: how many left their payment unpaid, how many were followed by another, and paid. A cross
 * join, because SQLite then begins with the payment and not with all attempts.
 */
const FAILED = `
  select told.merchant_id, told.environment, ${day("told.created_at")} as day,
    coalesce(a.reason, 'other') as part, coalesce(a.result_code, '') || ${FAULT} as detail,
    told.status, told.amount_cents, ${LATER} as followed
  from told cross join attempts a where a.payment_id = told.id and a.state = 'failed'`;

const LEFT_UNPAID = "followed = 0 and status in ('failed', 'cancelled', 'expired')";

const REASONS = `
  select merchant_id, environment, 'reason' as kind, day, part, detail,
    0 as opened, 0 as typed, 0 as prompted, 0 as paid, ${oneIf(LEFT_UNPAID)} as failed,
    0 as cancelled, 0 as expired, 1 as tries, followed as retried,
    ${oneIf("followed = 1 and status = 'confirmed'")} as retried_paid,
    case when ${LEFT_UNPAID} then amount_cents else 0 end as cents
  from failures`;

const PAID_AT = "coalesce(a.paid_at, a.resolved_at, a.created_at)";
const WAIT = `(${PAID_AT} - a.created_at)`;
const NET = "(coalesce(a.received_cents, a.amount_cents) - a.reversed_cents)";

/** Money by the hour it came in, less what was given back, and how long the customer took. */
const TAKEN = `
  select told.merchant_id, told.environment, 'taken' as kind, ${day(PAID_AT)} as day,
    ${hour(PAID_AT)} as part,
    cast(case when ${WAIT} < 0 then 0 when ${WAIT} >= ${WAIT_STEP_MS * WAIT_STEPS_MAX}
      then ${WAIT_STEPS_MAX} else ${WAIT} / ${WAIT_STEP_MS} end as text) as detail,
    0 as opened, 0 as typed, 0 as prompted, ${oneIf("a.state = 'confirmed'")} as paid, 0 as failed,
    0 as cancelled, 0 as expired, 0 as tries, 0 as retried, 0 as retried_paid,
    case when ${NET} > 0 then ${NET} else 0 end as cents
  from told cross join attempts a
  where a.payment_id = told.id and a.state in ('confirmed', 'reversed')`;

/**
 * What some payments add to the cells. The day's own cell comes first: every commit that shares a
 * cell of a day takes that row before the others, so that no two wait for each other.
 */
export function contributions(which: SQL, sign: "" | "-"): SQL {
  const sums = MEASURES.map((name) => `${sign}sum(${name})`).join(", ");
  const cells = [
    cell("all", "''", "''"),
    cell("hour", hour("created_at"), "''"),
    cell("order", BAND, "amount_source"),
    cell("page", "coalesce(page, '')", "''"),
    REASONS,
    TAKEN,
  ];
  return sql`${sql.raw(`
  with counted as materialized (
    select id, merchant_id, environment, status, created_at, amount_cents, amount_source, page,
      (select count(*) from attempts where payment_id = payments.id) as tries,
      case when exists (select 1 from attempts where payment_id = payments.id and ${TAKEN_UP})
        then 1 else 0 end as prompted
    from payments`)} ${which}${sql.raw(`),
  told as materialized (${TOLD}),
  failures as materialized (${FAILED})
  select merchant_id, environment, kind, day, part, detail, ${sums}
  from (${cells.join(" union all ")}) as cells
  group by merchant_id, environment, kind, day, part, detail
  order by kind, day, part, detail`)}`;
}

const count =
  (sign: "" | "-"): Template =>
  (db, t) =>
    db
      .insert(t.rollup)
      .select(contributions(sql`where id = ${slot("id")}`, sign))
      .onConflictDoUpdate({
        target: keyOf(t),
        set: {
          opened: added("opened"),
          typed: added("typed"),
          prompted: added("prompted"),
          paid: added("paid"),
          failed: added("failed"),
          cancelled: added("cancelled"),
          expired: added("expired"),
          tries: added("tries"),
          retried: added("retried"),
          retriedPaid: added("retried_paid"),
          cents: added("cents"),
        },
      });
const off = count("-");
const back = count("");

function keyOf(t: Tables) {
  const { merchantId, environment, kind, day: on, part, detail } = t.rollup;
  return [merchantId, environment, kind, on, part, detail];
}

function added(measure: (typeof MEASURES)[number]): SQL {
  return sql.raw(`rollup.${measure} + excluded.${measure}`);
}

/** Takes a payment off the counts; it must come before the first write to its rows. */
export function takeOff(id: PaymentId): Statement {
  return run(off, { id });
}

/** Counts a payment as its rows now are; it comes after the last write to them. */
export function putBack(id: PaymentId): Statement {
  return run(back, { id });
}
