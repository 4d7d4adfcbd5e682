/**
 * The guards of a move that are not its own update: each finds one row when the move may go on
 * and none when another row is in the way. The unique indexes of tables.ts hold the same rules;
 * asking first turns a violation into a name.
 */
import { and, eq, gt, ne, or, type Placeholder, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Db, Template } from "./engine.ts";
import { slot, unlessFound } from "./slots.ts";
import { BLOCKING, PHONE_BUSY, UNRESOLVED } from "./states.ts";
import type { Tables } from "./tables.ts";

const one = { found: sql<number>`1` };

/** No payment of this shortcode shows the same account reference since `since`. */
export const accountReferenceUnused: Template = (db, t) =>
  unlessFound(
    db,
    db
      .select(one)
      .from(t.payments)
      .where(
        and(
          eq(t.payments.environment, slot("environment")),
          eq(t.payments.shortcode, slot("shortcode")),
          eq(t.payments.accountReference, slot("accountReference")),
          gt(t.payments.createdAt, slot("since")),
        ),
      ),
  );

/** No attempt of any payment of this order has moved money or may still do so (machine §8.1). */
export const orderUnblocked: Template = (db, t) =>
  unlessFound(
    db,
    db
      .select(one)
      .from(t.payments)
      .innerJoin(t.attempts, eq(t.attempts.paymentId, t.payments.id))
      .where(
        and(
          eq(t.payments.merchantId, slot("merchantId")),
          eq(t.payments.environment, slot("environment")),
          eq(t.payments.orderReference, slot("orderReference")),
          sql`${t.attempts.state} in ${BLOCKING}`,
        ),
      ),
  );

/** No other attempt of this order is unresolved (I4). */
export const orderUnresolvedElsewhere: Template = (db, t) =>
  unlessFound(
    db,
    db
      .select(one)
      .from(t.attempts)
      .where(
        and(
          eq(t.attempts.merchantId, slot("merchantId")),
          eq(t.attempts.environment, slot("environment")),
          eq(t.attempts.orderReference, slot("orderReference")),
          sql`${t.attempts.state} in ${UNRESOLVED}`,
          ne(t.attempts.id, slot("id")),
        ),
      ),
  );

/** No other attempt is asking this phone (machine §8.5). */
export const phoneFree: Template = (db, t) =>
  unlessFound(
    db,
    db
      .select(one)
      .from(t.attempts)
      .where(
        and(
          eq(t.attempts.environment, slot("environment")),
          eq(t.attempts.phoneHash, slot("phoneHash")),
          sql`${t.attempts.state} in ${PHONE_BUSY}`,
          ne(t.attempts.id, slot("id")),
        ),
      ),
  );

/** No other attempt owns this receipt, whoever the merchant is (I3). */
export const receiptFree: Template = (db, t) =>
  unlessFound(
    db,
    db
      .select(one)
      .from(t.attempts)
      .where(
        and(
          eq(t.attempts.environment, slot("environment")),
          eq(t.attempts.receipt, slot("receipt")),
          ne(t.attempts.id, slot("id")),
        ),
      ),
  );

/** Evidence of money given back under a receipt. */
export function reversedUnder(t: Tables, environment: Placeholder, receipt: Placeholder) {
  return and(
    eq(t.evidence.environment, environment),
    eq(t.evidence.receipt, receipt),
    eq(t.evidence.success, 0),
  );
}

/** Nothing was given back under this receipt: it is no proof of money that came in. */
export const notReversed: Template = (db, t) =>
  unlessFound(
    db,
    db
      .select(one)
      .from(t.evidence)
      .where(reversedUnder(t, slot("environment"), slot("receipt"))),
  );

/** No evidence names this receipt yet: one reversal gives back once, and brought no money in. */
export const receiptUntold: Template = (db, t) =>
  unlessFound(
    db,
    db
      .select(one)
      .from(t.evidence)
      .where(
        and(
          eq(t.evidence.environment, slot("environment")),
          eq(t.evidence.receipt, slot("receipt")),
        ),
      ),
  );

/** No other attempt has this CheckoutRequestID, and this one has no other (I5). */
export const checkoutRequestFree: Template = (db, t) =>
  unlessFound(
    db,
    db
      .select(one)
      .from(t.attempts)
      .where(
        or(
          and(
            eq(t.attempts.environment, slot("environment")),
            eq(t.attempts.checkoutRequestHash, slot("checkoutRequestHash")),
            ne(t.attempts.id, slot("id")),
          ),
          and(
            eq(t.attempts.id, slot("id")),
            ne(t.attempts.checkoutRequestHash, slot("checkoutRequestHash")),
          ),
        ),
      ),
  );

/**
 * Whether a payment holds its order from now on: when it wants to and no other does. A payment
 * that let go gets the order back only while nobody took it.
 */
export function orderClaim(db: Db, t: Tables) {
  const other = alias(t.payments, "other");
  const taken = db
    .select(one)
    .from(other)
    .where(
      and(
        eq(other.merchantId, slot("merchantId")),
        eq(other.environment, slot("environment")),
        eq(other.orderReference, slot("orderReference")),
        sql`${other.claimsOrder} = 1`,
        ne(other.id, slot("id")),
      ),
    );
  return sql<0 | 1>`case when ${slot("claimsOrder")} = 1 and not exists ${taken} then 1 else 0 end`;
}
