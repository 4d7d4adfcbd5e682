/** Payments and their attempts: reads by every door they are looked for, and the two writes. */
import { and, asc, desc, eq, getTableColumns, gt, gte, sql } from "drizzle-orm";
import type { AttemptId, Payment, PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import type { PaymentStore, Seal } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { countsAlike } from "./counted.ts";
import { dueReads } from "./due.ts";
import type { Engine, Template } from "./engine.ts";
import { linkStatement } from "./idempotency-store.ts";
import { changeStatements, openStatements } from "./move.ts";
import { orderReads } from "./order-reads.ts";
import { listPayments } from "./payment-list.ts";
import { totalsOf } from "./payment-totals.ts";
import { receiptReads } from "./receipt-reads.ts";
import {
  type AttemptRow,
  attemptOf,
  type PaymentRow,
  paymentOf,
  type TimelineRow,
  timelineOf,
} from "./rows.ts";
import { slot } from "./slots.ts";
import { UNRESOLVED } from "./states.ts";
import { type OpenOrTell, shownBy } from "./unopened.ts";
import { whoseReads } from "./whose.ts";

const paymentById: Template<PaymentRow[]> = (db, t) =>
  db
    .select()
    .from(t.payments)
    .where(eq(t.payments.id, slot("id")));

const attemptsOfPayment: Template<AttemptRow[]> = (db, t) =>
  db
    .select()
    .from(t.attempts)
    .where(eq(t.attempts.paymentId, slot("id")))
    .orderBy(asc(t.attempts.createdAt), asc(t.attempts.id));

const attemptByCheckoutHash: Template<{ id: AttemptId }[]> = (db, t) =>
  db
    .select({ id: t.attempts.id })
    .from(t.attempts)
    .where(
      and(
        eq(t.attempts.environment, slot("environment")),
        eq(t.attempts.checkoutRequestHash, slot("hash")),
      ),
    );

const attemptsOnPhone: Template<AttemptRow[]> = (db, t) =>
  db
    .select()
    .from(t.attempts)
    .where(
      and(
        eq(t.attempts.environment, slot("environment")),
        eq(t.attempts.phoneHash, slot("phoneHash")),
        gte(t.attempts.createdAt, slot("since")),
      ),
    )
    .orderBy(asc(t.attempts.createdAt), asc(t.attempts.id));

const accountReferenceSince: Template<{ id: PaymentId }[]> = (db, t) =>
  db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(
      and(
        eq(t.payments.environment, slot("environment")),
        eq(t.payments.shortcode, slot("shortcode")),
        eq(t.payments.accountReference, slot("accountReference")),
        gt(t.payments.createdAt, slot("since")),
      ),
    )
    .limit(1);

const paymentsOfReference: Template<PaymentRow[]> = (db, t) =>
  db
    .select()
    .from(t.payments)
    .where(
      and(
        eq(t.payments.environment, slot("environment")),
        eq(t.payments.shortcode, slot("shortcode")),
        eq(t.payments.accountReference, slot("accountReference")),
        gt(t.payments.createdAt, slot("since")),
      ),
    )
    .orderBy(desc(t.payments.createdAt), desc(t.payments.id));

/**
 * Both conditions on the state: the first leads along the index that holds unresolved attempts and
 * nothing else. An order has one of them at most (I4), so that no payment comes twice.
 */
const paymentsWithDoubt: Template<PaymentRow[]> = (db, t) =>
  db
    .select(getTableColumns(t.payments))
    .from(t.attempts)
    .innerJoin(t.payments, eq(t.payments.id, t.attempts.paymentId))
    .where(
      and(
        eq(t.attempts.merchantId, slot("merchantId")),
        eq(t.attempts.environment, slot("environment")),
        sql`${t.attempts.state} in ${UNRESOLVED}`,
        eq(t.attempts.state, "in_doubt"),
        eq(t.payments.shortcode, slot("shortcode")),
      ),
    )
    .orderBy(desc(t.attempts.paymentId))
    .limit(slot("limit"));

const timelineOfPayment: Template<TimelineRow[]> = (db, t) =>
  db
    .select()
    .from(t.timeline)
    .where(eq(t.timeline.paymentId, slot("id")))
    .orderBy(asc(t.timeline.seq));

/** @param seal opens CheckoutRequestIDs and phones, and hashes what they are looked up by. */
export function createPaymentStore(
  engine: Engine,
  seal: Seal,
  chain: AuditChain,
  openOrTell: OpenOrTell,
): PaymentStore {
  function together(
    payments: readonly Payment[],
    rows: readonly AttemptRow[],
    read = (row: AttemptRow) => attemptOf(row, seal),
  ): readonly PaymentWithAttempts[] {
    const attempts = rows.map(read);
    return payments.map((payment) => ({
      payment,
      attempts: attempts.filter((attempt) => attempt.paymentId === payment.id),
    }));
  }

  async function withAttempts(row: PaymentRow): Promise<PaymentWithAttempts> {
    const attempts = await engine.read(attemptsOfPayment, { id: row.id });
    return { payment: paymentOf(row), attempts: attempts.map((each) => attemptOf(each, seal)) };
  }

  /** Nothing where an attempt of it does not open: nobody could decide about it. */
  async function ifItOpens(row: PaymentRow): Promise<readonly PaymentWithAttempts[]> {
    const attempts = await engine.read(attemptsOfPayment, { id: row.id });
    const whole = () => together([paymentOf(row)], attempts);
    return openOrTell({ kind: "payment", paymentId: row.id }, whole) ?? [];
  }

  return {
    async load(id) {
      const [row] = await engine.read(paymentById, { id });
      return row === undefined ? null : withAttempts(row);
    },
    async attemptByCheckoutRequest(environment, checkoutRequestId) {
      const hash = seal.hash("checkoutRequest", checkoutRequestId);
      const [row] = await engine.read(attemptByCheckoutHash, { environment, hash });
      return row?.id ?? null;
    },
    async attemptsOfPhone(environment, phoneHash, since) {
      const rows = await engine.read(attemptsOnPhone, { environment, phoneHash, since });
      return rows.map((row) => attemptOf(row, seal));
    },
    async accountReferenceUsed(environment, shortcode, accountReference, since) {
      const params = { environment, shortcode, accountReference, since };
      return (await engine.read(accountReferenceSince, params)).length > 0;
    },
    async byAccountReference(environment, shortcode, accountReference, since) {
      const params = { environment, shortcode, accountReference, since };
      return Promise.all((await engine.read(paymentsOfReference, params)).map(withAttempts));
    },
    async inDoubt({ id: merchantId, environment, shortcode }, limit) {
      const asked = { merchantId, environment, shortcode, limit };
      const rows = await engine.read(paymentsWithDoubt, asked);
      return (await Promise.all(rows.map(ifItOpens))).flat();
    },
    async list(filter) {
      const { payments, attempts, hasMore } = await listPayments(engine, seal, filter);
      return { rows: together(payments, attempts, shownBy(seal, openOrTell)), hasMore };
    },
    totals: (filter) => totalsOf(engine, seal, filter),
    async timeline(id) {
      return (await engine.read(timelineOfPayment, { id })).map(timelineOf);
    },
    open: (payment, line, extra) =>
      engine.commit([
        ...openStatements(
          payment,
          line,
          extra?.accountReference ?? "ours",
          extra?.phone === undefined ? null : seal.seal(extra.phone),
        ),
        ...(extra?.claim === undefined ? [] : [linkStatement(extra.claim, payment.id)]),
      ]),
    async apply(change, beside = {}, decidedOn) {
      const counts = decidedOn !== undefined && countsAlike(decidedOn, change) ? "alike" : "anew";
      return chain.commit(changeStatements(change, beside, seal, counts), beside.audit);
    },
    ...orderReads(engine, together),
    ...receiptReads(engine, seal),
    ...whoseReads(engine, seal),
    ...dueReads(engine),
  };
}
