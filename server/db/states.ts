/**
 * Lists of states as SQL. They appear in partial indexes and, in the same words, in the queries
 * that use them: SQLite takes a partial index only when the query repeats its condition literally.
 */
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { FLAGS_TO_SEE_TO } from "../core/insight.ts";

/** The phone is being asked, or is about to be (machine §8.5). */
export const PHONE_BUSY = sql.raw("('created', 'sending', 'pending')");
/** An attempt whose outcome is open (I4). */
export const UNRESOLVED = sql.raw("('created', 'sending', 'pending', 'in_doubt')");
/** Money has moved or may still move (machine §8.1). */
export const BLOCKING = sql.raw(
  "('created', 'sending', 'pending', 'in_doubt', 'review', 'confirmed')",
);
/** Money may still move, or a person decides about it: its number is still needed. */
export const OPEN_TO_MONEY = sql.raw("('created', 'sending', 'pending', 'in_doubt', 'review')");
/** Found by the start-up sweep (machine §4 row 6). */
export const UNFINISHED_SEND = sql.raw("('created', 'sending')");
/** An unclosed payment that time may close: no attempt blocks it. */
export const MAY_EXPIRE = sql.raw("('open', 'cancelled', 'expired', 'failed')");
/** Nobody asked about this attempt yet: its first look goes before every repeat (machine §9). */
export const NEVER_LOOKED = sql.raw("looks = 0");
export const LOOKED_BEFORE = sql.raw("looks > 0");
/** An attempt that did not pay, and why. */
export const FAILED = sql.raw("'failed'");
/** What most payments have: nothing odd beside their status. */
export const NO_FLAGS = sql.raw("'[]'");

/** The last two digits of a phone, backwards: an index holds them in the order of payments. */
export function lastTwo(tailReversed: SQLWrapper): SQL {
  return sql`substr(${tailReversed}, 1, 2)`;
}

/** A flag that a person must see to. Few payments ever have one: a partial index holds just these. */
export const NEEDS_A_HAND = sql.raw(
  `(${FLAGS_TO_SEE_TO.map((flag) => `flags like '%"${flag}"%'`).join(" or ")})`,
);

/** A mail that is neither taken nor given up. */
export const MAIL_OPEN = sql.raw("sent_at is null and given_up_at is null");

/** Its numbers are kept still, as far as nobody asked to be forgotten. */
export const NOT_AGED_OUT = sql.raw("aged_out_at is null");
/** Paid, given back or closed: nothing is asked of its customer any more. */
export const FINISHED = sql.raw("(status in ('confirmed', 'reversed') or closing is not null)");
