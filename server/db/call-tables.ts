/** Calls in and out: Daraja's callbacks and ours to it, merchants' idempotency keys, and the pulse. */
import { sql } from "drizzle-orm";
import type { Environment } from "../../shared/words.ts";
import type { AttemptId, MerchantId, PaymentId } from "../core/payment.ts";
import type { DarajaCall } from "../ports.ts";
import type { Dialect } from "./dialect.ts";

/** No foreign key to attempts: a callback may outlive the attempt a restored backup forgot (machine §2). */
export function inboxTable(d: Dialect) {
  return d.table(
    "inbox",
    {
      id: d.text("id").primaryKey(),
      environment: d.text<Environment>("environment").notNull(),
      attemptId: d.text<AttemptId>("attempt_id").notNull(),
      digest: d.text("digest").notNull(),
      bodySealed: d.text("body_sealed").notNull(),
      receivedAt: d.instant("received_at").notNull(),
      remoteAddress: d.text("remote_address").notNull(),
      appliedAt: d.instant("applied_at"),
    },
    (t) => [
      d.uniqueIndex("inbox_one_per_body").on(t.attemptId, t.digest),
      d.index("inbox_unapplied").on(t.id).where(sql.raw("applied_at is null")),
    ],
  );
}

export function idempotencyTable(d: Dialect) {
  return d.table(
    "idempotency",
    {
      merchantId: d.text<MerchantId>("merchant_id").notNull(),
      environment: d.text<Environment>("environment").notNull(),
      key: d.text("key").notNull(),
      bodyHash: d.text("body_hash").notNull(),
      claimedAt: d.instant("claimed_at").notNull(),
      paymentId: d.text<PaymentId>("payment_id"),
      status: d.count("status"),
      /** Sealed: the answer to opening a payment holds its checkout token. */
      answerSealed: d.text("answer_sealed"),
    },
    (t) => [
      d.primaryKey({ columns: [t.merchantId, t.environment, t.key] }),
      d.index("idempotency_by_age").on(t.claimedAt),
    ],
  );
}

/** Our calls to Daraja about an attempt, and its answers: what a dispute is settled by. */
export function darajaCallsTable(d: Dialect) {
  return d.table(
    "daraja_calls",
    {
      id: d.text("id").primaryKey(),
      environment: d.text<Environment>("environment").notNull(),
      attemptId: d.text<AttemptId>("attempt_id").notNull(),
      call: d.text<DarajaCall["call"]>("call").notNull(),
      at: d.instant("at").notNull(),
      tookMs: d.count("took_ms").notNull(),
      status: d.count("status"),
      sentSealed: d.text("sent_sealed").notNull(),
      answerSealed: d.text("answer_sealed"),
      fault: d.text("fault"),
    },
    (t) => [d.index("daraja_calls_of_attempt").on(t.attemptId, t.id)],
  );
}

/** One row that /readyz and start-up write to learn whether writing works. */
export function pulseTable(d: Dialect) {
  return d.table("pulse", {
    id: d.count("id").primaryKey(),
    beats: d.count("beats").notNull(),
  });
}
