/** Who is signed in to the dashboard, and since when. */
import { and, desc, eq, gt, inArray, isNull, lte, ne } from "drizzle-orm";
import type { PeopleStore, Session } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Engine, run, type Template } from "./engine.ts";
import { type UserRow, userOf } from "./people-rows.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";
import type { Tables } from "./tables.ts";

type SessionRow = Tables["sessions"]["$inferSelect"];

const insertSession: Template = (db, t) => db.insert(t.sessions).values(rowSlots(t.sessions));

const readSession: Template<{ user: UserRow; session: SessionRow }[]> = (db, t) =>
  db
    .select({ user: t.users, session: t.sessions })
    .from(t.sessions)
    .innerJoin(t.users, and(eq(t.users.id, t.sessions.userId), isNull(t.users.removedAt)))
    .where(and(eq(t.sessions.idHash, slot("idHash")), gt(t.sessions.expiresAt, slot("at"))));

const readSessionsOf: Template<SessionRow[]> = (db, t) =>
  db
    .select()
    .from(t.sessions)
    .where(and(eq(t.sessions.userId, slot("userId")), gt(t.sessions.expiresAt, slot("at"))))
    .orderBy(desc(t.sessions.usedAt), desc(t.sessions.createdAt), desc(t.sessions.idHash));

const moveEnd: Template = (db, t) =>
  db
    .update(t.sessions)
    .set(setSlots(t.sessions, ["expiresAt", "usedAt"]))
    .where(eq(t.sessions.idHash, slot("idHash")));

const noteSeen: Template = (db, t) =>
  db
    .update(t.users)
    .set(setSlots(t.users, ["lastSeenAt"]))
    .where(
      inArray(
        t.users.id,
        db
          .select({ id: t.sessions.userId })
          .from(t.sessions)
          .where(eq(t.sessions.idHash, slot("idHash"))),
      ),
    );

const proveSession: Template = (db, t) =>
  db
    .update(t.sessions)
    .set(setSlots(t.sessions, ["provedAt"]))
    .where(eq(t.sessions.idHash, slot("idHash")));

const deleteSession: Template = (db, t) =>
  db.delete(t.sessions).where(eq(t.sessions.idHash, slot("idHash")));

/** Every session of a person but the one named `but`; no session is named "". */
export const endEverySession: Template = (db, t) =>
  db
    .delete(t.sessions)
    .where(and(eq(t.sessions.userId, slot("userId")), ne(t.sessions.idHash, slot("but"))));

const deleteExpired: Template = (db, t) =>
  db.delete(t.sessions).where(lte(t.sessions.expiresAt, slot("at")));

type SessionStore = Pick<
  PeopleStore,
  | "openSession"
  | "sessionByHash"
  | "extendSession"
  | "proveSession"
  | "endSession"
  | "sessionsOf"
  | "endSessionsOf"
  | "dropExpiredSessions"
>;

export function createSessionStore(engine: Engine, chain: AuditChain): SessionStore {
  return {
    async openSession({ device = null, provedAt = null, ...session }, audit) {
      const { idHash, createdAt } = session;
      const statements = [
        run(insertSession, { ...session, usedAt: createdAt, provedAt, device }),
        run(noteSeen, { idHash, lastSeenAt: createdAt }),
      ];
      await chain.commit(statements, audit);
    },
    async sessionByHash(idHash, at) {
      const [row] = await engine.read(readSession, { idHash, at });
      return row === undefined ? null : { user: userOf(row.user), session: sessionOf(row.session) };
    },
    async extendSession(idHash, expiresAt, usedAt) {
      await engine.commit([
        run(moveEnd, { idHash, expiresAt, usedAt }),
        run(noteSeen, { idHash, lastSeenAt: usedAt }),
      ]);
    },
    async proveSession(idHash, at) {
      await engine.commit([run(proveSession, { idHash, provedAt: at })]);
    },
    async endSession(idHash, audit) {
      await chain.commit([run(deleteSession, { idHash })], audit);
    },
    async sessionsOf(userId, at) {
      return (await engine.read(readSessionsOf, { userId, at })).map(sessionOf);
    },
    async endSessionsOf(userId, but, audit) {
      await chain.commit([run(endEverySession, { userId, but: but ?? "" })], audit);
    },
    async dropExpiredSessions(at) {
      await engine.commit([run(deleteExpired, { at })]);
    },
  };
}

/** A session from before its use was noted counts as used when it began. */
function sessionOf({ idHash, usedAt, createdAt, ...row }: SessionRow): Session {
  return { ...row, id: idHash, createdAt, usedAt: usedAt ?? createdAt };
}
