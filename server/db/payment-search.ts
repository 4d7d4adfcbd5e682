/** The search box: what a few characters may mean, each meaning a look into one index. */
import { and, count, eq, gte, lt, type SQL, type SQLWrapper } from "drizzle-orm";
import { parsePhone } from "../../shared/phone.ts";
import { parseReceipt } from "../../shared/receipt.ts";
import type { PaymentId } from "../core/payment.ts";
import type { ListFilter, Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { lastDigits, ours } from "./payment-filter.ts";
import { type Lane, type Lead, leadOf } from "./payment-lead.ts";
import { SLICES, type Slices, walk } from "./payment-walk.ts";
import { prefixEnd } from "./prefix.ts";
import type { Tables } from "./tables.ts";
import { unindexed } from "./unindexed.ts";

/** Up to here all orders with a prefix are read and sorted; beyond, the newest payments are walked. */
const RARE_MAX = 10_000;

/** Ids of payments the box may mean, newest first; as many as the filter's limit at most. */
export async function searchIds(
  engine: Engine,
  seal: Seal,
  { q = "", ...filter }: ListFilter,
  slices: Slices = SLICES,
): Promise<readonly PaymentId[]> {
  const { t } = engine;
  const wanted = filter.limit;
  const byName = { of: "attempts", by: "filter", rest: filter } as const;
  const leads: readonly Lead[] = [
    { ...byName, order: "sorted", lanes: namedBy(t, seal, filter, q) },
    { ...byName, order: "ids", lanes: endingIn(t, filter, q) },
  ];
  const found = await Promise.all([
    byOrderPrefix(engine, filter, q, slices),
    ...leads.map((lead) => walk(engine, { lead, wanted, slices })),
  ]);
  return [...new Set(found.flat())].sort().reverse().slice(0, wanted);
}

/**
 * A rare prefix is read from its own index. A common one would sort half the table for one page;
 * there the filter leads, or the newest payments are walked until the page is full, which is soon.
 */
async function byOrderPrefix(
  engine: Engine,
  filter: ListFilter,
  q: string,
  slices: Slices,
): Promise<readonly PaymentId[]> {
  const { db, t } = engine;
  const end = prefixEnd(q);
  const begins = (reference: SQLWrapper) =>
    and(gte(reference, q), end === null ? undefined : lt(reference, end));
  const lane = begins(t.payments.orderReference);
  const rare = db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(and(ours(t, filter), lane))
    .limit(RARE_MAX + 1)
    .as("rare");
  const [counted] = await db.select({ rows: count().mapWith(Number) }).from(rare);
  const rows = counted?.rows ?? 0;
  if (rows === 0) return [];
  const way = { wanted: filter.limit, slices };
  if (rows > RARE_MAX) {
    const also = begins(unindexed(t.payments.orderReference));
    return walk(engine, { ...way, lead: await leadOf(engine, filter), also });
  }
  const few: Lead = { of: "payments", by: "filter", order: "sorted", lanes: [lane], rest: filter };
  return walk(engine, { ...way, lead: few });
}

/** What names few attempts: a receipt, a customer's code, a phone. */
function namedBy(t: Tables, seal: Seal, filter: ListFilter, q: string): SQL[] {
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
  return found.filter((meaning) => meaning !== undefined);
}

/** The last digits of a phone. */
function endingIn(t: Tables, { merchantId, environment }: ListFilter, q: string): readonly Lane[] {
  const { attempts } = t;
  if (!/^\d{2,4}$/.test(q)) return [];
  const mine = and(eq(attempts.merchantId, merchantId), eq(attempts.environment, environment));
  return [and(mine, lastDigits(attempts, q))];
}
