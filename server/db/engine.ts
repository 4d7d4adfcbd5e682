/**
 * The boundary between the stores and a database. Stores describe what they want as templates and
 * statements; SQLite and PostgreSQL run the same descriptions. There are no interactive
 * transactions: a hand-written BEGIN around an await would let strangers' statements in.
 */
import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core";
import type { CommitResult, GuardName } from "../ports.ts";
import type { Tables } from "./tables.ts";

/** The query-builder surface both dialects share. Every read is awaited, also where SQLite would not need it. */
export type Db = BaseSQLiteDatabase<"sync", unknown>;

/** What a query builder of drizzle offers to whoever prepares it. */
export interface Preparable<Rows> extends PromiseLike<Rows> {
  prepare(): { execute(values?: Record<string, unknown>): unknown };
  toSQL(): { sql: string; params: unknown[] };
}

/**
 * A query with `sql.placeholder`s. Written once as a module constant: each connection prepares it
 * on first use and finds it again by identity, which is ten times cheaper than building it anew.
 */
export type Template<Rows = unknown> = (db: Db, t: Tables) => Preparable<Rows>;

/** The values of a template's placeholders, by name. */
export type Params = Readonly<Record<string, unknown>>;

/** One step of a commit: described, not yet run. `guard` is set by `must`. */
export interface Statement {
  readonly template: Template;
  readonly params: Params;
  readonly guard: GuardName | null;
}

export interface Engine {
  /** For reads whose shape varies, such as filtered lists. */
  readonly db: Db;
  readonly t: Tables;
  /** Runs a prepared read. */
  read<Row>(template: Template<Row[]>, params: Params): Promise<readonly Row[]>;
  /**
   * The same for a query of many shapes, such as a filtered list, whose template is made anew each
   * time. It is built and prepared for the first of its shape; those not asked for long are let go.
   * @param shape says all about the query but its values.
   */
  ask<Row>(shape: string, template: Template<Row[]>, params: Params): Promise<readonly Row[]>;
  /**
   * Runs all statements in one transaction, in order, and resolves when they are durable. A
   * statement wrapped in `must` that touches no row undoes everything and its guard is the answer.
   * Rejects, with everything undone, when the database itself fails (busy, disk full).
   */
  commit(statements: readonly Statement[]): Promise<CommitResult>;
  close(): Promise<void>;
}

/** Describes one step of a commit. */
export function run(template: Template, params: Params): Statement {
  return { template, params, guard: null };
}

/**
 * Makes a step a guard: it must return at least one row. Its template is a read, or a write with
 * `returning`.
 */
export function must(guard: GuardName, statement: Statement): Statement {
  return { ...statement, guard };
}

/** Thrown inside a transaction to undo it; engines turn it into the answer of `commit`. */
export class Missed extends Error {
  readonly guard: GuardName;
  constructor(guard: GuardName) {
    super(`guard ${guard} was missed`);
    this.guard = guard;
  }
}

/** Says whether a guarded step found its row. Throws when its template cannot tell. */
export function assertFound(guard: GuardName, result: unknown): void {
  if (!Array.isArray(result))
    throw new TypeError(`the guard ${guard} needs a template that returns rows`);
  if (result.length === 0) throw new Missed(guard);
}
