/** Passkeys: each belongs to one living person; a use is one guarded write, so that a count never goes back. */
import { and, asc, eq, exists, isNotNull, isNull, lt, not, or, sql } from "drizzle-orm";
import { PASSKEYS_MAX } from "../../shared/passkey-rules.ts";
import type { Passkey, PasskeyStore } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Db, type Engine, must, run, type Template } from "./engine.ts";
import { codesAnew, deleteCodesOfNothing } from "./factor-store.ts";
import { type UserRow, userOf } from "./people-rows.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";
import type { Tables } from "./tables.ts";
import { holdPerson } from "./view-store.ts";

const readOwn: Template<Passkey[]> = (db, t) =>
  db
    .select()
    .from(t.passkeys)
    .where(eq(t.passkeys.userId, slot("userId")))
    .orderBy(asc(t.passkeys.createdAt), asc(t.passkeys.id));

const readByCredential: Template<{ passkey: Passkey; user: UserRow }[]> = (db, t) =>
  db
    .select({ passkey: t.passkeys, user: t.users })
    .from(t.passkeys)
    .innerJoin(t.users, and(eq(t.users.id, t.passkeys.userId), isNull(t.users.removedAt)))
    .where(eq(t.passkeys.credentialId, slot("credentialId")));

const placeLeft: Template = (db, t) => {
  const own = db
    .select({ passkeys: sql<number>`count(*)` })
    .from(t.passkeys)
    .where(eq(t.passkeys.userId, slot("userId")));
  return db
    .select({ id: t.users.id })
    .from(t.users)
    .where(and(eq(t.users.id, slot("userId")), sql`${own} < ${PASSKEYS_MAX}`));
};

const guarded: Template = (db, t) => personWhere(db, t, someFactor(db, t));
const unguarded: Template = (db, t) => personWhere(db, t, not(someFactor(db, t)));

function someFactor(db: Db, t: Tables) {
  const app = db
    .select({ one: sql`1` })
    .from(t.secondFactors)
    .where(and(eq(t.secondFactors.id, slot("userId")), isNotNull(t.secondFactors.confirmedAt)));
  const passkey = db
    .select({ one: sql`1` })
    .from(t.passkeys)
    .where(eq(t.passkeys.userId, slot("userId")));
  return sql`(${exists(app)} or ${exists(passkey)})`;
}

function personWhere(db: Db, t: Tables, condition: ReturnType<typeof not>) {
  return db
    .select({ id: t.users.id })
    .from(t.users)
    .where(and(eq(t.users.id, slot("userId")), condition));
}

const insertPasskey: Template = (db, t) =>
  db
    .insert(t.passkeys)
    .values(rowSlots(t.passkeys))
    .onConflictDoNothing()
    .returning({ id: t.passkeys.id });

const setName: Template = (db, t) =>
  db
    .update(t.passkeys)
    .set(setSlots(t.passkeys, ["name"]))
    .where(and(eq(t.passkeys.id, slot("id")), eq(t.passkeys.userId, slot("userId"))))
    .returning({ id: t.passkeys.id });

/** The count goes up, or there is none on either side (WebAuthn §6.1.1). */
const noteUse: Template = (db, t) =>
  db
    .update(t.passkeys)
    .set(setSlots(t.passkeys, ["signCount", "lastUsedAt"]))
    .where(
      and(
        eq(t.passkeys.id, slot("id")),
        or(
          lt(t.passkeys.signCount, slot("signCount")),
          and(eq(t.passkeys.signCount, 0), eq(t.passkeys.signCount, slot("signCount"))),
        ),
      ),
    )
    .returning({ id: t.passkeys.id });

const deletePasskey: Template = (db, t) =>
  db
    .delete(t.passkeys)
    .where(and(eq(t.passkeys.id, slot("id")), eq(t.passkeys.userId, slot("userId"))))
    .returning({ id: t.passkeys.id });

/** Part of a person's removal. */
export const deletePasskeysOf: Template = (db, t) =>
  db.delete(t.passkeys).where(eq(t.passkeys.userId, slot("userId")));

export function createPasskeyStore(engine: Engine, chain: AuditChain): PasskeyStore {
  return {
    of: (userId) => engine.read(readOwn, { userId }),
    async byCredential(credentialId) {
      const [row] = await engine.read(readByCredential, { credentialId });
      return row === undefined ? null : { passkey: row.passkey, user: userOf(row.user) };
    },
    async add(passkey, firstCodes, audit) {
      const { userId } = passkey;
      const statements = [
        must("owner", run(holdPerson, { userId })),
        must("factor", run(firstCodes === null ? guarded : unguarded, { userId })),
        must("place", run(placeLeft, { userId })),
        must("unique", run(insertPasskey, { ...passkey, lastUsedAt: null })),
        ...(firstCodes === null ? [] : codesAnew(userId, firstCodes)),
      ];
      const added = await chain.commit(statements, audit);
      if (added.ok) return "added";
      if (added.missed === "factor") return "other_way";
      return added.missed === "place" ? "full" : "taken";
    },
    async rename(userId, id, name, audit) {
      return (await chain.commit([must("unique", run(setName, { userId, id, name }))], audit)).ok;
    },
    async use(id, signCount, at, audit) {
      const used = must("version", run(noteUse, { id, signCount, lastUsedAt: at }));
      return (await chain.commit([used], audit)).ok;
    },
    async remove(userId, id, audit) {
      const statements = [
        run(holdPerson, { userId }),
        must("unique", run(deletePasskey, { userId, id })),
        run(deleteCodesOfNothing, { userId }),
      ];
      return (await chain.commit(statements, audit)).ok;
    },
  };
}
