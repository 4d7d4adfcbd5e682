/**
 * Numbers that go by age. As in an erasure by number, the trace of the money stays: states, amounts,
 * receipts, times, evidence. A payment is one transaction with a mark of its own, so that whatever a
 * crash leaves is found again, and a number lives on in the customer's younger payments.
 */
import { and, asc, eq, gt, gte, isNull, lt, notExists, type SQL, sql } from "drizzle-orm";
import { type Phone, parsePhone } from "../../shared/phone.ts";
import type { RetentionDays } from "../../shared/retention-words.ts";
import { ERASED_TAIL } from "../core/blanked.ts";
import type { Instant, PaymentId } from "../core/payment.ts";
import type { AgedOut, AgeingMark, AgeingStore, Seal } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import type { Db } from "./engine.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import {
  type AttemptRow,
  type Body,
  type NoteRow,
  ORPHANS_READ,
  type PaymentRow,
  readBodies,
  readCalls,
  writeAttempt,
  writePayment,
} from "./erasure-queries.ts";
import {
  attemptWithout,
  bodyWithout,
  bodyWithoutAny,
  callWithout,
  changed,
  noteWithout,
  paymentWithout,
} from "./erasure-rows.ts";
import { storyWithout } from "./erasure-story.ts";
import { setSlots, slot } from "./slots.ts";
import { FINISHED, NOT_AGED_OUT, OPEN_TO_MONEY } from "./states.ts";
import type { Tables } from "./tables.ts";
import type { OpenOrTell } from "./unopened.ts";

const readRetention: Template<{ version: number; days: number | null }[]> = (db, t) =>
  db
    .select({ version: t.merchants.retentionVersion, days: t.merchants.retentionDays })
    .from(t.merchants)
    .where(eq(t.merchants.id, slot("id")));

/** The version that was read guards the write. */
const replaceRetention: Template = (db, t) =>
  db
    .update(t.merchants)
    .set({
      ...setSlots(t.merchants, ["retentionDays"]),
      retentionVersion: sql`${t.merchants.retentionVersion} + 1`,
    })
    .where(and(eq(t.merchants.id, slot("id")), eq(t.merchants.retentionVersion, slot("was"))))
    .returning({ id: t.merchants.id });

/** No attempt through which money may move, and no callback that waits to be applied. */
const settled = (db: Db, t: Tables): SQL | undefined =>
  and(
    FINISHED,
    notExists(
      db
        .select({ id: t.attempts.id })
        .from(t.attempts)
        .leftJoin(t.inbox, and(eq(t.inbox.attemptId, t.attempts.id), isNull(t.inbox.appliedAt)))
        .where(
          and(
            eq(t.attempts.paymentId, t.payments.id),
            sql`(${t.attempts.state} in ${OPEN_TO_MONEY} or ${t.inbox.id} is not null)`,
          ),
        ),
    ),
  );

const holdsNumber = (t: Tables): SQL =>
  sql`(${t.payments.phoneEnc} is not null or exists (select 1 from ${t.attempts} where ${t.attempts.paymentId} = ${t.payments.id} and ${t.attempts.phoneTail} <> ${ERASED_TAIL}))`;

const duePayments =
  (which: "all" | "holding"): Template<AgeingMark[]> =>
  (db, t) =>
    db
      .select({ id: t.payments.id, createdAt: t.payments.createdAt })
      .from(t.payments)
      .where(
        and(
          eq(t.payments.merchantId, slot("merchantId")),
          eq(t.payments.environment, slot("environment")),
          NOT_AGED_OUT,
          lt(t.payments.createdAt, slot("before")),
          lt(t.payments.updatedAt, slot("before")),
          sql`(${t.payments.createdAt}, ${t.payments.id}) > (${slot("createdAt")}, ${slot("after")})`,
          settled(db, t),
          which === "holding" ? holdsNumber(t) : undefined,
        ),
      )
      .orderBy(asc(t.payments.createdAt), asc(t.payments.id))
      .limit(slot("limit"));
const dueAll = duePayments("all");
const dueHolding = duePayments("holding");

const readPayment: Template<PaymentRow[]> = (db, t) =>
  db
    .select()
    .from(t.payments)
    .where(eq(t.payments.id, slot("id")));

const readAttemptsOf: Template<AttemptRow[]> = (db, t) =>
  db
    .select()
    .from(t.attempts)
    .where(eq(t.attempts.paymentId, slot("id")));

const readNotesOf: Template<NoteRow[]> = (db, t) =>
  db
    .select()
    .from(t.notes)
    .where(eq(t.notes.paymentId, slot("id")));

const readOldOrphans: Template<Body[]> = (db, t) =>
  db
    .select({ id: t.inbox.id, bodySealed: t.inbox.bodySealed })
    .from(t.inbox)
    .leftJoin(t.attempts, eq(t.attempts.id, t.inbox.attemptId))
    .where(
      and(
        isNull(t.inbox.appliedAt),
        isNull(t.attempts.id),
        eq(t.inbox.environment, slot("environment")),
        gte(t.inbox.receivedAt, slot("since")),
        lt(t.inbox.receivedAt, slot("before")),
        gt(t.inbox.id, slot("after")),
      ),
    )
    .orderBy(asc(t.inbox.id))
    .limit(ORPHANS_READ);

/** The version that was read guards the write: whatever moved since decides anew. */
const markAgedOut: Template = (db, t) =>
  db
    .update(t.payments)
    .set(setSlots(t.payments, ["agedOutAt"]))
    .where(
      and(
        eq(t.payments.id, slot("id")),
        eq(t.payments.version, slot("version")),
        NOT_AGED_OUT,
        settled(db, t),
      ),
    )
    .returning({ id: t.payments.id });

export function createAgeingStore(
  engine: Engine,
  seal: Seal,
  chain: AuditChain,
  openOrTell: OpenOrTell,
): AgeingStore {
  return {
    async retentionOf(id) {
      const [row] = await engine.read(readRetention, { id });
      return { version: row?.version ?? 1, days: (row?.days ?? null) as RetentionDays | null };
    },
    async setRetention(id, retentionDays, was, audit) {
      const step = must("version", run(replaceRetention, { id, retentionDays, was }));
      return (await chain.commit([step], audit)).ok;
    },
    async due(scope, which, before, from, limit) {
      const after = { createdAt: from?.createdAt ?? -1, after: from?.id ?? "" };
      const rows = await engine.read(which === "all" ? dueAll : dueHolding, {
        ...scope,
        before,
        ...after,
        limit,
      });
      const next = rows.length < limit ? null : (rows.at(-1) ?? null);
      return { ids: rows.map(({ id }) => id), next };
    },
    ageOut: (id, at) => ageOut(engine, seal, openOrTell, id, at),
    async ageOutOrphans(environment, span, after) {
      const rows = await engine.read(readOldOrphans, { environment, ...span, after });
      const written = rows.flatMap(
        (row) =>
          openOrTell({ kind: "callback", rowId: row.id }, () => bodyWithoutAny(row, seal)) ?? [],
      );
      if (written.length > 0) await engine.commit(written);
      const next = rows.length < ORPHANS_READ ? null : (rows.at(-1)?.id ?? null);
      return { blanked: written.length, next };
    },
  };
}

/** A payment of which anything does not open stays whole: what it is not known to hold may be a number. */
async function ageOut(
  engine: Engine,
  seal: Seal,
  openOrTell: OpenOrTell,
  id: PaymentId,
  at: Instant,
): Promise<AgedOut> {
  const [payment] = await engine.read(readPayment, { id });
  if (payment === undefined) return { kind: "left" };
  const [attempts, notes] = await Promise.all([
    engine.read(readAttemptsOf, { id }),
    engine.read(readNotesOf, { id }),
  ]);
  const bodies = await Promise.all(
    attempts.map((attempt) => engine.read(readBodies, { attemptId: attempt.id })),
  );
  const calls = await Promise.all(
    attempts.map((attempt) => engine.read(readCalls, { attemptId: attempt.id })),
  );
  const row = { kind: "payment", paymentId: id };
  const phones = openOrTell(row, () => phonesOf(payment, attempts, seal));
  if (phones === null) return { kind: "unopened" };
  const scene = { seal, phones, open: seal.open };
  const known = attempts.filter(({ phoneTail }) => phoneTail !== ERASED_TAIL);
  const story = await storyWithout(engine, attempts, scene);
  const callbacks = openOrTell(row, () =>
    bodies.flat().flatMap((body) => bodyWithout(body, scene)),
  );
  const rest = openOrTell(row, () => [
    ...changed(writePayment, payment, paymentWithout(payment, scene)),
    ...notes.flatMap((note) => noteWithout(note, scene)),
    ...known.map((each) => must("version", run(writeAttempt, attemptWithout(each, scene)))),
    ...calls.flat().flatMap((call) => callWithout(call, scene)),
  ]);
  if (callbacks === null || rest === null) return { kind: "unopened" };
  const mark = must("version", run(markAgedOut, { id, version: payment.version, agedOutAt: at }));
  const done = await engine.commit([mark, ...rest, ...callbacks, ...story]);
  if (!done.ok) return { kind: "left" };
  return { kind: "blanked", attempts: known.length, callbacks: callbacks.length };
}

/** Every number the payment knows; a stone in the place of an erased one is none. */
function phonesOf(
  payment: PaymentRow,
  attempts: readonly AttemptRow[],
  seal: Seal,
): readonly Phone[] {
  const sealed = [payment.phoneEnc, ...attempts.map(({ phoneEnc }) => phoneEnc)];
  const phones = sealed
    .filter((text) => text !== null)
    .map((text) => parsePhone(seal.open(text)))
    .filter((phone) => phone !== null);
  return [...new Set(phones)];
}
