/**
 * The list behind every table of payments: newest first, continued after the last id seen, each
 * filter and search served by an index. Ids sort by time, so a span of time is a span of ids.
 */
import { and, desc, inArray } from "drizzle-orm";
import type { Payment } from "../core/payment.ts";
import type { ListFilter, Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { conditions } from "./payment-filter.ts";
import { searchIds } from "./payment-search.ts";
import { paymentOf } from "./rows.ts";

/** One page, and whether more follows. */
export async function listPayments(
  engine: Engine,
  seal: Seal,
  filter: ListFilter,
): Promise<{ rows: readonly Payment[]; hasMore: boolean }> {
  const { db, t } = engine;
  const wanted = filter.limit + 1;
  const everything = filter.q === undefined || filter.q === "";
  const ids = everything ? null : await searchIds(engine, seal, filter, wanted);
  if (ids?.length === 0) return { rows: [], hasMore: false };
  const found = ids === null ? undefined : inArray(t.payments.id, [...ids]);
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
