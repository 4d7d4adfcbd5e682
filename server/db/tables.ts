/**
 * Every table and index, written once for both dialects. Uniqueness that must hold whatever the
 * code does (machine §10: I3, I4, I5) is an index here and a named guard in move.ts.
 */
import { sql } from "drizzle-orm";
import type { Cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type {
  AmountSource,
  AttemptState,
  Environment,
  Flag,
  PaymentStatus,
  Reason,
  TimelineKind,
} from "../../shared/words.ts";
import type {
  AttemptId,
  Closing,
  Detail,
  EvidenceClass,
  MerchantId,
  PaymentId,
  UserId,
} from "../core/payment.ts";
import type { KeyKind, User } from "../ports.ts";
import type { Dialect } from "./dialect.ts";

/* State lists appear in partial indexes and, in the same words, in the queries that use them:
   SQLite takes a partial index only when the query repeats its condition literally. */

/** The phone is being asked, or is about to be (machine §8.5). */
export const PHONE_BUSY = sql.raw("('created', 'sending', 'pending')");
/** An attempt whose outcome is open (I4). */
export const UNRESOLVED = sql.raw("('created', 'sending', 'pending', 'in_doubt')");
/** Money has moved or may still move (machine §8.1). */
export const BLOCKING = sql.raw(
  "('created', 'sending', 'pending', 'in_doubt', 'review', 'confirmed')",
);
/** Found by the start-up sweep (machine §4 row 6). */
export const UNFINISHED_SEND = sql.raw("('created', 'sending')");
/** An unclosed payment that time may close: no attempt blocks it. */
export const MAY_EXPIRE = sql.raw("('open', 'cancelled', 'expired', 'failed')");

export function tables(d: Dialect) {
  return { ...paymentTables(d), ...callTables(d), ...peopleTables(d) };
}
export type Tables = ReturnType<typeof tables>;

function paymentTables(d: Dialect) {
  const payments = d.table(
    "payments",
    {
      id: d.text<PaymentId>("id").primaryKey(),
      merchantId: d.text<MerchantId>("merchant_id").notNull(),
      environment: d.text<Environment>("environment").notNull(),
      shortcode: d.text("shortcode").notNull(),
      amountCents: d.cents<Cents>("amount_cents").notNull(),
      amountSource: d.text<AmountSource>("amount_source").notNull(),
      orderReference: d.text("order_reference").notNull(),
      accountReference: d.text("account_reference").notNull(),
      description: d.text("description"),
      metadata: d.json<Readonly<Record<string, string>>>("metadata").notNull(),
      successUrl: d.text("success_url"),
      cancelUrl: d.text("cancel_url"),
      status: d.text<PaymentStatus>("status").notNull(),
      closing: d.text<Closing>("closing"),
      flags: d.json<readonly Flag[]>("flags").notNull(),
      receipt: d.text<Receipt>("receipt"),
      paidAt: d.instant("paid_at"),
      retryAt: d.instant("retry_at"),
      version: d.count("version").notNull(),
      createdAt: d.instant("created_at").notNull(),
      expiresAt: d.instant("expires_at").notNull(),
      updatedAt: d.instant("updated_at").notNull(),
      /** 1 while this payment is the order's unfinished or paid one. */
      claimsOrder: d.yesNo("claims_order").notNull(),
    },
    (t) => [
      d.index("payments_newest").on(t.merchantId, t.environment, t.id),
      d.index("payments_by_time").on(t.merchantId, t.environment, t.createdAt, t.id),
      d.index("payments_by_status").on(t.merchantId, t.environment, t.status, t.id),
      d.index("payments_by_order").on(t.merchantId, t.environment, t.orderReference, t.id),
      d
        .uniqueIndex("payments_one_per_order")
        .on(t.merchantId, t.environment, t.orderReference)
        .where(sql.raw("claims_order = 1")),
      d
        .index("payments_by_account")
        .on(t.environment, t.shortcode, t.accountReference, t.createdAt),
      d
        .index("payments_to_expire")
        .on(t.expiresAt)
        .where(sql`closing is null and status in ${MAY_EXPIRE}`),
    ],
  );

  const attempts = d.table(
    "attempts",
    {
      id: d.text<AttemptId>("id").primaryKey(),
      paymentId: d
        .text<PaymentId>("payment_id")
        .notNull()
        .references(() => payments.id),
      merchantId: d.text<MerchantId>("merchant_id").notNull(),
      environment: d.text<Environment>("environment").notNull(),
      orderReference: d.text("order_reference").notNull(),
      amountCents: d.cents<Cents>("amount_cents").notNull(),
      phoneEnc: d.text("phone_enc").notNull(),
      phoneHash: d.text("phone_hash").notNull(),
      phoneTail: d.text("phone_tail").notNull(),
      /** The tail backwards, so that "ends in 78" is a range of an index. */
      phoneTailReversed: d.text("phone_tail_reversed").notNull(),
      state: d.text<AttemptState>("state").notNull(),
      reason: d.text<Reason>("reason"),
      merchantRequestId: d.text("merchant_request_id"),
      /** Sealed because M-Pesa's CheckoutRequestID ends in the phone number. */
      checkoutRequestEnc: d.text("checkout_request_enc"),
      checkoutRequestHash: d.text("checkout_request_hash"),
      resultCode: d.text("result_code"),
      resultDescription: d.text("result_description"),
      laterResultCode: d.text("later_result_code"),
      receipt: d.text<Receipt>("receipt"),
      receivedCents: d.cents<Cents>("received_cents"),
      reversedCents: d.cents<Cents>("reversed_cents").notNull(),
      flags: d.json<readonly Flag[]>("flags").notNull(),
      createdAt: d.instant("created_at").notNull(),
      sentAt: d.instant("sent_at"),
      acceptedAt: d.instant("accepted_at"),
      inDoubtAt: d.instant("in_doubt_at"),
      resolvedAt: d.instant("resolved_at"),
      paidAt: d.instant("paid_at"),
      heldAt: d.instant("held_at"),
      successSeen: d.yesNo("success_seen").notNull(),
      looks: d.count("looks").notNull(),
      lastLookAt: d.instant("last_look_at"),
      nextLookAt: d.instant("next_look_at"),
      wakeAt: d.instant("wake_at"),
      queryFailureCode: d.text("query_failure_code"),
      queryFailureAt: d.instant("query_failure_at"),
    },
    (t) => [
      d.index("attempts_of_payment").on(t.paymentId, t.id),
      d
        .uniqueIndex("attempts_one_receipt")
        .on(t.environment, t.receipt)
        .where(sql.raw("receipt is not null")),
      d
        .uniqueIndex("attempts_one_per_order")
        .on(t.merchantId, t.environment, t.orderReference)
        .where(sql`state in ${UNRESOLVED}`),
      d
        .uniqueIndex("attempts_one_per_phone")
        .on(t.environment, t.phoneHash)
        .where(sql`state in ${PHONE_BUSY}`),
      d
        .uniqueIndex("attempts_one_checkout_request")
        .on(t.environment, t.checkoutRequestHash)
        .where(sql.raw("checkout_request_hash is not null")),
      d.index("attempts_of_phone").on(t.environment, t.phoneHash, t.createdAt),
      d
        .index("attempts_by_phone_end")
        .on(t.merchantId, t.environment, t.phoneTailReversed, t.paymentId),
      d.index("attempts_to_wake").on(t.wakeAt).where(sql.raw("wake_at is not null")),
      d.index("attempts_unsent").on(t.createdAt).where(sql`state in ${UNFINISHED_SEND}`),
    ],
  );

  const timeline = d.table(
    "timeline",
    {
      paymentId: d
        .text<PaymentId>("payment_id")
        .notNull()
        .references(() => payments.id),
      /** 1, 2, 3, … within the payment, without gaps (I18). */
      seq: d.count("seq").notNull(),
      environment: d.text<Environment>("environment").notNull(),
      at: d.instant("at").notNull(),
      kind: d.text<TimelineKind>("kind").notNull(),
      attemptId: d.text<AttemptId>("attempt_id"),
      from: d.text<AttemptState>("from_state"),
      to: d.text<AttemptState>("to_state"),
      status: d.text<PaymentStatus>("status").notNull(),
      detail: d.json<Detail>("detail").notNull(),
    },
    (t) => [d.primaryKey({ columns: [t.paymentId, t.seq] })],
  );

  const evidence = d.table(
    "evidence",
    {
      attemptId: d
        .text<AttemptId>("attempt_id")
        .notNull()
        .references(() => attempts.id),
      seq: d.count("seq").notNull(),
      environment: d.text<Environment>("environment").notNull(),
      evidenceClass: d.text<EvidenceClass>("evidence_class").notNull(),
      at: d.instant("at").notNull(),
      success: d.yesNo("success").notNull(),
      receipt: d.text<Receipt>("receipt"),
      amountCents: d.cents<Cents>("amount_cents"),
      detail: d.json<Detail>("detail").notNull(),
    },
    (t) => [d.primaryKey({ columns: [t.attemptId, t.seq] })],
  );
  return { payments, attempts, timeline, evidence };
}

function callTables(d: Dialect) {
  /** No foreign key to attempts: a callback may outlive the attempt a restored backup forgot (machine §2). */
  const inbox = d.table(
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

  const idempotency = d.table(
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

  /** One row that /readyz and start-up write to learn whether writing works. */
  const pulse = d.table("pulse", {
    id: d.count("id").primaryKey(),
    beats: d.count("beats").notNull(),
  });
  return { inbox, idempotency, pulse };
}

function peopleTables(d: Dialect) {
  const merchants = d.table(
    "merchants",
    {
      id: d.text<MerchantId>("id").primaryKey(),
      environment: d.text<Environment>("environment").notNull(),
      name: d.text("name").notNull(),
      shortcode: d.text("shortcode").notNull(),
      allowedOrigins: d.json<readonly string[]>("allowed_origins").notNull(),
      webhookSecretSealed: d.text("webhook_secret_sealed"),
      isDefault: d.yesNo("is_default").notNull(),
    },
    (t) => [
      d.uniqueIndex("merchants_one_default").on(t.environment).where(sql.raw("is_default = 1")),
    ],
  );

  const keys = d.table(
    "keys",
    {
      id: d.text("id").primaryKey(),
      merchantId: d
        .text<MerchantId>("merchant_id")
        .notNull()
        .references(() => merchants.id),
      environment: d.text<Environment>("environment").notNull(),
      kind: d.text<KeyKind>("kind").notNull(),
      hash: d.text("hash").notNull(),
      tail: d.text("tail").notNull(),
      sealed: d.text("sealed"),
      createdAt: d.instant("created_at").notNull(),
    },
    (t) => [d.uniqueIndex("keys_one_per_hash").on(t.hash)],
  );

  const users = d.table(
    "users",
    {
      id: d.text<UserId>("id").primaryKey(),
      email: d.text("email").notNull(),
      passwordHash: d.text("password_hash").notNull(),
      role: d.text<User["role"]>("role").notNull(),
      createdAt: d.instant("created_at").notNull(),
    },
    (t) => [d.uniqueIndex("users_one_per_email").on(t.email)],
  );

  const sessions = d.table(
    "sessions",
    {
      idHash: d.text("id_hash").primaryKey(),
      userId: d
        .text<UserId>("user_id")
        .notNull()
        .references(() => users.id),
      createdAt: d.instant("created_at").notNull(),
      expiresAt: d.instant("expires_at").notNull(),
    },
    (t) => [d.index("sessions_by_expiry").on(t.expiresAt)],
  );
  return { merchants, keys, users, sessions };
}
