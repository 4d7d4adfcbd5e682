/** The audit log: one chain for the house, each row holding the hash of the row before (I21). */
import type { AuditAction } from "../../shared/audit-words.ts";
import type { AuditActor, AuditDetails } from "../ports.ts";
import type { Dialect } from "./dialect.ts";

export function auditTable(d: Dialect) {
  return d.table(
    "audit",
    {
      /** The row's number, in twelve digits, so that the order of texts is the order of numbers. */
      id: d.text("id").primaryKey(),
      at: d.instant("at").notNull(),
      /** Not a reference: what was done outlives who did it. */
      actor: d.text<AuditActor>("actor").notNull(),
      action: d.text<AuditAction>("action").notNull(),
      target: d.text("target"),
      details: d.json<AuditDetails>("details").notNull(),
      previousHash: d.text("previous_hash").notNull(),
      hash: d.text("hash").notNull(),
      /** The hash, sealed: who has the database but not the secret cannot write a row. */
      hashSealed: d.text("hash_sealed").notNull(),
    },
    (t) => [
      // Two rows cannot follow the same one: whoever reads an old head misses.
      d.uniqueIndex("audit_one_after_each").on(t.previousHash),
      d.index("audit_by_actor").on(t.actor, t.id),
      d.index("audit_by_action").on(t.action, t.id),
    ],
  );
}
