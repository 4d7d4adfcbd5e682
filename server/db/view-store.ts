/** People's saved views: each belongs to one living person, who alone sees and changes it. */
import { and, asc, eq, isNull, ne, sql } from "drizzle-orm";
import { VIEWS_MAX } from "../../shared/view-limits.ts";
import type { StoredView, ViewStore } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";

const readViews: Template<StoredView[]> = (db, t) =>
  db
    .select({ id: t.views.id, name: t.views.name, query: t.views.query })
    .from(t.views)
    .where(eq(t.views.userId, slot("userId")))
    .orderBy(asc(t.views.nameKey));

/**
 * Writes nothing new, but makes two who write for the same person wait in turn: PostgreSQL would let
 * both take the last place otherwise. Finds nobody where the person was removed.
 */
export const holdPerson: Template = (db, t) =>
  db
    .update(t.users)
    .set({ createdAt: sql`${t.users.createdAt}` })
    .where(and(eq(t.users.id, slot("userId")), isNull(t.users.removedAt)))
    .returning({ id: t.users.id });

/** Fewer than may be, without the one of this name, whose place is its own. */
const placeLeft: Template = (db, t) => {
  const others = db
    .select({ views: sql<number>`count(*)` })
    .from(t.views)
    .where(and(eq(t.views.userId, slot("userId")), ne(t.views.nameKey, slot("nameKey"))));
  return db
    .select({ id: t.users.id })
    .from(t.users)
    .where(and(eq(t.users.id, slot("userId")), sql`${others} < ${VIEWS_MAX}`));
};

const putView: Template = (db, t) =>
  db
    .insert(t.views)
    .values(rowSlots(t.views))
    .onConflictDoUpdate({
      target: [t.views.userId, t.views.nameKey],
      set: setSlots(t.views, ["name", "query", "createdAt"]),
    });

const deleteView: Template = (db, t) =>
  db
    .delete(t.views)
    .where(and(eq(t.views.id, slot("id")), eq(t.views.userId, slot("userId"))))
    .returning({ id: t.views.id });

/** Part of a person's removal. */
export const deleteViewsOf: Template = (db, t) =>
  db.delete(t.views).where(eq(t.views.userId, slot("userId")));

export function createViewStore(engine: Engine, chain: AuditChain): ViewStore {
  return {
    of: (userId) => engine.read(readViews, { userId }),
    async save(view, audit) {
      const params = { ...view, nameKey: nameKey(view.name) };
      const statements = [
        must("owner", run(holdPerson, params)),
        must("unique", run(placeLeft, params)),
        run(putView, params),
      ];
      const saved = await chain.commit(statements, audit);
      if (saved.ok) return "saved";
      return saved.missed === "owner" ? "gone" : "full";
    },
    async remove(userId, id, audit) {
      const statements = [must("owner", run(deleteView, { userId, id }))];
      return (await chain.commit(statements, audit)).ok;
    },
  };
}

/** Names that differ in case only, or in how an accent is written, are one name. */
function nameKey(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
