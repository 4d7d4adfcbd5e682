/** Second factors: each use is one guarded write, so that a code that works twice at once works once. */
import { and, eq, isNotNull, isNull, lt, notExists, sql } from "drizzle-orm";
import type { FactorKind } from "../../shared/passkey-rules.ts";
import type { UserId } from "../core/payment.ts";
import type { FactorStore } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Engine, must, run, type Statement, type Template } from "./engine.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";
import type { Tables } from "./tables.ts";
import { holdPerson } from "./view-store.ts";

type Row = Tables["secondFactors"]["$inferSelect"];

const readFactor: Template<Row[]> = (db, t) =>
  db
    .select()
    .from(t.secondFactors)
    .where(eq(t.secondFactors.id, slot("id")));

/** Begun anew as often as one likes, until it is confirmed. */
const beginFactor: Template = (db, t) =>
  db
    .insert(t.secondFactors)
    .values(rowSlots(t.secondFactors))
    .onConflictDoUpdate({
      target: t.secondFactors.id,
      set: setSlots(t.secondFactors, ["secretSealed", "createdAt"]),
      setWhere: isNull(t.secondFactors.confirmedAt),
    })
    .returning({ id: t.secondFactors.id });

const confirmFactor: Template = (db, t) =>
  db
    .update(t.secondFactors)
    .set(setSlots(t.secondFactors, ["confirmedAt", "lastStep"]))
    .where(
      and(
        eq(t.secondFactors.id, slot("id")),
        eq(t.secondFactors.secretSealed, slot("secretSealed")),
        isNull(t.secondFactors.confirmedAt),
      ),
    )
    .returning({ id: t.secondFactors.id });

const spendStep: Template = (db, t) =>
  db
    .update(t.secondFactors)
    .set(setSlots(t.secondFactors, ["lastStep"]))
    .where(
      and(
        eq(t.secondFactors.id, slot("id")),
        isNotNull(t.secondFactors.confirmedAt),
        lt(t.secondFactors.lastStep, slot("lastStep")),
      ),
    )
    .returning({ id: t.secondFactors.id });

const deleteFactor: Template = (db, t) =>
  db
    .delete(t.secondFactors)
    .where(eq(t.secondFactors.id, slot("userId")))
    .returning({ id: t.secondFactors.id });

const countCodes: Template<{ codes: number }[]> = (db, t) =>
  db
    .select({ codes: sql<number>`count(*)`.mapWith(Number) })
    .from(t.recoveryCodes)
    .where(and(eq(t.recoveryCodes.userId, slot("userId")), isNull(t.recoveryCodes.usedAt)));

/** In the order of their names, each once. */
const kindsInForce: Template<{ kind: FactorKind }[]> = (db, t) =>
  db
    .select({ kind: sql<FactorKind>`'app'` })
    .from(t.secondFactors)
    .where(and(eq(t.secondFactors.id, slot("userId")), isNotNull(t.secondFactors.confirmedAt)))
    .union(
      db
        .select({ kind: sql<FactorKind>`'passkey'` })
        .from(t.passkeys)
        .where(eq(t.passkeys.userId, slot("userId"))),
    )
    .orderBy(sql`1`);

const insertCode: Template = (db, t) =>
  db.insert(t.recoveryCodes).values(rowSlots(t.recoveryCodes));

const spendCode: Template = (db, t) =>
  db
    .update(t.recoveryCodes)
    .set(setSlots(t.recoveryCodes, ["usedAt"]))
    .where(
      and(
        eq(t.recoveryCodes.hash, slot("hash")),
        eq(t.recoveryCodes.userId, slot("userId")),
        isNull(t.recoveryCodes.usedAt),
      ),
    )
    .returning({ hash: t.recoveryCodes.hash });

const deleteCodes: Template = (db, t) =>
  db.delete(t.recoveryCodes).where(eq(t.recoveryCodes.userId, slot("userId")));

/** Recovery codes stand in for a factor: with the last of them they go. Runs after its removal. */
export const deleteCodesOfNothing: Template = (db, t) => {
  const app = db
    .select({ one: sql`1` })
    .from(t.secondFactors)
    .where(and(eq(t.secondFactors.id, slot("userId")), isNotNull(t.secondFactors.confirmedAt)));
  const passkey = db
    .select({ one: sql`1` })
    .from(t.passkeys)
    .where(eq(t.passkeys.userId, slot("userId")));
  return db
    .delete(t.recoveryCodes)
    .where(and(eq(t.recoveryCodes.userId, slot("userId")), notExists(app), notExists(passkey)));
};

/** These codes and no others. */
export function codesAnew(userId: UserId, hashes: readonly string[]): Statement[] {
  return [
    run(deleteCodes, { userId }),
    ...hashes.map((hash) => run(insertCode, { hash, userId, usedAt: null })),
  ];
}

export function createFactorStore(engine: Engine, chain: AuditChain): FactorStore {
  return {
    async kinds(userId) {
      return (await engine.read(kindsInForce, { userId })).map(({ kind }) => kind);
    },
    async of(userId) {
      const [row] = await engine.read(readFactor, { id: userId });
      if (row === undefined) return null;
      const { secretSealed, confirmedAt } = row;
      return { secretSealed, confirmedAt };
    },
    async codesLeft(userId) {
      return (await engine.read(countCodes, { userId }))[0]?.codes ?? 0;
    },
    async begin(id, secretSealed, createdAt) {
      const row = { id, secretSealed, createdAt, confirmedAt: null, lastStep: 0 };
      return (await engine.commit([must("unique", run(beginFactor, row))])).ok;
    },
    async confirm({ userId, secretSealed, step, codeHashes, at }, audit) {
      const params = { id: userId, secretSealed, confirmedAt: at, lastStep: step };
      const statements = [
        must("unique", run(confirmFactor, params)),
        ...codesAnew(userId, codeHashes),
      ];
      return (await chain.commit(statements, audit)).ok;
    },
    async spendStep(id, step) {
      return (await engine.commit([must("unique", run(spendStep, { id, lastStep: step }))])).ok;
    },
    async spendCode(userId, hash, at, audit) {
      const spent = must("unique", run(spendCode, { userId, hash, usedAt: at }));
      return (await chain.commit([spent], audit)).ok;
    },
    async renewCodes(userId, hashes, audit) {
      await chain.commit(codesAnew(userId, hashes), audit);
    },
    async remove(userId, audit) {
      const statements = [
        run(holdPerson, { userId }),
        must("unique", run(deleteFactor, { userId })),
        run(deleteCodesOfNothing, { userId }),
      ];
      return (await chain.commit(statements, audit)).ok;
    },
  };
}
