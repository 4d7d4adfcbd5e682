/**
 * The list behind every table of payments: newest first, continued after the last id seen, each
 * filter and search served by an index. Ids sort by time, so a span of time is a span of ids.
 */
import { and, asc, desc, eq, gt, gte, inArray, lt, lte, type SQL, sql } from "drizzle-orm";
import { parsePhone } from "../../shared/phone.ts";
import { parseReceipt } from "../../shared/receipt.ts";
import type { Payment, PaymentId } from "../core/payment.ts";
import type { ListFilter, Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { prefixEnd } from "./prefix.ts";
import { paymentOf, reversed } from "./rows.ts";
import type { Tables } from "./tables.ts";

/** One page, and whether more follows. */
export async function listPayments(
  engine: Engine,
  seal: Seal,
  filter: ListFilter,
): Promise<{ rows: readonly Payment[]; hasMore: boolean }> {
  const { db, t } = engine;
  const wanted = filter.limit + 1;
  const found =
    filter.q === undefined || filter.q === ""
      ? undefined
      : inArray(t.payments.id, await searchIds(engine, seal, filter, filter.q, wanted));
  const rows = await db
    .select()
    .from(t.payments)
    .where(and(found, conditions(engine, filter)))
    .orderBy(desc(t.payments.id))
    .limit(wanted);
  return {
    rows: rows.slice(0, filter.limit).map(paymentOf),
    hasMore: rows.length > filter.limit,
  };
}

/** Everything but the search box. */
export function conditions(
  { db, t }: Pick<Engine, "db" | "t">,
  filter: ListFilter,
): SQL | undefined {
  const ours = and(
    eq(t.payments.merchantId, filter.merchantId),
    eq(t.payments.environment, filter.environment),
  );
  const { startingAfter, status, orderReference, createdFrom, createdTo } = filter;
  const newestBefore = (at: number) =>
    db
      .select({ id: t.payments.id })
      .from(t.payments)
      .where(and(ours, lt(t.payments.createdAt, at)))
      .orderBy(desc(t.payments.createdAt), desc(t.payments.id))
      .limit(1);
  const oldestAfter = (at: number) =>
    db
      .select({ id: t.payments.id })
      .from(t.payments)
      .where(and(ours, gt(t.payments.createdAt, at)))
      .orderBy(asc(t.payments.createdAt), asc(t.payments.id))
      .limit(1);
  return and(
    ours,
    startingAfter === undefined ? undefined : lt(t.payments.id, startingAfter),
    status === undefined ? undefined : eq(t.payments.status, status),
    orderReference === undefined ? undefined : eq(t.payments.orderReference, orderReference),
    createdFrom === undefined
      ? undefined
      : and(
          gte(t.payments.createdAt, createdFrom),
          gt(t.payments.id, sql`coalesce(${newestBefore(createdFrom)}, '')`),
        ),
    createdTo === undefined
      ? undefined
      : and(
          lte(t.payments.createdAt, createdTo),
          lt(t.payments.id, sql`coalesce(${oldestAfter(createdTo)}, '~')`),
        ),
  );
}

/** What the search box may mean, newest ids first: each meaning is a look into one index. */
async function searchIds(
  engine: Engine,
  seal: Seal,
  filter: ListFilter,
  q: string,
  wanted: number,
): Promise<readonly PaymentId[]> {
  const { db, t } = engine;
  const rest = conditions(engine, filter);
  const attemptIds = meanings(t, seal, filter, q).map((meaning) =>
    db
      .select({ id: t.attempts.paymentId })
      .from(t.attempts)
      .innerJoin(t.payments, eq(t.payments.id, t.attempts.paymentId))
      .where(and(meaning, rest))
      .groupBy(t.attempts.paymentId)
      .orderBy(desc(t.attempts.paymentId))
      .limit(wanted),
  );
  const end = prefixEnd(q);
  const orderIds = db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(
      and(
        gte(t.payments.orderReference, q),
        end === null ? undefined : lt(t.payments.orderReference, end),
        rest,
      ),
    )
    .orderBy(desc(t.payments.id))
    .limit(wanted);
  const found = await Promise.all([orderIds, ...attemptIds]);
  const ids = new Set(found.flat().map((row) => row.id));
  return [...ids].sort().reverse().slice(0, wanted);
}

/** The ways in which a search can name an attempt: by receipt, by phone, by the phone's last digits. */
function meanings(t: Tables, seal: Seal, filter: ListFilter, q: string): SQL[] {
  const { merchantId, environment } = filter;
  const receipt = parseReceipt(q);
  const phone = parsePhone(q);
  const found: (SQL | undefined)[] = [];
  if (receipt !== null) {
    found.push(and(eq(t.attempts.environment, environment), eq(t.attempts.receipt, receipt)));
  }
  if (phone !== null) {
    const hash = seal.hash("phone", phone);
    found.push(and(eq(t.attempts.environment, environment), eq(t.attempts.phoneHash, hash)));
  }
  if (/^\d{2,4}$/.test(q)) {
    const end = reversed(q);
    const tail =
      q.length === 4
        ? eq(t.attempts.phoneTailReversed, end)
        : and(
            gte(t.attempts.phoneTailReversed, end),
            lt(t.attempts.phoneTailReversed, prefixEnd(end) ?? ""),
          );
    found.push(
      and(eq(t.attempts.merchantId, merchantId), eq(t.attempts.environment, environment), tail),
    );
  }
  return found.filter((meaning) => meaning !== undefined);
}
