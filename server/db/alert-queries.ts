/** What the alerts' store asks and writes. */
import {
  and,
  asc,
  desc,
  eq,
  gt,
  isNull,
  lt,
  lte,
  notExists,
  or,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import type { UserId } from "../core/payment.ts";
import type { AlertMail, AlertReader, StoredMatter } from "../ports.ts";
import type { Template } from "./engine.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";
import { MAIL_OPEN } from "./states.ts";
import type { Tables } from "./tables.ts";

type ChoiceRow = Tables["alertChoices"]["$inferSelect"];
type MailRow = Tables["alertMails"]["$inferSelect"];
type Found = { readonly id: string };

export const readChoice: Template<ChoiceRow[]> = (db, t) =>
  db
    .select()
    .from(t.alertChoices)
    .where(eq(t.alertChoices.id, slot("userId")));

/** Finds nobody where the person was removed. */
export const living: Template<Found[]> = (db, t) =>
  db
    .select({ id: t.users.id })
    .from(t.users)
    .where(and(eq(t.users.id, slot("userId")), isNull(t.users.removedAt)));

export const putChoice: Template = (db, t) =>
  db
    .insert(t.alertChoices)
    .values(rowSlots(t.alertChoices))
    .onConflictDoUpdate({
      target: t.alertChoices.id,
      set: setSlots(t.alertChoices, ["kinds", "locale"]),
    });

export const noteWorked: Template = (db, t) =>
  db
    .update(t.alertChoices)
    .set(setSlots(t.alertChoices, ["workedAt"]))
    .where(eq(t.alertChoices.id, slot("userId")));

export const readReaders: Template<AlertReader[]> = (db, t) =>
  db
    .select({
      userId: t.users.id,
      email: t.users.email,
      kinds: t.alertChoices.kinds,
      locale: t.alertChoices.locale,
    })
    .from(t.alertChoices)
    .innerJoin(t.users, eq(t.users.id, t.alertChoices.id))
    .where(and(isNull(t.users.removedAt), sql`${t.alertChoices.kinds} <> '[]'`))
    .orderBy(asc(t.users.id));

export const insertMatter: Template = (db, t) =>
  db.insert(t.alertMatters).values(rowSlots(t.alertMatters)).onConflictDoNothing();

/** Raised, not mailed, and of a kind that is not wanted any more. */
export const forgetMatters: Template = (db, t) =>
  db
    .delete(t.alertMatters)
    .where(
      and(
        eq(t.alertMatters.userId, slot("userId")),
        eq(t.alertMatters.kind, slot("kind")),
        isNull(t.alertMatters.mailId),
      ),
    );

export const peopleWaiting: Template<{ userId: UserId }[]> = (db, t) =>
  db
    .selectDistinct({ userId: t.alertMatters.userId })
    .from(t.alertMatters)
    .where(isNull(t.alertMatters.mailId));

/** Nothing under way and nothing taken after `since`. */
export const mayMail: Template<Found[]> = (db, t) => {
  const mine = eq(t.alertMails.userId, slot("userId"));
  const busy = db
    .select({ id: t.alertMails.id })
    .from(t.alertMails)
    .where(and(mine, or(MAIL_OPEN, gt(t.alertMails.sentAt, slot("since")))));
  return db
    .select({ id: t.users.id })
    .from(t.users)
    .where(and(eq(t.users.id, slot("userId")), isNull(t.users.removedAt), notExists(busy)));
};

export const insertMail: Template = (db, t) =>
  db
    .insert(t.alertMails)
    .values(rowSlots(t.alertMails))
    .onConflictDoNothing()
    .returning({ id: t.alertMails.id });

export const tellByMail: Template = (db, t) =>
  db
    .update(t.alertMatters)
    .set(setSlots(t.alertMatters, ["mailId"]))
    .where(and(eq(t.alertMatters.userId, slot("userId")), isNull(t.alertMatters.mailId)))
    .returning({ id: t.alertMatters.key });

export const dueMails: Template<Omit<AlertMail, "matters">[]> = (db, t) =>
  db
    .select({
      id: t.alertMails.id,
      userId: t.alertMails.userId,
      email: t.users.email,
      locale: t.alertChoices.locale,
      createdAt: t.alertMails.createdAt,
      tries: t.alertMails.tries,
    })
    .from(t.alertMails)
    .innerJoin(t.users, eq(t.users.id, t.alertMails.userId))
    .innerJoin(t.alertChoices, eq(t.alertChoices.id, t.alertMails.userId))
    .where(and(MAIL_OPEN, lte(t.alertMails.nextTryAt, slot("at"))))
    .orderBy(asc(t.alertMails.nextTryAt))
    .limit(slot("limit"));

export const mattersOfMail: Template<StoredMatter[]> = (db, t) =>
  db
    .select({
      kind: t.alertMatters.kind,
      merchantId: t.alertMatters.merchantId,
      paymentId: t.alertMatters.paymentId,
      fault: t.alertMatters.fault,
    })
    .from(t.alertMatters)
    .where(eq(t.alertMatters.mailId, slot("mailId")))
    .orderBy(asc(t.alertMatters.raisedAt), asc(t.alertMatters.key));

/** The number of tries that was read guards the claim. */
export const claimMail: Template = (db, t) =>
  db
    .update(t.alertMails)
    .set({ ...setSlots(t.alertMails, ["nextTryAt"]), tries: sql`${t.alertMails.tries} + 1` })
    .where(and(eq(t.alertMails.id, slot("id")), eq(t.alertMails.tries, slot("tries")), MAIL_OPEN))
    .returning({ id: t.alertMails.id });

const update = (columns: readonly ("sentAt" | "givenUpAt" | "fault" | "said")[]): Template => {
  return (db, t) =>
    db
      .update(t.alertMails)
      .set(setSlots(t.alertMails, columns))
      .where(and(eq(t.alertMails.id, slot("id")), MAIL_OPEN));
};
export const markTaken = update(["sentAt", "fault", "said"]);
export const markFailed = update(["givenUpAt", "fault", "said"]);

/** The newest that failed and waits, or that was given up. */
export const openFailure: Template<MailRow[]> = (db, t) =>
  db
    .select()
    .from(t.alertMails)
    .where(and(eq(t.alertMails.userId, slot("userId")), MAIL_OPEN))
    .limit(1);

export const lastGivenUp: Template<(MailRow & { matters: number })[]> = (db, t) => {
  const { alertMails: m, alertMatters: told } = t;
  const matters = db.select({ n: sql`count(*)` }).from(told).where(eq(told.mailId, m.id));
  return db
    .select({
      id: m.id,
      userId: m.userId,
      createdAt: m.createdAt,
      tries: m.tries,
      nextTryAt: m.nextTryAt,
      sentAt: m.sentAt,
      givenUpAt: m.givenUpAt,
      fault: m.fault,
      said: m.said,
      matters: sql<number>`${matters}`.mapWith(Number),
    })
    .from(m)
    .where(and(eq(m.userId, slot("userId")), gt(m.givenUpAt, slot("after"))))
    .orderBy(desc(m.createdAt))
    .limit(1);
};

const settledPayment = (t: Tables, matter: SQLWrapper) =>
  sql`${matter} is null or exists (select 1 from ${t.payments} where ${t.payments.id} = ${matter} and ${t.payments.status} not in ('in_doubt', 'review'))`;

/** A payment that still waits is not told of anew, however old the mail is. */
export const dropMatters: Template = (db, t) =>
  db
    .delete(t.alertMatters)
    .where(
      and(
        lt(t.alertMatters.raisedAt, slot("before")),
        sql`(${settledPayment(t, sql`${t.alertMatters.paymentId}`)})`,
      ),
    );

export const dropMails: Template = (db, t) =>
  db
    .delete(t.alertMails)
    .where(and(lt(t.alertMails.createdAt, slot("before")), sql`not (${MAIL_OPEN})`));

/** Part of a person's removal. */
export const REMOVALS: readonly Template[] = [
  (db, t) => db.delete(t.alertMatters).where(eq(t.alertMatters.userId, slot("userId"))),
  (db, t) => db.delete(t.alertMails).where(eq(t.alertMails.userId, slot("userId"))),
  (db, t) => db.delete(t.alertChoices).where(eq(t.alertChoices.id, slot("userId"))),
];
