/** The search box: what a few characters may mean, each meaning a look into one index. */
import { and, count, desc, eq, gte, lt, type SQL, type SQLWrapper } from "drizzle-orm";
import { parsePhone } from "../../shared/phone.ts";
import { parseReceipt } from "../../shared/receipt.ts";
import type { PaymentId } from "../core/payment.ts";
import type { ListFilter, Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import {
  conditions,
  endsIn,
  isFiltered,
  ofEachRow,
  ours,
  unindexed,
  within,
} from "./payment-filter.ts";
import { prefixEnd } from "./prefix.ts";
import type { Tables } from "./tables.ts";

type Found = readonly { id: PaymentId }[];

/** Up to here all orders with a prefix are read and sorted; beyond, the newest payments are walked. */
const RARE_MAX = 10_000;

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
  const end = prefixEnd(q);
  const begins = (reference: SQLWrapper) =>
    and(gte(reference, q), end === null ? undefined : lt(reference, end));
  const prefix = and(ours(t, filter), begins(t.payments.orderReference));
  const rare = db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(prefix)
    .limit(RARE_MAX + 1)
    .as("rare");
  const [counted] = await db.select({ rows: count().mapWith(Number) }).from(rare);
  const rows = counted?.rows ?? 0;
  if (rows === 0) return [];
  const ids = db.select({ id: t.payments.id }).from(t.payments);
  if (rows > RARE_MAX) {
    const common = begins(unindexed(t.payments.orderReference));
    return ids
      .where(and(conditions(engine, filter), common))
      .orderBy(desc(t.payments.id))
      .limit(wanted);
  }
  const id = unindexed(t.payments.id);
  return ids
    .where(and(prefix, within(engine, filter, id), ofEachRow(engine, filter)))
    .orderBy(desc(id))
    .limit(wanted);
}

/** The payments of the attempts that a meaning names; the attempts' index leads. */
export async function byAttempt(
  engine: Engine,
  filter: ListFilter,
  meaning: SQL | undefined,
  wanted: number,
): Promise<Found> {
  const { db, t } = engine;
  const named = and(meaning, within(engine, filter, t.attempts.paymentId));
  const ids = db.select({ id: t.attempts.paymentId }).from(t.attempts);
  const page = isFiltered(filter)
    ? ids
        // A cross join, because SQLite then keeps the order in which the tables are written.
        .crossJoin(t.payments)
        .where(and(eq(t.payments.id, t.attempts.paymentId), named, ofEachRow(engine, filter)))
    : ids.where(named);
  return page.groupBy(t.attempts.paymentId).orderBy(desc(t.attempts.paymentId)).limit(wanted);
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
    found.push(
      and(eq(t.attempts.merchantId, merchantId), here, endsIn(t.attempts.phoneTailReversed, q)),
    );
  }
  return found.filter((meaning) => meaning !== undefined);
}
