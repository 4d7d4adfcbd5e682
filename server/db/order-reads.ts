/** An order's payments with their attempts: what every decision about one of them looks at. */
import { aliasedTable, and, asc, desc, eq, getTableColumns } from "drizzle-orm";
import type { Payment, PaymentWithAttempts } from "../core/payment.ts";
import type { PaymentStore } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { type AttemptRow, type PaymentRow, paymentOf } from "./rows.ts";
import { slot } from "./slots.ts";
import type { Tables } from "./tables.ts";

const paymentsOfOrder: Template<PaymentRow[]> = (db, t) =>
  db
    .select()
    .from(t.payments)
    .where(
      and(
        eq(t.payments.merchantId, slot("merchantId")),
        eq(t.payments.environment, slot("environment")),
        eq(t.payments.orderReference, slot("orderReference")),
      ),
    )
    .orderBy(desc(t.payments.id));

const attemptsOfOrder: Template<AttemptRow[]> = (db, t) =>
  db
    .select(getTableColumns(t.attempts))
    .from(t.payments)
    .innerJoin(t.attempts, eq(t.attempts.paymentId, t.payments.id))
    .where(
      and(
        eq(t.payments.merchantId, slot("merchantId")),
        eq(t.payments.environment, slot("environment")),
        eq(t.payments.orderReference, slot("orderReference")),
      ),
    )
    .orderBy(asc(t.attempts.createdAt), asc(t.attempts.id));

/** Payments of the order that one payment belongs to, that one among them. */
const sameOrder = (t: Tables, mine: Tables["payments"]) =>
  and(
    eq(t.payments.merchantId, mine.merchantId),
    eq(t.payments.environment, mine.environment),
    eq(t.payments.orderReference, mine.orderReference),
  );

const paymentsBeside: Template<PaymentRow[]> = (db, t) => {
  const mine = aliasedTable(t.payments, "mine");
  return db
    .select(getTableColumns(t.payments))
    .from(mine)
    .innerJoin(t.payments, sameOrder(t, mine))
    .where(eq(mine.id, slot("id")))
    .orderBy(desc(t.payments.id));
};

const attemptsBeside: Template<AttemptRow[]> = (db, t) => {
  const mine = aliasedTable(t.payments, "mine");
  return db
    .select(getTableColumns(t.attempts))
    .from(mine)
    .innerJoin(t.payments, sameOrder(t, mine))
    .innerJoin(t.attempts, eq(t.attempts.paymentId, t.payments.id))
    .where(eq(mine.id, slot("id")))
    .orderBy(asc(t.attempts.createdAt), asc(t.attempts.id));
};

/** @param together lays payments and the rows of their attempts together. */
export function orderReads(
  engine: Engine,
  together: (
    payments: readonly Payment[],
    attempts: readonly AttemptRow[],
  ) => readonly PaymentWithAttempts[],
): Pick<PaymentStore, "byOrder" | "orderOf"> {
  return {
    async byOrder(merchantId, environment, orderReference) {
      const params = { merchantId, environment, orderReference };
      const payments = await engine.read(paymentsOfOrder, params);
      if (payments.length === 0) return [];
      return together(payments.map(paymentOf), await engine.read(attemptsOfOrder, params));
    },
    async orderOf(id) {
      const payments = await engine.read(paymentsBeside, { id });
      if (payments.length === 0) return [];
      return together(payments.map(paymentOf), await engine.read(attemptsBeside, { id }));
    },
  };
}
