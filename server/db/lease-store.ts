/** Leases: one row a name, taken by one guarded write, so that two processes never both hold it. */
import { and, eq, gt, lte, ne, or } from "drizzle-orm";
import type { LeaseStore } from "../ports.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";

const takeLease: Template = (db, t) =>
  db
    .insert(t.leases)
    .values(rowSlots(t.leases))
    .onConflictDoUpdate({
      target: t.leases.name,
      set: setSlots(t.leases, ["holder", "until"]),
      setWhere: or(eq(t.leases.holder, slot("holder")), lte(t.leases.until, slot("at"))),
    })
    .returning({ name: t.leases.name });

/** Cuts another's time that no clock of now could have written. */
const cutLease: Template = (db, t) =>
  db
    .update(t.leases)
    .set(setSlots(t.leases, ["until"]))
    .where(
      and(
        eq(t.leases.name, slot("name")),
        ne(t.leases.holder, slot("holder")),
        gt(t.leases.until, slot("until")),
      ),
    );

const dropLease: Template = (db, t) =>
  db
    .delete(t.leases)
    .where(and(eq(t.leases.name, slot("name")), eq(t.leases.holder, slot("holder"))));

const readLease: Template<{ holder: string; until: number }[]> = (db, t) =>
  db
    .select({ holder: t.leases.holder, until: t.leases.until })
    .from(t.leases)
    .where(eq(t.leases.name, slot("name")));

export function createLeaseStore(engine: Engine): LeaseStore {
  return {
    async take(name, holder, at, untilAt) {
      const params = { name, holder, at, until: untilAt };
      if ((await engine.commit([must("unique", run(takeLease, params))])).ok) return true;
      const [row] = await engine.read(readLease, { name });
      if (row !== undefined && row.until > untilAt) await engine.commit([run(cutLease, params)]);
      return false;
    },
    async drop(name, holder) {
      await engine.commit([run(dropLease, { name, holder })]);
    },
    async holder(name, at) {
      const [row] = await engine.read(readLease, { name });
      return row !== undefined && row.until > at ? row.holder : null;
    },
  };
}
