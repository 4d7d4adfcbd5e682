/** Who may sign in to the dashboard, and who is signed in. */
import { and, eq, gt, lte, sql } from "drizzle-orm";
import { USER_ROLES } from "../../shared/permissions.ts";
import type { PeopleStore, User } from "../ports.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";
import type { Tables } from "./tables.ts";

type UserRow = Tables["users"]["$inferSelect"];
type SessionRow = Tables["sessions"]["$inferSelect"];

const countUsers: Template<{ users: number }[]> = (db, t) =>
  db.select({ users: sql<number>`count(*)`.mapWith(Number) }).from(t.users);

const insertUser: Template = (db, t) =>
  db.insert(t.users).values(rowSlots(t.users)).onConflictDoNothing().returning({ id: t.users.id });

const readByEmail: Template<UserRow[]> = (db, t) =>
  db
    .select()
    .from(t.users)
    .where(eq(t.users.email, slot("email")));

const insertSession: Template = (db, t) => db.insert(t.sessions).values(rowSlots(t.sessions));

const readSession: Template<{ user: UserRow; session: SessionRow }[]> = (db, t) =>
  db
    .select({ user: t.users, session: t.sessions })
    .from(t.sessions)
    .innerJoin(t.users, eq(t.users.id, t.sessions.userId))
    .where(and(eq(t.sessions.idHash, slot("idHash")), gt(t.sessions.expiresAt, slot("at"))));

const moveEnd: Template = (db, t) =>
  db
    .update(t.sessions)
    .set(setSlots(t.sessions, ["expiresAt"]))
    .where(eq(t.sessions.idHash, slot("idHash")));

const deleteSession: Template = (db, t) =>
  db.delete(t.sessions).where(eq(t.sessions.idHash, slot("idHash")));

const deleteExpired: Template = (db, t) =>
  db.delete(t.sessions).where(lte(t.sessions.expiresAt, slot("at")));

export function createPeopleStore(engine: Engine): PeopleStore {
  return {
    async countUsers() {
      return (await engine.read(countUsers, {}))[0]?.users ?? 0;
    },
    async addUser(user) {
      const added = await engine.commit([must("unique", run(insertUser, { ...user }))]);
      return added.ok ? "added" : "taken";
    },
    async userByEmail(email) {
      const [row] = await engine.read(readByEmail, { email });
      return row === undefined ? null : userOf(row);
    },
    async openSession(session) {
      await engine.commit([run(insertSession, session)]);
    },
    async sessionByHash(idHash, at) {
      const [row] = await engine.read(readSession, { idHash, at });
      if (row === undefined) return null;
      const { userId, createdAt, expiresAt } = row.session;
      return { user: userOf(row.user), session: { id: idHash, userId, createdAt, expiresAt } };
    },
    async extendSession(idHash, expiresAt) {
      await engine.commit([run(moveEnd, { idHash, expiresAt })]);
    },
    async endSession(idHash) {
      await engine.commit([run(deleteSession, { idHash })]);
    },
    async dropExpiredSessions(at) {
      await engine.commit([run(deleteExpired, { at })]);
    },
  };
}

/** A role that nobody here gives is read as the least of them. */
function userOf({ createdAt: _, ...user }: UserRow): User {
  const role = USER_ROLES.find((known) => known === user.role) ?? "viewer";
  return { ...user, role };
}
