/** The filters of a list as conditions that an index serves. */
import { and, asc, desc, eq, gt, gte, lt, lte, type SQL, sql } from "drizzle-orm";
import type { ListFilter } from "../ports.ts";
import type { Engine } from "./engine.ts";

/**
 * Everything but the search box. Ids sort by time, so a span of time becomes a span of ids: its ends
 * are looked up once, and the page is read in the order of ids.
 */
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
