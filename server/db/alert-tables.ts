/** Alerts by e-mail: who wants which, what each person was told, and the mails themselves. */
import { sql } from "drizzle-orm";
import type { MailFault, MailKind } from "../../shared/alert-words.ts";
import type { SetupFault } from "../../shared/insight-words.ts";
import type { Locale } from "../../shared/words.ts";
import type { MerchantId, PaymentId, UserId } from "../core/payment.ts";
import type { Dialect } from "./dialect.ts";
import type { usersTable } from "./people-tables.ts";
import { MAIL_OPEN } from "./states.ts";

export function alertChoicesTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table("alert_choices", {
    /** The person's id: one choice each. */
    id: d
      .text<UserId>("id")
      .primaryKey()
      .references(() => users.id),
    kinds: d.json<readonly MailKind[]>("kinds").notNull(),
    locale: d.text<Locale>("locale").notNull(),
    /** When a mail to this person was taken last, tests among them. */
    workedAt: d.instant("worked_at"),
  });
}

/** What a person was told or is about to be told of; the row keeps it from being told again. */
export function alertMattersTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table(
    "alert_matters",
    {
      userId: d
        .text<UserId>("user_id")
        .notNull()
        .references(() => users.id),
      key: d.text("key").notNull(),
      kind: d.text<MailKind>("kind").notNull(),
      merchantId: d.text<MerchantId>("merchant_id"),
      paymentId: d.text<PaymentId>("payment_id"),
      fault: d.text<SetupFault>("fault"),
      raisedAt: d.instant("raised_at").notNull(),
      /** The mail that tells it; null while it waits for one. */
      mailId: d.text("mail_id"),
    },
    (t) => [
      d.primaryKey({ columns: [t.userId, t.key] }),
      d.index("alert_matters_of_mail").on(t.mailId),
      d.index("alert_matters_unmailed").on(t.userId).where(sql.raw("mail_id is null")),
    ],
  );
}

export function alertMailsTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table(
    "alert_mails",
    {
      id: d.text("id").primaryKey(),
      userId: d
        .text<UserId>("user_id")
        .notNull()
        .references(() => users.id),
      createdAt: d.instant("created_at").notNull(),
      tries: d.count("tries").notNull(),
      nextTryAt: d.instant("next_try_at").notNull(),
      sentAt: d.instant("sent_at"),
      givenUpAt: d.instant("given_up_at"),
      /** How the last try failed, in a word and in the mail server's words. */
      fault: d.text<MailFault>("fault"),
      said: d.text("said"),
    },
    (t) => [
      // A person has one mail under way; what comes meanwhile goes into the next.
      d.uniqueIndex("alert_mails_one_open").on(t.userId).where(sql`${MAIL_OPEN}`),
      d.index("alert_mails_of_person").on(t.userId, t.createdAt),
      d.index("alert_mails_due").on(t.nextTryAt).where(sql`${MAIL_OPEN}`),
    ],
  );
}
