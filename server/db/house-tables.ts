/** What keeps the house itself in order: who sweeps now, and which secret sealed the rows. */
import type { Dialect } from "./dialect.ts";

/** Work that only one process at a time may do (machine §9). */
export function leasesTable(d: Dialect) {
  return d.table("leases", {
    name: d.text("name").primaryKey(),
    holder: d.text("holder").notNull(),
    until: d.instant("until").notNull(),
  });
}

/** How far something that is read in order was read: Pull's window, for one (machine §9). */
export function bookmarksTable(d: Dialect) {
  return d.table("bookmarks", {
    name: d.text("name").primaryKey(),
    at: d.instant("at").notNull(),
  });
}

/** One row: the key that everything sealed and hashed here stands under, once a rotation has ended. */
export function sealingTable(d: Dialect) {
  return d.table("sealing", {
    id: d.count("id").primaryKey(),
    keyId: d.text("key_id").notNull(),
  });
}
