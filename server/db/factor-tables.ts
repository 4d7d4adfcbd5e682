/** The second factor of people who have one: the authenticator's secret, and codes for when it is lost. */
import type { UserId } from "../core/payment.ts";
import type { Dialect } from "./dialect.ts";
import type { usersTable } from "./people-tables.ts";

export function secondFactorsTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table("second_factors", {
    /** The person's id: one factor each. */
    id: d
      .text<UserId>("id")
      .primaryKey()
      .references(() => users.id),
    secretSealed: d.text("secret_sealed").notNull(),
    createdAt: d.instant("created_at").notNull(),
    /** Null until a first code proved that the app has the secret; it guards nothing before. */
    confirmedAt: d.instant("confirmed_at"),
    /** The newest step whose code was used: a code works once. */
    lastStep: d.count("last_step").notNull(),
  });
}

export function recoveryCodesTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table(
    "recovery_codes",
    {
      /** SHA-256 of 80 random bits, which nobody can try through. */
      hash: d.text("hash").primaryKey(),
      userId: d
        .text<UserId>("user_id")
        .notNull()
        .references(() => users.id),
      usedAt: d.instant("used_at"),
    },
    (t) => [d.index("recovery_codes_by_user").on(t.userId)],
  );
}
