/** Decisions about much money that wait for a second person; what came of one stands in the audit log. */
import type { Cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { Environment } from "../../shared/words.ts";
import type { AttemptId, MerchantId, PaymentId, UserId } from "../core/payment.ts";
import type { Proposal } from "../ports.ts";
import type { Dialect } from "./dialect.ts";
import type { paymentsTable } from "./payment-tables.ts";

export function proposalsTable(d: Dialect, payments: ReturnType<typeof paymentsTable>) {
  return d.table(
    "proposals",
    {
      id: d.text("id").primaryKey(),
      paymentId: d
        .text<PaymentId>("payment_id")
        .notNull()
        .references(() => payments.id),
      merchantId: d.text<MerchantId>("merchant_id").notNull(),
      environment: d.text<Environment>("environment").notNull(),
      action: d.text<Proposal["action"]>("action").notNull(),
      attemptId: d.text<AttemptId>("attempt_id").notNull(),
      receipt: d.text<Receipt>("receipt").notNull(),
      amountCents: d.cents<Cents>("amount_cents").notNull(),
      otherDay: d.text<Proposal["otherDay"]>("other_day").notNull(),
      reason: d.text("reason").notNull(),
      proposedBy: d.text<UserId>("proposed_by").notNull(),
      /** The e-mail address at the time. */
      proposer: d.text("proposer").notNull(),
      createdAt: d.instant("created_at").notNull(),
      expiresAt: d.instant("expires_at").notNull(),
    },
    (t) => [
      d.uniqueIndex("proposals_one_per_payment").on(t.paymentId),
      d.index("proposals_by_scope").on(t.merchantId, t.environment, t.createdAt),
    ],
  );
}
