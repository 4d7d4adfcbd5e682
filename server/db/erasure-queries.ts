/** What an erasure reads and writes, room by room. */
import { and, asc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { ENVIRONMENTS } from "../../shared/words.ts";
import type { AttemptId } from "../core/payment.ts";
import type { Template } from "./engine.ts";
import { setSlots, slot } from "./slots.ts";
import { OPEN_TO_MONEY } from "./states.ts";
import type { Tables } from "./tables.ts";

/** Rows that are read for one transaction; few of them are written. */
export const PAYMENTS_READ = 1_000;
export const NOTES_READ = 500;
/** A callback may have 256 KiB. */
export const ORPHANS_READ = 50;
/** Each with its callbacks, of which there are seldom more than two. */
export const ATTEMPTS_READ = 20;

export type PaymentRow = Tables["payments"]["$inferSelect"];
export type AttemptRow = Tables["attempts"]["$inferSelect"];
export type NoteRow = Tables["notes"]["$inferSelect"];
export type Body = Pick<Tables["inbox"]["$inferSelect"], "id" | "bodySealed">;

export type CallRow = Pick<
  Tables["darajaCalls"]["$inferSelect"],
  "id" | "sentSealed" | "answerSealed"
>;

type IdTable = SQLiteTable & { readonly id: SQLiteColumn };
const after = (table: IdTable) => gt(table.id, slot("after"));
/** The environments are named so that the index of phones leads. */
const onPhone = ({ attempts }: Tables) =>
  and(inArray(attempts.environment, [...ENVIRONMENTS]), eq(attempts.phoneHash, slot("hash")));

export const readPayments: Template<PaymentRow[]> = (db, t) =>
  db.select().from(t.payments).where(after(t.payments)).orderBy(t.payments.id).limit(PAYMENTS_READ);

export const writePayment: Template = (db, t) =>
  db
    .update(t.payments)
    .set(
      setSlots(t.payments, [
        "phoneEnc",
        "phoneTail",
        "description",
        "metadata",
        "successUrl",
        "cancelUrl",
      ]),
    )
    .where(eq(t.payments.id, slot("id")));

export const readNotes: Template<NoteRow[]> = (db, t) =>
  db.select().from(t.notes).where(after(t.notes)).orderBy(asc(t.notes.id)).limit(NOTES_READ);

export const writeNote: Template = (db, t) =>
  db
    .update(t.notes)
    .set(setSlots(t.notes, ["textSealed"]))
    .where(eq(t.notes.id, slot("id")));

/** Nothing ever applied them, so that the index of the unapplied finds them. */
export const readOrphans: Template<Body[]> = (db, t) =>
  db
    .select({ id: t.inbox.id, bodySealed: t.inbox.bodySealed })
    .from(t.inbox)
    .leftJoin(t.attempts, eq(t.attempts.id, t.inbox.attemptId))
    .where(and(isNull(t.inbox.appliedAt), isNull(t.attempts.id), after(t.inbox)))
    .orderBy(asc(t.inbox.id))
    .limit(ORPHANS_READ);

/** The digest stays: a repeat of the same bytes is known as before (I10). */
export const writeBody: Template = (db, t) =>
  db
    .update(t.inbox)
    .set(setSlots(t.inbox, ["bodySealed"]))
    .where(eq(t.inbox.id, slot("id")));

export const readAttempts: Template<AttemptRow[]> = (db, t) =>
  db
    .select()
    .from(t.attempts)
    .where(and(onPhone(t), after(t.attempts)))
    .orderBy(asc(t.attempts.id))
    .limit(ATTEMPTS_READ);

export const readBodies: Template<Body[]> = (db, t) =>
  db
    .select({ id: t.inbox.id, bodySealed: t.inbox.bodySealed })
    .from(t.inbox)
    .where(eq(t.inbox.attemptId, slot("attemptId")));

export const readCalls: Template<CallRow[]> = (db, t) =>
  db
    .select({
      id: t.darajaCalls.id,
      sentSealed: t.darajaCalls.sentSealed,
      answerSealed: t.darajaCalls.answerSealed,
    })
    .from(t.darajaCalls)
    .where(eq(t.darajaCalls.attemptId, slot("attemptId")));

export const writeSent: Template = (db, t) =>
  db
    .update(t.darajaCalls)
    .set(setSlots(t.darajaCalls, ["sentSealed"]))
    .where(eq(t.darajaCalls.id, slot("id")));

export const writeAnswer: Template = (db, t) =>
  db
    .update(t.darajaCalls)
    .set(setSlots(t.darajaCalls, ["answerSealed"]))
    .where(eq(t.darajaCalls.id, slot("id")));

/** Misses where money may move again since the row was read. */
export const writeAttempt: Template = (db, t) =>
  db
    .update(t.attempts)
    .set(
      setSlots(t.attempts, [
        "phoneEnc",
        "phoneHash",
        "phoneTail",
        "phoneTailReversed",
        "merchantRequestId",
        "checkoutRequestEnc",
      ]),
    )
    .where(and(eq(t.attempts.id, slot("id")), sql`state not in ${OPEN_TO_MONEY}`))
    .returning({ id: t.attempts.id });

export const openAttempts: Template<{ id: AttemptId }[]> = (db, t) =>
  db
    .select({ id: t.attempts.id })
    .from(t.attempts)
    .where(and(onPhone(t), sql`${t.attempts.state} in ${OPEN_TO_MONEY}`));

export const waitingAttempts: Template<{ id: AttemptId }[]> = (db, t) =>
  db
    .select({ id: t.attempts.id })
    .from(t.attempts)
    .innerJoin(t.inbox, eq(t.inbox.attemptId, t.attempts.id))
    .where(and(onPhone(t), isNull(t.inbox.appliedAt)));
