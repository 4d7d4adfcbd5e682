/** What must happen by itself and when: looks, sends left behind, payments whose time ran out. */
import { and, asc, eq, isNull, lt, lte, sql } from "drizzle-orm";
import type { AttemptId, PaymentId } from "../core/payment.ts";
import type { PaymentStore } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { slot } from "./slots.ts";
import { LOOKED_BEFORE, MAY_EXPIRE, NEVER_LOOKED, UNFINISHED_SEND } from "./states.ts";

type DueRow = { attemptId: AttemptId; paymentId: PaymentId; looks: number };

/** Two queries, each along its own index, instead of one that sorts all that is overdue. */
const dueTemplate =
  (which: "first" | "repeat"): Template<DueRow[]> =>
  (db, t) =>
    db
      .select({
        attemptId: t.attempts.id,
        paymentId: t.attempts.paymentId,
        looks: t.attempts.looks,
      })
      .from(t.attempts)
      .where(
        and(
          eq(t.attempts.environment, slot("environment")),
          lte(t.attempts.wakeAt, slot("at")),
          which === "first" ? NEVER_LOOKED : LOOKED_BEFORE,
        ),
      )
      .orderBy(asc(t.attempts.wakeAt))
      .limit(slot("limit"));
const dueFirst = dueTemplate("first");
const dueRepeats = dueTemplate("repeat");

const unsentAttempts: Template<{ attemptId: AttemptId; paymentId: PaymentId }[]> = (db, t) =>
  db
    .select({ attemptId: t.attempts.id, paymentId: t.attempts.paymentId })
    .from(t.attempts)
    .where(
      and(
        eq(t.attempts.environment, slot("environment")),
        sql`${t.attempts.state} in ${UNFINISHED_SEND}`,
        lt(t.attempts.createdAt, slot("before")),
      ),
    )
    .orderBy(asc(t.attempts.createdAt));

const expiredPayments: Template<{ id: PaymentId }[]> = (db, t) =>
  db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(
      and(
        eq(t.payments.environment, slot("environment")),
        isNull(t.payments.closing),
        sql`${t.payments.status} in ${MAY_EXPIRE}`,
        lte(t.payments.expiresAt, slot("at")),
      ),
    )
    .orderBy(asc(t.payments.expiresAt))
    .limit(slot("limit"));

/** The reads of a payment store that the sweeps ask. */
export function dueReads(
  engine: Engine,
): Pick<PaymentStore, "due" | "unfinishedSends" | "expired"> {
  return {
    async due(environment, at, limit) {
      const first = await engine.read(dueFirst, { environment, at, limit });
      const left = limit - first.length;
      if (left <= 0) return first;
      return [...first, ...(await engine.read(dueRepeats, { environment, at, limit: left }))];
    },
    unfinishedSends: (environment, before) => engine.read(unsentAttempts, { environment, before }),
    async expired(environment, at, limit) {
      const rows = await engine.read(expiredPayments, { environment, at, limit });
      return rows.map((row) => row.id);
    },
  };
}
