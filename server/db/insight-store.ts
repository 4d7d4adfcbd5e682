/** What the dashboard's home and failures ask: sums of rollup cells, and the newest tries. */
import {
  and,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  lte,
  ne,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import { OTHER_PAGE } from "../../shared/insight-words.ts";
import { type Cents, cents } from "../../shared/money.ts";
import type { RollupCell } from "../core/insight.ts";
import type { PaymentId } from "../core/payment.ts";
import type { RecentTry } from "../core/weather.ts";
import type { InsightStore } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { slot } from "./slots.ts";
import { NEEDS_A_HAND } from "./states.ts";
import type { Tables } from "./tables.ts";

/** Counting stops here: "more than a thousand" is all a person needs to know. */
const COUNT_MAX = 1_001;
/** So many of the newest payments are looked at for their tries. */
const RECENT_PAYMENTS_MAX = 300;

type Scoped = Pick<Tables["payments"] | Tables["rollup"], "merchantId" | "environment">;

const mine = (table: Scoped) =>
  and(eq(table.merchantId, slot("merchantId")), eq(table.environment, slot("environment")));

const ofKind = ({ rollup: r }: Tables) =>
  and(mine(r), eq(r.kind, slot("kind")), gte(r.day, slot("from")), lte(r.day, slot("to")));

const cellsOfKind: Template<RollupCell[]> = (db, t) => {
  const { merchantId: _, environment: __, ...columns } = getTableColumns(t.rollup);
  return db
    .select(columns)
    .from(t.rollup)
    .where(ofKind(t))
    .orderBy(t.rollup.day, t.rollup.part, t.rollup.detail);
};

/** The same with the days added up, for what is not shown by day. */
const sumsOfKind: Template<RollupCell[]> = (db, t) => {
  const { rollup: r } = t;
  const sum = (column: SQLWrapper) => sql<number>`sum(${column})`.mapWith(Number);
  return db
    .select({
      kind: r.kind,
      day: sql<number>`max(${r.day})`.mapWith(Number),
      part: r.part,
      detail: r.detail,
      opened: sum(r.opened),
      typed: sum(r.typed),
      prompted: sum(r.prompted),
      paid: sum(r.paid),
      failed: sum(r.failed),
      cancelled: sum(r.cancelled),
      expired: sum(r.expired),
      tries: sum(r.tries),
      retried: sum(r.retried),
      retriedPaid: sum(r.retriedPaid),
      cents: sql<Cents>`sum(${r.cents})`.mapWith((value) => cents(Number(value))),
    })
    .from(r)
    .where(ofKind(t))
    .groupBy(r.kind, r.part, r.detail)
    .orderBy(r.part, r.detail);
};

/** Cells of pages that are known, by name. */
const namesOfPages: Template<{ page: string }[]> = (db, t) =>
  db
    .selectDistinct({ page: t.rollup.part })
    .from(t.rollup)
    .where(and(ofKind(t), ne(t.rollup.part, "")));

const countOfStatus: Template<{ rows: number }[]> = (db, t) =>
  db.select({ rows: sql<number>`count(*)`.mapWith(Number) }).from(
    db
      .select({ id: t.payments.id })
      .from(t.payments)
      .where(and(mine(t.payments), eq(t.payments.status, slot("status"))))
      .limit(COUNT_MAX)
      .as("some"),
  );

const seeTo: Template<{ id: PaymentId }[]> = (db, t) =>
  db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(and(mine(t.payments), gte(t.payments.updatedAt, slot("since")), NEEDS_A_HAND))
    .orderBy(desc(t.payments.id))
    .limit(slot("limit"));

const recentTries: Template<RecentTry[]> = (db, t) => {
  const newest = db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(and(mine(t.payments), gte(t.payments.createdAt, slot("openedSince"))))
    .orderBy(desc(t.payments.id))
    .limit(RECENT_PAYMENTS_MAX);
  return db
    .select({
      state: t.attempts.state,
      reason: t.attempts.reason,
      createdAt: t.attempts.createdAt,
      sentAt: t.attempts.sentAt,
      acceptedAt: t.attempts.acceptedAt,
      resolvedAt: t.attempts.resolvedAt,
      callbacks: sql<number>`count(${t.inbox.id})`.mapWith(Number),
    })
    .from(t.attempts)
    .leftJoin(t.inbox, eq(t.inbox.attemptId, t.attempts.id))
    .where(and(inArray(t.attempts.paymentId, newest), gt(t.attempts.createdAt, slot("since"))))
    .groupBy(t.attempts.id);
};

export function createInsightStore(engine: Engine): InsightStore {
  return {
    cells: (scope, kind, from, to) => engine.read(cellsOfKind, { ...scope, kind, from, to }),
    sums: (scope, kind, from, to) => engine.read(sumsOfKind, { ...scope, kind, from, to }),
    async pages(scope, from, to) {
      const rows = await engine.read(namesOfPages, { ...scope, kind: "page", from, to });
      return rows.map(({ page }) => page).filter((page) => page !== OTHER_PAGE);
    },
    async count(scope, status) {
      const [found] = await engine.read(countOfStatus, { ...scope, status });
      return found?.rows ?? 0;
    },
    async toSeeTo(scope, since, limit) {
      return (await engine.read(seeTo, { ...scope, since, limit })).map(({ id }) => id);
    },
    recentTries: (scope, since, openedSince) =>
      engine.read(recentTries, { ...scope, since, openedSince }),
  };
}
