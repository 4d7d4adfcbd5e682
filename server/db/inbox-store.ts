/** Raw callbacks, kept for ever (I9), also those of attempts this database does not know. */
import { and, asc, desc, eq, getTableColumns, gt, isNull } from "drizzle-orm";
import type { InboxRow, InboxStore, Seal } from "../ports.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";
import type { OpenOrTell } from "./unopened.ts";

type StoredRow = InboxRow & { appliedAt: number | null };

const insertRow: Template = (db, t) =>
  db.insert(t.inbox).values(rowSlots(t.inbox)).onConflictDoNothing().returning({ id: t.inbox.id });

const byDigest: Template<{ id: string; appliedAt: number | null }[]> = (db, t) =>
  db
    .select({ id: t.inbox.id, appliedAt: t.inbox.appliedAt })
    .from(t.inbox)
    .where(and(eq(t.inbox.attemptId, slot("attemptId")), eq(t.inbox.digest, slot("digest"))));

const markApplied: Template = (db, t) =>
  db
    .update(t.inbox)
    .set(setSlots(t.inbox, ["appliedAt"]))
    .where(and(eq(t.inbox.id, slot("id")), isNull(t.inbox.appliedAt)));

/** Orphans are left out: nothing can apply them, and enough of them would hide the others. */
const unapplied: Template<StoredRow[]> = (db, t) =>
  db
    .select(getTableColumns(t.inbox))
    .from(t.inbox)
    .innerJoin(t.attempts, eq(t.attempts.id, t.inbox.attemptId))
    .where(and(isNull(t.inbox.appliedAt), gt(t.inbox.id, slot("after"))))
    .orderBy(asc(t.inbox.id))
    .limit(slot("limit"));

const orphans: Template<StoredRow[]> = (db, t) =>
  db
    .select(getTableColumns(t.inbox))
    .from(t.inbox)
    .leftJoin(t.attempts, eq(t.attempts.id, t.inbox.attemptId))
    .where(and(isNull(t.inbox.appliedAt), isNull(t.attempts.id), gt(t.inbox.id, slot("after"))))
    .orderBy(asc(t.inbox.id))
    .limit(slot("limit"));

const newest: Template<{ receivedAt: number }[]> = (db, t) =>
  db
    .select({ receivedAt: t.inbox.receivedAt })
    .from(t.inbox)
    .where(eq(t.inbox.environment, slot("environment")))
    .orderBy(desc(t.inbox.id))
    .limit(1);

/** @param seal opens the bodies that the flows sealed. */
export function createInboxStore(engine: Engine, seal: Seal, openOrTell: OpenOrTell): InboxStore {
  function opened({ appliedAt: _, ...row }: StoredRow) {
    const { id: rowId, attemptId, bodySealed } = row;
    const body = openOrTell({ kind: "callback", rowId, attemptId }, () => seal.open(bodySealed));
    return body === null ? [] : [{ ...row, body }];
  }

  /** The next that open: a page of those that do not would hide all behind it. */
  async function next(template: Template<StoredRow[]>, from: string, limit: number) {
    for (let after = from; ; ) {
      const rows = await engine.read(template, { after, limit });
      const found = rows.flatMap(opened);
      const last = rows.at(-1);
      if (found.length > 0 || rows.length < limit || last === undefined) return found;
      after = last.id;
    }
  }

  return {
    async keep(row) {
      const kept = await engine.commit([
        must("inbox", run(insertRow, { ...row, appliedAt: null })),
      ]);
      return kept.ok ? "kept" : "duplicate";
    },
    async known(attemptId, digest) {
      const [row] = await engine.read(byDigest, { attemptId, digest });
      return row === undefined ? null : { id: row.id, applied: row.appliedAt !== null };
    },
    async markApplied(id, at) {
      await engine.commit([run(markApplied, { id, appliedAt: at })]);
    },
    async lastReceivedAt(environment) {
      return (await engine.read(newest, { environment }))[0]?.receivedAt ?? null;
    },
    unapplied: (limit) => next(unapplied, "", limit),
    orphans: (after, limit) => next(orphans, after ?? "", limit),
  };
}
