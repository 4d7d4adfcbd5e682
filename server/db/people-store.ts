/** Who may sign in to the dashboard, with which role, and by whose invitation. */
import { and, asc, desc, eq, exists, gt, isNull, lte, ne, or, sql } from "drizzle-orm";
import type { AuditEntry, PeopleStore, User } from "../ports.ts";
import { deleteAlertsOf } from "./alert-store.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Engine, must, run, type Statement, type Template } from "./engine.ts";
import { deletePasskeysOf } from "./passkey-store.ts";
import { type InvitationRow, invitationOf, personOf, type UserRow, userOf } from "./people-rows.ts";
import { createSessionStore, endEverySession } from "./session-store.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";
import { deleteViewsOf } from "./view-store.ts";

const countUsers: Template<{ users: number }[]> = (db, t) =>
  db
    .select({ users: sql<number>`count(*)`.mapWith(Number) })
    .from(t.users)
    .where(isNull(t.users.removedAt));

const insertUser: Template = (db, t) =>
  db.insert(t.users).values(rowSlots(t.users)).onConflictDoNothing().returning({ id: t.users.id });

const readByEmail: Template<UserRow[]> = (db, t) =>
  db
    .select()
    .from(t.users)
    .where(and(eq(t.users.email, slot("email")), isNull(t.users.removedAt)));

const readById: Template<UserRow[]> = (db, t) =>
  db
    .select()
    .from(t.users)
    .where(and(eq(t.users.id, slot("id")), isNull(t.users.removedAt)));

const readEverybody: Template<UserRow[]> = (db, t) =>
  db
    .select()
    .from(t.users)
    .where(isNull(t.users.removedAt))
    .orderBy(asc(t.users.createdAt), asc(t.users.id));

/**
 * Writes nothing new, but makes two who demote one another wait in turn: PostgreSQL would let both
 * count the other one otherwise.
 */
const holdOwners: Template = (db, t) =>
  db
    .update(t.users)
    .set({ role: "owner" })
    .where(and(eq(t.users.role, "owner"), isNull(t.users.removedAt)));

/** Somebody who is no owner, or one beside whom there is another. */
const notLastOwner: Template = (db, t) =>
  db
    .select({ id: t.users.id })
    .from(t.users)
    .where(
      and(
        eq(t.users.id, slot("id")),
        or(
          ne(t.users.role, "owner"),
          exists(
            db
              .select({ one: sql`1` })
              .from(sql`${t.users} as other`)
              .where(
                sql`other.role = 'owner' and other.removed_at is null and other.id <> ${slot("id")}`,
              ),
          ),
        ),
      ),
    );

const setRole: Template = (db, t) =>
  db
    .update(t.users)
    .set(setSlots(t.users, ["role"]))
    .where(
      and(eq(t.users.id, slot("id")), eq(t.users.role, slot("was")), isNull(t.users.removedAt)),
    )
    .returning({ id: t.users.id });

/** The password goes at once; the name stays for what they did. */
const setRemoved: Template = (db, t) =>
  db
    .update(t.users)
    .set({ ...setSlots(t.users, ["removedAt"]), passwordHash: "" })
    .where(
      and(eq(t.users.id, slot("id")), eq(t.users.role, slot("was")), isNull(t.users.removedAt)),
    )
    .returning({ id: t.users.id });

const setPasswordHash: Template = (db, t) =>
  db
    .update(t.users)
    .set(setSlots(t.users, ["passwordHash"]))
    .where(and(eq(t.users.id, slot("id")), isNull(t.users.removedAt)));

const insertInvitation: Template = (db, t) =>
  db.insert(t.invitations).values(rowSlots(t.invitations));

/** An earlier one for the same address, and all whose time is over: they hold an address for nothing. */
const dropSpentInvitations: Template = (db, t) =>
  db
    .delete(t.invitations)
    .where(or(eq(t.invitations.email, slot("email")), lte(t.invitations.expiresAt, slot("at"))));

const dropInvitationsBy: Template = (db, t) =>
  db.delete(t.invitations).where(eq(t.invitations.invitedBy, slot("id")));

const dropInvitation: Template = (db, t) =>
  db
    .delete(t.invitations)
    .where(eq(t.invitations.id, slot("id")))
    .returning({ id: t.invitations.id });

const useInvitation: Template = (db, t) =>
  db
    .delete(t.invitations)
    .where(
      and(eq(t.invitations.tokenHash, slot("tokenHash")), gt(t.invitations.expiresAt, slot("at"))),
    )
    .returning({ id: t.invitations.id });

const readInvitations: Template<InvitationRow[]> = (db, t) =>
  db
    .select()
    .from(t.invitations)
    .where(gt(t.invitations.expiresAt, slot("at")))
    .orderBy(desc(t.invitations.createdAt), desc(t.invitations.id));

const readInvitation: Template<InvitationRow[]> = (db, t) =>
  db
    .select()
    .from(t.invitations)
    .where(
      and(eq(t.invitations.tokenHash, slot("tokenHash")), gt(t.invitations.expiresAt, slot("at"))),
    );

export function createPeopleStore(engine: Engine, chain: AuditChain): PeopleStore {
  const change = async (
    id: string,
    steps: readonly [Statement, ...Statement[]],
    audit: AuditEntry | undefined,
  ) => {
    const [step, ...more] = steps;
    const statements = [
      run(holdOwners, {}),
      must("owner", run(notLastOwner, { id })),
      must("version", step),
      run(dropInvitationsBy, { id }),
      ...more,
    ];
    const done = await chain.commit(statements, audit);
    if (done.ok) return "done";
    return done.missed === "owner" ? "last_owner" : "stale";
  };
  return {
    ...createSessionStore(engine, chain),
    async countUsers() {
      return (await engine.read(countUsers, {}))[0]?.users ?? 0;
    },
    async addUser(user, audit) {
      const added = await chain.commit([must("unique", insertionOf(user))], audit);
      return added.ok ? "added" : "taken";
    },
    async userByEmail(email) {
      const [row] = await engine.read(readByEmail, { email });
      return row === undefined ? null : userOf(row);
    },
    async everybody() {
      return (await engine.read(readEverybody, {})).map(personOf);
    },
    async personById(id) {
      const [row] = await engine.read(readById, { id });
      return row === undefined ? null : personOf(row);
    },
    async changeRole(id, was, role, audit) {
      const outcome = await change(id, [run(setRole, { id, was, role })], audit);
      return outcome === "done" ? "changed" : outcome;
    },
    async removePerson(id, was, removedAt, audit) {
      const steps = [
        run(setRemoved, { id, was, removedAt }),
        run(endEverySession, { userId: id, but: "" }),
        run(deleteViewsOf, { userId: id }),
        run(deletePasskeysOf, { userId: id }),
        ...deleteAlertsOf(id),
      ] as const;
      const outcome = await change(id, steps, audit);
      return outcome === "done" ? "removed" : outcome;
    },
    async setPassword(id, passwordHash, audit) {
      await chain.commit([run(setPasswordHash, { id, passwordHash })], audit);
    },
    async invite(invitation, audit) {
      const statements = [
        run(dropSpentInvitations, { email: invitation.email, at: invitation.createdAt }),
        run(insertInvitation, { ...invitation }),
      ];
      await chain.commit(statements, audit);
    },
    async invitations(at) {
      return (await engine.read(readInvitations, { at })).map(invitationOf);
    },
    async invitationByHash(tokenHash, at) {
      const [row] = await engine.read(readInvitation, { tokenHash, at });
      return row === undefined ? null : invitationOf(row);
    },
    async revokeInvitation(id, audit) {
      return (await chain.commit([must("invitation", run(dropInvitation, { id }))], audit)).ok;
    },
    async acceptInvitation(tokenHash, user, audit) {
      const statements = [
        must("invitation", run(useInvitation, { tokenHash, at: user.createdAt })),
        must("unique", insertionOf(user)),
      ];
      const accepted = await chain.commit(statements, audit);
      if (accepted.ok) return "added";
      return accepted.missed === "unique" ? "taken" : "gone";
    },
  };
}

function insertionOf(user: User & { readonly createdAt: number }): Statement {
  return run(insertUser, { ...user, lastSeenAt: null, removedAt: null });
}
