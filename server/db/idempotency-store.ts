/** Answers kept by Idempotency-Key, sealed because they hold checkout tokens (contract §4). */
import { and, eq, isNull, lt } from "drizzle-orm";
import type { PaymentId } from "../core/payment.ts";
import type { IdempotencyClaim, IdempotencyState, IdempotencyStore, Seal } from "../ports.ts";
import { type Engine, must, type Params, run, type Statement, type Template } from "./engine.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";
import type { Tables } from "./tables.ts";

type Row = Tables["idempotency"]["$inferSelect"];

/** A claim and its release may cross; two readings settle every order of them. */
const CLAIMS_MAX = 3;

function ofKey(t: Tables) {
  return and(
    eq(t.idempotency.merchantId, slot("merchantId")),
    eq(t.idempotency.environment, slot("environment")),
    eq(t.idempotency.key, slot("key")),
  );
}

const insertClaim: Template = (db, t) =>
  db
    .insert(t.idempotency)
    .values(rowSlots(t.idempotency))
    .onConflictDoNothing()
    .returning({ key: t.idempotency.key });

const readClaim: Template<Row[]> = (db, t) => db.select().from(t.idempotency).where(ofKey(t));

const linkClaim: Template = (db, t) =>
  db
    .update(t.idempotency)
    .set(setSlots(t.idempotency, ["paymentId"]))
    .where(ofKey(t));

const finishClaim: Template = (db, t) =>
  db
    .update(t.idempotency)
    .set(setSlots(t.idempotency, ["status", "answerSealed"]))
    .where(and(ofKey(t), isNull(t.idempotency.status)));

/** Only the claim that was read: another caller may have taken the key anew meanwhile. */
const releaseClaim: Template = (db, t) =>
  db
    .delete(t.idempotency)
    .where(
      and(ofKey(t), isNull(t.idempotency.status), eq(t.idempotency.claimedAt, slot("claimedAt"))),
    );

const dropOld: Template = (db, t) =>
  db.delete(t.idempotency).where(lt(t.idempotency.claimedAt, slot("at")));

function keyOf({ merchantId, environment, key }: IdempotencyClaim): Params {
  return { merchantId, environment, key };
}

/** Notes the payment a call made; part of the commit that opens it. */
export function linkStatement(claim: IdempotencyClaim, paymentId: PaymentId): Statement {
  return run(linkClaim, { ...keyOf(claim), paymentId });
}

export function createIdempotencyStore(engine: Engine, seal: Seal): IdempotencyStore {
  async function claim(wanted: IdempotencyClaim, turn = 1): Promise<IdempotencyState> {
    const taken = await engine.commit([must("idempotency", run(insertClaim, freshRow(wanted)))]);
    if (taken.ok) return { kind: "fresh" };
    const [row] = await engine.read(readClaim, keyOf(wanted));
    if (row !== undefined) return stateOf(row, wanted, seal);
    if (turn >= CLAIMS_MAX)
      throw new Error("an idempotency key comes and goes too fast to be read");
    return claim(wanted, turn + 1);
  }

  async function write(statement: Statement): Promise<void> {
    await engine.commit([statement]);
  }

  return {
    claim: (wanted) => claim(wanted),
    link: (wanted, paymentId) => write(linkStatement(wanted, paymentId)),
    finish: (wanted, status, body) =>
      write(run(finishClaim, { ...keyOf(wanted), status, answerSealed: seal.seal(body) })),
    release: (wanted) => write(run(releaseClaim, { ...keyOf(wanted), claimedAt: wanted.at })),
    dropOlderThan: (at) => write(run(dropOld, { at })),
  };
}

function freshRow(claim: IdempotencyClaim): Params {
  return {
    ...keyOf(claim),
    bodyHash: claim.bodyHash,
    claimedAt: claim.at,
    paymentId: null,
    status: null,
    answerSealed: null,
  };
}

function stateOf(row: Row, wanted: IdempotencyClaim, seal: Seal): IdempotencyState {
  if (row.bodyHash !== wanted.bodyHash) return { kind: "other_body" };
  if (row.status !== null && row.answerSealed !== null) {
    return { kind: "done", status: row.status, body: seal.open(row.answerSealed) };
  }
  return { kind: "running", since: row.claimedAt, paymentId: row.paymentId };
}
