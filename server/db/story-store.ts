/** What stands beside a payment's rows and tells its story: notes, raw messages, evidence. */
import { asc, eq, getTableColumns } from "drizzle-orm";
import type { Evidence, PaymentId } from "../core/payment.ts";
import type { InboxRow, Note, Seal, StoredCall, StoryStore } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import { rowSlots, slot } from "./slots.ts";
import type { Tables } from "./tables.ts";

type NoteRow = Tables["notes"]["$inferSelect"];
type CallRow = Tables["darajaCalls"]["$inferSelect"];
type EvidenceRow = Tables["evidence"]["$inferSelect"];
type StoredCallback = InboxRow & { appliedAt: number | null };

/** Two callbacks of an attempt are usual, a few more were seen; nobody reads so many. */
const CALLBACKS_MAX = 200;
/** A prompt, and looks for up to 25 days (machine §9). */
const CALLS_MAX = 500;

const insertNote: Template = (db, t) =>
  db.insert(t.notes).values(rowSlots(t.notes)).onConflictDoNothing().returning({ id: t.notes.id });

const notesOfPayment: Template<NoteRow[]> = (db, t) =>
  db
    .select()
    .from(t.notes)
    .where(eq(t.notes.paymentId, slot("id")))
    .orderBy(asc(t.notes.id));

const callbacksOfPayment: Template<StoredCallback[]> = (db, t) =>
  db
    .select(getTableColumns(t.inbox))
    .from(t.attempts)
    .innerJoin(t.inbox, eq(t.inbox.attemptId, t.attempts.id))
    .where(eq(t.attempts.paymentId, slot("id")))
    .orderBy(asc(t.inbox.receivedAt), asc(t.inbox.id))
    .limit(CALLBACKS_MAX);

const insertCall: Template = (db, t) => db.insert(t.darajaCalls).values(rowSlots(t.darajaCalls));

const callsOfPayment: Template<CallRow[]> = (db, t) =>
  db
    .select(getTableColumns(t.darajaCalls))
    .from(t.attempts)
    .innerJoin(t.darajaCalls, eq(t.darajaCalls.attemptId, t.attempts.id))
    .where(eq(t.attempts.paymentId, slot("id")))
    .orderBy(asc(t.darajaCalls.at), asc(t.darajaCalls.id))
    .limit(CALLS_MAX);

const evidenceOfPayment: Template<EvidenceRow[]> = (db, t) =>
  db
    .select(getTableColumns(t.evidence))
    .from(t.attempts)
    .innerJoin(t.evidence, eq(t.evidence.attemptId, t.attempts.id))
    .where(eq(t.attempts.paymentId, slot("id")))
    .orderBy(asc(t.evidence.at), asc(t.evidence.attemptId), asc(t.evidence.seq));

/** @param seal opens and seals notes and raw bodies. */
export function createStoryStore(engine: Engine, seal: Seal, chain: AuditChain): StoryStore {
  return {
    async addNote({ text, ...note }, audit) {
      const row = { ...note, textSealed: seal.seal(text) };
      const added = await chain.commit([must("unique", run(insertNote, row))], audit);
      if (!added.ok) throw new Error("a note's id was there before");
    },
    async notes(id) {
      return (await engine.read(notesOfPayment, { id })).map((row) => noteOf(row, seal));
    },
    async callbacks(id) {
      const rows = await engine.read(callbacksOfPayment, { id });
      return rows.map((row) => ({ ...row, body: seal.open(row.bodySealed) }));
    },
    async evidence(id: PaymentId) {
      return (await engine.read(evidenceOfPayment, { id })).map(evidenceOf);
    },
    async calls(id) {
      return (await engine.read(callsOfPayment, { id })).map((row) => callOf(row, seal));
    },
    async keepCalls(environment, calls) {
      await engine.commit(
        calls.map(({ sent, answer, ...call }) =>
          run(insertCall, {
            ...call,
            environment,
            sentSealed: seal.seal(sent),
            answerSealed: answer === null ? null : seal.seal(answer),
          }),
        ),
      );
    },
  };
}

function noteOf({ textSealed, ...row }: NoteRow, seal: Seal): Note {
  return { ...row, text: seal.open(textSealed) };
}

function callOf(row: CallRow, seal: Seal): StoredCall {
  const { sentSealed, answerSealed, environment: _, ...call } = row;
  return {
    ...call,
    sent: seal.open(sentSealed),
    answer: answerSealed === null ? null : seal.open(answerSealed),
  };
}

function evidenceOf({ seq: _, environment: __, success, ...row }: EvidenceRow): Evidence {
  return { ...row, success: success === 1 };
}
