/** Second factors: each use is one guarded write, so that a code that works twice at once works once. */
import { and, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { UserId } from "../core/payment.ts";
import type { FactorStore } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Engine, must, run, type Statement, type Template } from "./engine.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";
import type { Tables } from "./tables.ts";

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

/** These codes and no others. */
function codesAnew(userId: UserId, hashes: readonly string[]): Statement[] {
  return [
    run(deleteCodes, { userId }),
    ...hashes.map((hash) => run(insertCode, { hash, userId, usedAt: null })),
  ];
}

export function createFactorStore(engine: Engine, chain: AuditChain): FactorStore {
  return {
    async of(userId) {
      const [row] = await engine.read(readFactor, { id: userId });
      if (row === undefined) return null;
      const [counted] = await engine.read(countCodes, { userId });
      const { secretSealed, confirmedAt } = row;
      return { secretSealed, confirmedAt, codesLeft: counted?.codes ?? 0 };
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
        run(deleteCodes, { userId }),
        must("unique", run(deleteFactor, { userId })),
      ];
      return (await chain.commit(statements, audit)).ok;
    },
  };
}
