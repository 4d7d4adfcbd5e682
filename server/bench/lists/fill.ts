/**
 * Writes a shop's payments into a database file of ours. Rows go in without their indexes, which
 * are built at the end; the counts come from the very query that keeps them, run over everything.
 */
import { sql } from "drizzle-orm";
import { cents } from "../../../shared/money.ts";
import type { Attempt, Payment } from "../../core/payment.ts";
import { type Engine, run, type Statement, type Template } from "../../db/engine.ts";
import { contributions } from "../../db/rollup.ts";
import { attemptParams, paymentParams, reversed } from "../../db/rows.ts";
import { rowSlots } from "../../db/slots.ts";
import type { Seal } from "../../ports.ts";
import { acceptedAtOf, type MadeAttempt, type MadePayment, MERCHANT, type Shop } from "./shop.ts";

const IN_ONE_COMMIT = 2_000;
const DAY_MS = 86_400_000;
const SCOPE = { merchantId: MERCHANT, environment: "simulator", shortcode: "174379" } as const;

const insertPayment: Template = (db, t) => db.insert(t.payments).values(rowSlots(t.payments));
const insertAttempt: Template = (db, t) => db.insert(t.attempts).values(rowSlots(t.attempts));
const countAll: Template = (db, t) =>
  db.insert(t.rollup).select(contributions(sql`where true`, ""));

/** @param engine over an empty file. @param told how many payments are in, now and then. */
export async function fill(
  engine: Engine,
  seal: Seal,
  shop: Shop,
  told: (done: number) => void,
): Promise<void> {
  const indexes = await dropIndexes(engine);
  await engine.db.run(sql`pragma synchronous = off`);
  await engine.db.run(sql`pragma foreign_keys = off`);
  const phoneEnc = seal.seal("254700000000");
  for (let from = 0; from < shop.size; from += IN_ONE_COMMIT) {
    const statements: Statement[] = [];
    for (let n = from; n < Math.min(shop.size, from + IN_ONE_COMMIT); n += 1) {
      statements.push(...rowsOf(shop.payment(n), seal, phoneEnc));
    }
    await engine.commit(statements);
    told(from);
  }
  for (const index of indexes) await engine.db.run(sql.raw(index));
  await engine.commit([run(countAll, {})]);
  await engine.db.run(sql`pragma wal_checkpoint(truncate)`);
  await engine.db.run(sql`pragma foreign_keys = on`);
  await engine.db.run(sql`pragma synchronous = full`);
}

/** Takes the indexes of the two tables away; gives the words that make them again. */
async function dropIndexes({ db }: Engine): Promise<readonly string[]> {
  const indexes: { name: string; made: string }[] = await db.all(
    sql`select name, sql as made from sqlite_master where type = 'index' and sql is not null and tbl_name in ('payments', 'attempts')`,
  );
  for (const { name } of indexes) await db.run(sql`drop index ${sql.identifier(name)}`);
  return indexes.map(({ made }) => made);
}

function rowsOf(made: MadePayment, seal: Seal, phoneEnc: string): readonly Statement[] {
  const tail = made.phone.slice(-4);
  const phoneHash = seal.hash("phone", `254${made.phone}`);
  const attempts = made.attempts.map((one) => attemptOf(made, one, phoneHash, tail));
  // One sealed number stands for all: nobody opens it here, and sealing millions takes minutes.
  const phone = { phoneEnc, phoneTailReversed: reversed(tail) };
  return [
    run(insertPayment, { ...paymentParams(paymentOf(made)), phoneEnc: null }),
    ...attempts.map((one) => run(insertAttempt, { ...attemptParams(one, seal), ...phone })),
  ];
}

function paymentOf(made: MadePayment): Payment {
  const paid = made.attempts.find(({ state }) => state === "confirmed");
  const closed = made.status === "expired" || made.status === "cancelled";
  return {
    ...SCOPE,
    id: made.id,
    amountCents: made.amountCents,
    amountSource: "server",
    orderReference: made.orderReference,
    accountReference: made.orderReference.slice(-12),
    description: null,
    metadata: {},
    successUrl: null,
    cancelUrl: null,
    phoneTail: null,
    page: made.page,
    status: made.status,
    closing: closed ? "expired" : null,
    flags: made.flags,
    receipt: paid?.receipt ?? null,
    paidAt: paid?.resolvedAt ?? null,
    retryAt: null,
    version: 3,
    createdAt: made.at,
    expiresAt: made.at + DAY_MS,
    updatedAt: made.attempts.at(-1)?.resolvedAt ?? made.at,
  };
}

function attemptOf(
  made: MadePayment,
  one: MadeAttempt,
  phoneHash: string,
  phoneTail: string,
): Attempt {
  const { amountCents, orderReference } = made;
  const paid = one.state === "confirmed";
  const open = one.state === "in_doubt";
  const acceptedAt = acceptedAtOf(one);
  return {
    ...SCOPE,
    ...one,
    paymentId: made.id,
    orderReference,
    amountCents,
    phoneHash,
    phoneTail,
    merchantRequestId: `29115-${one.id.slice(-8)}-1`,
    checkoutRequestId: null,
    resultDescription: null,
    laterResultCode: null,
    receivedCents: paid ? amountCents : null,
    provenReceipts: [],
    reversedCents: cents(0),
    flags: made.flags,
    sentAt: one.createdAt + 10,
    acceptedAt,
    inDoubtAt: open ? acceptedAt + DAY_MS : null,
    paidAt: paid ? one.resolvedAt : null,
    heldAt: null,
    successSeen: paid,
    looks: open ? 40 : 0,
    lastLookAt: null,
    nextLookAt: open ? one.createdAt + 2 * DAY_MS : null,
    wakeAt: open ? one.createdAt + 2 * DAY_MS : null,
    queryFailureCode: null,
    queryFailureAt: null,
    queryReachedAt: null,
    customerCode: null,
  };
}
