/** Payments and their story. */
import { sql } from "drizzle-orm";
import type { Cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type {
  AmountSource,
  AttemptState,
  Environment,
  Flag,
  PaymentStatus,
  TimelineKind,
} from "../../shared/words.ts";
import type { AttemptId, Closing, Detail, MerchantId, PaymentId } from "../core/payment.ts";
import type { Dialect } from "./dialect.ts";
import { MAY_EXPIRE, NEEDS_A_HAND, NO_FLAGS, NOT_AGED_OUT } from "./states.ts";

export function paymentsTable(d: Dialect) {
  return d.table(
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
      /** The number the merchant named when opening: sealed, and its last digits to show. */
      phoneEnc: d.text("phone_enc"),
      phoneTail: d.text("phone_tail"),
      page: d.text("page"),
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
      /** When age took the numbers out of it. */
      agedOutAt: d.instant("aged_out_at"),
      /** 1 while this payment is the order's unfinished or paid one. */
      claimsOrder: d.yesNo("claims_order").notNull(),
    },
    (t) => [
      // Amounts stand at the end, so that a range of them is looked at without reading the rows.
      d.index("payments_newest").on(t.merchantId, t.environment, t.id, t.amountCents),
      d.index("payments_by_time").on(t.merchantId, t.environment, t.createdAt, t.id),
      d.index("payments_by_status").on(t.merchantId, t.environment, t.status, t.id, t.amountCents),
      d.index("payments_by_amount").on(t.merchantId, t.environment, t.amountCents, t.id),
      // Few payments have flags, and few sets of flags are ever seen: each set is a range. A status
      // that none of them has is seen without reading the rows.
      d
        .index("payments_by_flags")
        .on(t.merchantId, t.environment, t.flags, t.id, t.status)
        .where(sql`flags <> ${NO_FLAGS}`),
      // A rare website among millions of payments; those without one are the common kind.
      d
        .index("payments_by_page")
        .on(t.merchantId, t.environment, t.page, t.id)
        .where(sql.raw("page is not null")),
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
        .on(t.environment, t.expiresAt)
        .where(sql`closing is null and status in ${MAY_EXPIRE}`),
      d
        .index("payments_to_age_out")
        .on(t.merchantId, t.environment, t.createdAt, t.id)
        .where(sql`${NOT_AGED_OUT}`),
      d
        .index("payments_to_see_to")
        .on(t.merchantId, t.environment, t.id)
        .where(sql`${NEEDS_A_HAND}`),
    ],
  );
}

export function timelineTable(d: Dialect, payments: ReturnType<typeof paymentsTable>) {
  return d.table(
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
}
