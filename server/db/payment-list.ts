/**
 * The list behind every table of payments: newest first, continued after the last id seen, each
 * filter and search served by an index.
 */
import { and, asc, desc, inArray } from "drizzle-orm";
import type { Payment } from "../core/payment.ts";
import type { ListFilter, Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { conditions } from "./payment-filter.ts";
import { searchIds } from "./payment-search.ts";
import { type AttemptRow, paymentOf } from "./rows.ts";

export interface Page {
  readonly payments: readonly Payment[];
  /** The attempts of these payments, oldest first. */
  readonly attempts: readonly AttemptRow[];
  readonly hasMore: boolean;
}

const EMPTY: Page = { payments: [], attempts: [], hasMore: false };

/** One page, and whether more follows. */
export async function listPayments(engine: Engine, seal: Seal, filter: ListFilter): Promise<Page> {
  const { db, t } = engine;
  const wanted = filter.limit + 1;
  const everything = filter.q === undefined || filter.q === "";
  const found = everything ? null : await searchIds(engine, seal, filter, wanted);
  if (found?.length === 0) return EMPTY;
  const rows = await db
    .select()
    .from(t.payments)
    .where(
      and(
        found === null ? undefined : inArray(t.payments.id, [...found]),
        conditions(engine, filter),
      ),
    )
    .orderBy(desc(t.payments.id))
    .limit(wanted);
  const payments = rows.slice(0, filter.limit).map(paymentOf);
  if (payments.length === 0) return EMPTY;
  const ids = payments.map((payment) => payment.id);
  const attempts = await db
    .select()
    .from(t.attempts)
    .where(inArray(t.attempts.paymentId, ids))
    .orderBy(asc(t.attempts.createdAt), asc(t.attempts.id));
  return { payments, attempts, hasMore: rows.length > filter.limit };
}
