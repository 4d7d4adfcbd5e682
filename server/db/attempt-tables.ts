/** Attempts and the evidence about them. */
import { sql } from "drizzle-orm";
import type { Cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { AttemptState, Environment, Flag, Reason } from "../../shared/words.ts";
import type {
  AttemptId,
  Detail,
  EvidenceClass,
  MerchantId,
  PaymentId,
  ProvenReceipt,
} from "../core/payment.ts";
import type { Dialect } from "./dialect.ts";
import type { paymentsTable } from "./payment-tables.ts";
import {
  FAILED,
  LOOKED_BEFORE,
  lastTwo,
  NEVER_LOOKED,
  PHONE_BUSY,
  UNFINISHED_SEND,
  UNRESOLVED,
} from "./states.ts";

export function attemptsTable(d: Dialect, payments: ReturnType<typeof paymentsTable>) {
  return d.table("attempts", attemptColumns(d, payments), (t) => [
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
    d
      .index("attempts_by_customer_code")
      .on(t.environment, t.customerCode)
      .where(sql.raw("customer_code is not null")),
    d.index("attempts_of_phone").on(t.environment, t.phoneHash, t.createdAt),
    d
      .index("attempts_by_phone_end")
      .on(t.merchantId, t.environment, t.phoneTailReversed, t.paymentId),
    // For SQLite drizzle-kit takes the expression apart at its commas: its line was put right by hand.
    d
      .index("attempts_by_phone_last_two")
      .on(t.merchantId, t.environment, lastTwo(t.phoneTailReversed), t.paymentId),
    d
      .index("attempts_by_reason")
      .on(t.merchantId, t.environment, t.reason, t.paymentId)
      .where(sql`state = ${FAILED}`),
    d
      .index("attempts_first_look")
      .on(t.environment, t.wakeAt)
      .where(sql`wake_at is not null and ${NEVER_LOOKED}`),
    d
      .index("attempts_next_look")
      .on(t.environment, t.wakeAt)
      .where(sql`wake_at is not null and ${LOOKED_BEFORE}`),
    d.index("attempts_unsent").on(t.createdAt).where(sql`state in ${UNFINISHED_SEND}`),
  ]);
}

function attemptColumns(d: Dialect, payments: ReturnType<typeof paymentsTable>) {
  return {
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
    customerCode: d.text<Receipt>("customer_code"),
    receivedCents: d.cents<Cents>("received_cents"),
    provenReceipts: d
      .json<readonly ProvenReceipt[]>("proven_receipts")
      .notNull()
      .default(sql`'[]'`),
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
    queryReachedAt: d.instant("query_reached_at"),
  };
}

export function evidenceTable(d: Dialect, attempts: ReturnType<typeof attemptsTable>) {
  return d.table(
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
    (t) => [
      d.primaryKey({ columns: [t.attemptId, t.seq] }),
      // A second receipt of one attempt stands here alone, and is somebody's money all the same.
      d
        .index("evidence_by_receipt")
        .on(t.environment, t.receipt, t.attemptId)
        .where(sql.raw("receipt is not null")),
    ],
  );
}
