/** What people write down beside a payment. */
import type { Environment } from "../../shared/words.ts";
import type { PaymentId, UserId } from "../core/payment.ts";
import type { Dialect } from "./dialect.ts";
import type { paymentsTable } from "./payment-tables.ts";

export function notesTable(d: Dialect, payments: ReturnType<typeof paymentsTable>) {
  return d.table(
    "notes",
    {
      id: d.text("id").primaryKey(),
      paymentId: d
        .text<PaymentId>("payment_id")
        .notNull()
        .references(() => payments.id),
      environment: d.text<Environment>("environment").notNull(),
      at: d.instant("at").notNull(),
      /** Not a reference: what was written outlives who wrote it. */
      userId: d.text<UserId>("user_id").notNull(),
      author: d.text("author").notNull(),
      /** Sealed: people write names and numbers of customers. */
      textSealed: d.text("text_sealed").notNull(),
    },
    (t) => [d.index("notes_of_payment").on(t.paymentId, t.id)],
  );
}
