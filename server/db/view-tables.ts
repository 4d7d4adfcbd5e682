/** Filters of the list of payments that a person keeps under a name. */
import type { UserId } from "../core/payment.ts";
import type { Dialect } from "./dialect.ts";
import type { usersTable } from "./people-tables.ts";

export function viewsTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table(
    "views",
    {
      id: d.text("id").primaryKey(),
      userId: d
        .text<UserId>("user_id")
        .notNull()
        .references(() => users.id),
      /** As the person typed it. */
      name: d.text("name").notNull(),
      /** The name as names are compared: a database's own lower case knows less than ours. */
      nameKey: d.text("name_key").notNull(),
      query: d.text("query").notNull(),
      createdAt: d.instant("created_at").notNull(),
    },
    (t) => [d.uniqueIndex("views_one_per_name").on(t.userId, t.nameKey)],
  );
}
