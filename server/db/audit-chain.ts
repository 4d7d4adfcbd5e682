/**
 * The chain of the audit log (I21): every row carries the hash of the row before it, and its own
 * hash covers all it says. Changing, removing or inserting a row breaks every row after it. The
 * hash is plain SHA-256, which anybody can recompute; so each row also carries it sealed under
 * LIPIA_SECRET: who can write the database but has no secret (a doctored backup, a stranger with
 * the file) cannot forge a chain that verifies. A rotation seals them anew and leaves the
 * hashes alone. What no chain can show is that its newest rows were cut off: that takes a hash
 * noted elsewhere, which `lipia audit verify HASH` looks for.
 */
import { createHash } from "node:crypto";
import { desc } from "drizzle-orm";
import type { AuditFault } from "../../shared/audit-words.ts";
import type { AuditEntry, CommitResult, Seal } from "../ports.ts";
import { type Engine, must, run, type Statement, type Template } from "./engine.ts";
import { rowSlots } from "./slots.ts";
import type { Tables } from "./tables.ts";

export type AuditRow = Tables["audit"]["$inferSelect"];
/** What a row is linked to. */
export type Head = Pick<AuditRow, "id" | "at" | "hash">;

const ID_DIGITS = 12;
/** Every miss means that somebody else's row came first; so many in a row mean a fault. */
const TRIES_MAX = 50;

/** Before the first row. */
export const GENESIS: Head = { id: idOf(0), at: 0, hash: "0".repeat(64) };

/** Writes rows into the chain, each in the transaction of what it records. */
export interface AuditChain {
  /** Commits the statements with a row about them; without one it is a plain commit. */
  commit(statements: readonly Statement[], entry: AuditEntry | undefined): Promise<CommitResult>;
}

const readHead: Template<Head[]> = (db, t) =>
  db
    .select({ id: t.audit.id, at: t.audit.at, hash: t.audit.hash })
    .from(t.audit)
    .orderBy(desc(t.audit.id))
    .limit(1);

const insertRow: Template = (db, t) =>
  db.insert(t.audit).values(rowSlots(t.audit)).onConflictDoNothing().returning({ id: t.audit.id });

/** One for a store: those that share it write one after the other and seldom miss the head. */
export function auditChain(engine: Engine, seal: Seal): AuditChain {
  let last: Promise<unknown> = Promise.resolve();

  async function linked(statements: readonly Statement[], entry: AuditEntry) {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const row = rowAfter(await headOf(engine), entry, seal);
      const result = await engine.commit([...statements, must("auditHead", run(insertRow, row))]);
      if (result.ok || result.missed !== "auditHead") return result;
    }
    throw new Error("the head of the audit log moved at every try");
  }

  return {
    commit(statements, entry) {
      if (entry === undefined) return engine.commit(statements);
      const mine = last.then(
        () => linked(statements, entry),
        () => linked(statements, entry),
      );
      last = mine;
      return mine;
    },
  };
}

/** The newest row, or what stands before the first. */
export async function headOf(engine: Engine): Promise<Head> {
  const [row] = await engine.read(readHead, {});
  return row ?? GENESIS;
}

export function idOf(number: number): string {
  return String(number).padStart(ID_DIGITS, "0");
}

export function numberOf({ id }: Pick<AuditRow, "id">): number {
  return Number(id);
}

/** What is wrong with a row as the follower of another, or null. */
export function faultOf(row: AuditRow, previous: Head, seal: Seal): AuditFault | null {
  if (row.id !== idOf(numberOf(previous) + 1)) return "missing";
  if (row.previousHash !== previous.hash) return "unlinked";
  if (row.hash !== hashOf(row)) return "changed";
  return isSealed(row, seal) ? null : "unsealed";
}

function rowAfter(head: Head, entry: AuditEntry, seal: Seal): AuditRow {
  const { actor, action, target, details } = entry;
  const row = {
    id: idOf(numberOf(head) + 1),
    // A clock that went back does not write into the past (I22).
    at: Math.max(entry.at, head.at),
    actor,
    action,
    target,
    // As it will be read again: a member without a value is not stored.
    details: JSON.parse(JSON.stringify(details)) as AuditEntry["details"],
    previousHash: head.hash,
  };
  const hash = hashOf(row);
  return { ...row, hash, hashSealed: seal.seal(hash) };
}

/** Over JSON, whose quotes keep neighbours apart; members of the details in the order of their names. */
function hashOf(row: Omit<AuditRow, "hash" | "hashSealed">): string {
  const { id, at, actor, action, target, details, previousHash } = row;
  const facts = Object.entries(details).sort(([one], [two]) => (one < two ? -1 : 1));
  const text = JSON.stringify([
    "lipia audit v1",
    id,
    at,
    actor,
    action,
    target,
    facts,
    previousHash,
  ]);
  return createHash("sha256").update(text).digest("hex");
}

function isSealed({ hashSealed, hash }: AuditRow, seal: Seal): boolean {
  try {
    return seal.open(hashSealed) === hash;
  } catch {
    return false;
  }
}
