/** What must happen by itself and when: looks, sends left behind, payments whose time ran out. */
import { and, asc, eq, isNull, lt, lte, sql } from "drizzle-orm";
import type { AttemptId, MerchantId, PaymentId } from "../core/payment.ts";
import type { DueAttempt, PaymentStore } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { slot } from "./slots.ts";
import { LOOKED_BEFORE, MAY_EXPIRE, NEVER_LOOKED, UNFINISHED_SEND } from "./states.ts";

/** Two queries, each along its own index, instead of one that sorts all that is overdue. */
const dueTemplate =
  (which: "first" | "repeat", whose: "everybody" | "one"): Template<DueAttempt[]> =>
  (db, t) =>
    db
      .select({
        attemptId: t.attempts.id,
        paymentId: t.attempts.paymentId,
        merchantId: t.attempts.merchantId,
        looks: t.attempts.looks,
      })
      .from(t.attempts)
      .where(
        and(
          eq(t.attempts.environment, slot("environment")),
          lte(t.attempts.wakeAt, slot("at")),
          which === "first" ? NEVER_LOOKED : LOOKED_BEFORE,
          whose === "one" ? eq(t.attempts.merchantId, slot("merchantId")) : undefined,
        ),
      )
      .orderBy(asc(t.attempts.wakeAt))
      .limit(slot("limit"));
const dueFirst = dueTemplate("first", "everybody");
const dueRepeats = dueTemplate("repeat", "everybody");
const dueFirstOf = dueTemplate("first", "one");
const dueRepeatsOf = dueTemplate("repeat", "one");

const merchantsWithDue =
  (which: "first" | "repeat"): Template<{ merchantId: MerchantId }[]> =>
  (db, t) =>
    db
      .selectDistinct({ merchantId: t.attempts.merchantId })
      .from(t.attempts)
      .where(
        and(
          eq(t.attempts.environment, slot("environment")),
          lte(t.attempts.wakeAt, slot("at")),
          which === "first" ? NEVER_LOOKED : LOOKED_BEFORE,
        ),
      );
const merchantsFirst = merchantsWithDue("first");
const merchantsRepeats = merchantsWithDue("repeat");

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
): Pick<PaymentStore, "due" | "dueOf" | "merchantsDue" | "unfinishedSends" | "expired"> {
  return {
    async due(environment, at, limit) {
      const first = await engine.read(dueFirst, { environment, at, limit });
      const left = limit - first.length;
      if (left <= 0) return first;
      return [...first, ...(await engine.read(dueRepeats, { environment, at, limit: left }))];
    },
    async dueOf(merchantId, environment, at, limit) {
      const whose = { merchantId, environment, at };
      const first = await engine.read(dueFirstOf, { ...whose, limit });
      const left = limit - first.length;
      if (left <= 0) return first;
      return [...first, ...(await engine.read(dueRepeatsOf, { ...whose, limit: left }))];
    },
    async merchantsDue(environment, at) {
      const first = await engine.read(merchantsFirst, { environment, at });
      const repeats = await engine.read(merchantsRepeats, { environment, at });
      return [...new Set([...first, ...repeats].map(({ merchantId }) => merchantId))];
    },
    unfinishedSends: (environment, before) => engine.read(unsentAttempts, { environment, before }),
    async expired(environment, at, limit) {
      const rows = await engine.read(expiredPayments, { environment, at, limit });
      return rows.map((row) => row.id);
    },
  };
}
