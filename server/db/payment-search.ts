/** The search box: what a few characters may mean, each meaning a look into one index. */
import {
  and,
  type Column,
  desc,
  eq,
  gte,
  inArray,
  lt,
  type SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import { parsePhone } from "../../shared/phone.ts";
import { parseReceipt } from "../../shared/receipt.ts";
import type { PaymentId } from "../core/payment.ts";
import type { ListFilter, Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { conditions } from "./payment-filter.ts";
import { prefixEnd } from "./prefix.ts";
import { reversed } from "./rows.ts";
import type { Tables } from "./tables.ts";

type Found = readonly { id: PaymentId }[];

/** Up to here all orders with a prefix are read and sorted; beyond, the newest payments are walked. */
const RARE_MAX = 1_000;

/** Ids of payments the box may mean, newest first; `wanted` of them at most. */
export async function searchIds(
  engine: Engine,
  seal: Seal,
  filter: ListFilter,
  wanted: number,
): Promise<readonly PaymentId[]> {
  const { t } = engine;
  const q = filter.q ?? "";
  const found = await Promise.all([
    byOrderPrefix(engine, filter, q, wanted),
    ...meanings(t, seal, filter, q).map((meaning) => byAttempt(engine, filter, meaning, wanted)),
  ]);
  const ids = new Set(found.flat().map((row) => row.id));
  return [...ids].sort().reverse().slice(0, wanted);
}

/**
 * A rare prefix is read from its own index. A common one would sort half the table for one page;
 * there the newest payments are walked until the page is full, which is soon.
 */
async function byOrderPrefix(
  engine: Engine,
  filter: ListFilter,
  q: string,
  wanted: number,
): Promise<Found> {
  const { db, t } = engine;
  const { merchantId, environment } = filter;
  const end = prefixEnd(q);
  const begins = (reference: SQLWrapper) =>
    and(gte(reference, q), end === null ? undefined : lt(reference, end));
  const ours = and(eq(t.payments.merchantId, merchantId), eq(t.payments.environment, environment));
  const some: Found = await db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(and(ours, begins(t.payments.orderReference)))
    .orderBy(t.payments.orderReference)
    .limit(RARE_MAX + 1);
  if (some.length === 0) return [];
  const ids = some.map((row) => row.id);
  const rare = some.length <= RARE_MAX;
  return db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(
      and(
        conditions(engine, filter),
        rare ? inArray(t.payments.id, ids) : begins(unindexed(t.payments.orderReference)),
      ),
    )
    .orderBy(desc(t.payments.id))
    .limit(wanted);
}

/** The payments of the attempts that a meaning names; the attempts' index leads. */
async function byAttempt(
  engine: Engine,
  filter: ListFilter,
  meaning: SQL,
  wanted: number,
): Promise<Found> {
  const { db, t } = engine;
  const { startingAfter } = filter;
  const named = and(
    meaning,
    startingAfter === undefined ? undefined : lt(t.attempts.paymentId, startingAfter),
  );
  const ids = db.select({ id: t.attempts.paymentId }).from(t.attempts);
  const page = hasFilters(filter)
    ? ids
        // A cross join, because SQLite then keeps the order in which the tables are written.
        .crossJoin(t.payments)
        .where(and(eq(t.payments.id, t.attempts.paymentId), named, conditions(engine, filter)))
    : ids.where(named);
  return page.groupBy(t.attempts.paymentId).orderBy(desc(t.attempts.paymentId)).limit(wanted);
}

function hasFilters(filter: ListFilter): boolean {
  const { status, orderReference, createdFrom, createdTo } = filter;
  return [status, orderReference, createdFrom, createdTo].some((value) => value !== undefined);
}

/** The ways in which a search can name attempts: by receipt, by phone, by the phone's last digits. */
function meanings(t: Tables, seal: Seal, filter: ListFilter, q: string): SQL[] {
  const { merchantId, environment } = filter;
  const receipt = parseReceipt(q);
  const phone = parsePhone(q);
  const mine = eq(unindexed(t.attempts.merchantId), merchantId);
  const here = eq(t.attempts.environment, environment);
  const found: (SQL | undefined)[] = [];
  if (receipt !== null) {
    found.push(and(here, eq(t.attempts.receipt, receipt), mine));
    // "I paid, here is my code": the customer told it, M-Pesa has not.
    found.push(and(here, eq(t.attempts.customerCode, receipt), mine));
  }
  if (phone !== null) {
    found.push(and(here, eq(t.attempts.phoneHash, seal.hash("phone", phone)), mine));
  }
  if (/^\d{2,4}$/.test(q)) {
    found.push(and(eq(t.attempts.merchantId, merchantId), here, endsIn(t, q)));
  }
  return found.filter((meaning) => meaning !== undefined);
}

/** Four digits are the whole tail and come in the order of payments; fewer are a range. */
function endsIn(t: Tables, digits: string): SQL | undefined {
  const end = reversed(digits);
  const tail = t.attempts.phoneTailReversed;
  return digits.length === 4 ? eq(tail, end) : and(gte(tail, end), lt(tail, prefixEnd(end) ?? ""));
}

/** A column that no index may lead with, so that the better one does; equal in value. */
function unindexed(column: Column): SQL {
  return sql`${column} || ''`;
}
