/** The tables that hold something sealed: how a rotation finds their rows and what it writes. */
import { and, asc, eq, gt, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { isBlanked } from "../core/blanked.ts";
import type { Seal } from "../ports.ts";
import type { Params, Template } from "./engine.ts";
import { setSlots, slot } from "./slots.ts";

/** A row as a rotation reads it: `one` and `two` are sealed texts, or null. */
export interface SealedRow {
  readonly id: string;
  readonly one: string | null;
  readonly two: string | null;
}

/** What a pass's read is asked with: rows after an id that do not begin with the prefix of now. */
export interface Page extends Params {
  readonly prefix: string;
  readonly length: number;
  readonly after: string;
  readonly limit: number;
}

export interface SealPass {
  /** Rows in one transaction: more where rows are small. */
  readonly batch: number;
  readonly read: Template<SealedRow[]>;
  readonly write: Template;
  /** The values for `write`. Throws when the row cannot be opened. */
  readonly renewed: (row: SealedRow, seal: Seal) => Params;
}

const SMALL_ROWS = 500;
/** A callback may have 256 KiB. */
const BODIES = 50;

/** Not null, and sealed under another key than that of now. */
function outdated(column: SQLiteColumn): SQL {
  return sql`substr(${column}, 1, ${slot("length")}) <> ${slot("prefix")}`;
}

type IdTable = SQLiteTable & { readonly id: SQLiteColumn };

function page(
  db: Parameters<Template>[0],
  table: IdTable,
  one: SQLiteColumn,
  two: SQLiteColumn | null,
) {
  return db
    .select({
      id: sql<string>`${table.id}`,
      one: sql<string | null>`${one}`,
      two: two === null ? sql<null>`null` : sql<string | null>`${two}`,
    })
    .from(table)
    .where(
      and(
        gt(table.id, slot("after")),
        two === null ? outdated(one) : or(outdated(one), outdated(two)),
      ),
    )
    .orderBy(asc(table.id))
    .limit(slot("limit"));
}

function anew(seal: Seal, sealed: string | null): string | null {
  return sealed === null ? null : seal.seal(seal.open(sealed));
}

/** A hash of what an erasure has blanked cannot be made anew: the stored one stays. */
function hashAnew(column: SQLiteColumn, name: string): SQL {
  return sql`coalesce(${slot(name)}, ${column})`;
}

function attemptParams({ id, one, two }: SealedRow, seal: Seal): Params {
  const phone = seal.open(one ?? "");
  const request = two === null ? null : seal.open(two);
  return {
    id,
    phoneEnc: seal.seal(phone),
    phoneHash: seal.hash("phone", phone),
    checkoutRequestEnc: request === null ? null : seal.seal(request),
    checkoutRequestHash:
      request === null || isBlanked(request) ? null : seal.hash("checkoutRequest", request),
  };
}

const attempts: SealPass = {
  batch: SMALL_ROWS,
  read: (db, t) => page(db, t.attempts, t.attempts.phoneEnc, t.attempts.checkoutRequestEnc),
  write: (db, t) =>
    db
      .update(t.attempts)
      .set({
        ...setSlots(t.attempts, ["phoneEnc", "phoneHash", "checkoutRequestEnc"]),
        checkoutRequestHash: hashAnew(t.attempts.checkoutRequestHash, "checkoutRequestHash"),
      })
      .where(eq(t.attempts.id, slot("id")))
      .returning({ id: t.attempts.id }),
  renewed: attemptParams,
};

const inbox: SealPass = {
  batch: BODIES,
  read: (db, t) => page(db, t.inbox, t.inbox.bodySealed, null),
  write: (db, t) =>
    db
      .update(t.inbox)
      .set({
        ...setSlots(t.inbox, ["bodySealed"]),
        digest: hashAnew(t.inbox.digest, "digest"),
      })
      .where(eq(t.inbox.id, slot("id")))
      .returning({ id: t.inbox.id }),
  renewed: ({ id, one }, seal) => {
    const body = seal.open(one ?? "");
    const digest = isBlanked(body) ? null : seal.hash("callbackBody", body);
    return { id, bodySealed: seal.seal(body), digest };
  },
};

const darajaCalls: SealPass = {
  batch: BODIES,
  read: (db, t) => page(db, t.darajaCalls, t.darajaCalls.sentSealed, t.darajaCalls.answerSealed),
  write: (db, t) =>
    db
      .update(t.darajaCalls)
      .set(setSlots(t.darajaCalls, ["sentSealed", "answerSealed"]))
      .where(eq(t.darajaCalls.id, slot("id")))
      .returning({ id: t.darajaCalls.id }),
  renewed: ({ id, one, two }, seal) => ({
    id,
    sentSealed: anew(seal, one),
    answerSealed: anew(seal, two),
  }),
};

const payments: SealPass = {
  batch: SMALL_ROWS,
  read: (db, t) => page(db, t.payments, t.payments.phoneEnc, null),
  write: (db, t) =>
    db
      .update(t.payments)
      .set(setSlots(t.payments, ["phoneEnc"]))
      .where(eq(t.payments.id, slot("id")))
      .returning({ id: t.payments.id }),
  renewed: ({ id, one }, seal) => ({ id, phoneEnc: anew(seal, one) }),
};

const keys: SealPass = {
  batch: SMALL_ROWS,
  read: (db, t) => page(db, t.keys, t.keys.sealed, null),
  write: (db, t) =>
    db
      .update(t.keys)
      .set(setSlots(t.keys, ["sealed"]))
      .where(eq(t.keys.id, slot("id")))
      .returning({ id: t.keys.id }),
  renewed: ({ id, one }, seal) => ({ id, sealed: anew(seal, one) }),
};

const merchants: SealPass = {
  batch: SMALL_ROWS,
  read: (db, t) =>
    page(db, t.merchants, t.merchants.webhookSecretSealed, t.merchants.credentialsSealed),
  write: (db, t) =>
    db
      .update(t.merchants)
      .set(setSlots(t.merchants, ["webhookSecretSealed", "credentialsSealed"]))
      .where(eq(t.merchants.id, slot("id")))
      .returning({ id: t.merchants.id }),
  renewed: ({ id, one, two }, seal) => ({
    id,
    webhookSecretSealed: anew(seal, one),
    credentialsSealed: anew(seal, two),
  }),
};

const secondFactors: SealPass = {
  batch: SMALL_ROWS,
  read: (db, t) => page(db, t.secondFactors, t.secondFactors.secretSealed, null),
  write: (db, t) =>
    db
      .update(t.secondFactors)
      .set(setSlots(t.secondFactors, ["secretSealed"]))
      .where(eq(t.secondFactors.id, slot("id")))
      .returning({ id: t.secondFactors.id }),
  renewed: ({ id, one }, seal) => ({ id, secretSealed: anew(seal, one) }),
};

/** The hashes stay as they are: they are of the rows, not of the secret. */
const audit: SealPass = {
  batch: SMALL_ROWS,
  read: (db, t) => page(db, t.audit, t.audit.hashSealed, null),
  write: (db, t) =>
    db
      .update(t.audit)
      .set(setSlots(t.audit, ["hashSealed"]))
      .where(eq(t.audit.id, slot("id")))
      .returning({ id: t.audit.id }),
  renewed: ({ id, one }, seal) => ({ id, hashSealed: anew(seal, one) }),
};

const notes: SealPass = {
  batch: SMALL_ROWS,
  read: (db, t) => page(db, t.notes, t.notes.textSealed, null),
  write: (db, t) =>
    db
      .update(t.notes)
      .set(setSlots(t.notes, ["textSealed"]))
      .where(eq(t.notes.id, slot("id")))
      .returning({ id: t.notes.id }),
  renewed: ({ id, one }, seal) => ({ id, textSealed: anew(seal, one) }),
};

/**
 * Every sealed column but one: kept answers (`idempotency`) are dropped by a rotation, since the
 * hash beside them cannot be made again.
 */
export const passes: readonly SealPass[] = [
  attempts,
  inbox,
  darajaCalls,
  payments,
  keys,
  merchants,
  secondFactors,
  audit,
  notes,
];
