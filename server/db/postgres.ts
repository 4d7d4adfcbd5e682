/**
 * The engine over PostgreSQL, whatever the driver: PGlite in the tests, node-postgres once one
 * machine is outgrown. A driver comes as a connection; what is committed is the same on both.
 */
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type { CommitResult } from "../ports.ts";
import { type Compiled, compile } from "./compile.ts";
import { postgresDialect } from "./dialect.ts";
import {
  assertFound,
  type Db,
  type Engine,
  Missed,
  type Params,
  type Statement,
  type Template,
} from "./engine.ts";
import { migrationsOf, wanted } from "./migrations.ts";
import { type Tables, tables } from "./tables.ts";

/** Runs one parametrised query on the client that holds the transaction. */
export type PgQuery = (
  text: string,
  params: readonly unknown[],
) => Promise<readonly Record<string, unknown>[]>;

/** What a driver must bring. */
export interface PgConnection {
  readonly db: PgDatabase<PgQueryResultHKT>;
  /** Runs `work` between BEGIN and COMMIT on one client; a throw rolls back and is thrown on. */
  transaction<T>(work: (query: PgQuery) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Two servers that start together migrate one after the other; the number only has to be ours. */
const MIGRATION_LOCK = 4_100_254;
/**
 * A race that another transaction won (unique_violation, serialization_failure,
 * deadlock_detected): running again lets the guards see the winner and say its name.
 */
const LOST_RACES = ["23505", "40001", "40P01"];
const RACES_MAX = 3;

/** Brings the tables up to date and gives the engine. Throws when a newer Lipia wrote the database. */
export async function openPostgres(connection: PgConnection): Promise<Engine> {
  await connection.transaction(migrate);
  return engineOver(connection);
}

async function migrate(query: PgQuery): Promise<void> {
  await query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`, []);
  await query("create schema if not exists drizzle", []);
  await query(
    "create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)",
    [],
  );
  const [row] = await query("select max(created_at) as last from drizzle.__drizzle_migrations", []);
  const last = row?.last ?? null;
  for (const migration of wanted(migrationsOf("postgres"), last === null ? null : Number(last))) {
    for (const statement of migration.sql) await query(statement, []);
    await query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [
      migration.hash,
      migration.folderMillis,
    ]);
  }
}

interface PreparedRead {
  execute(params: Params): Promise<unknown>;
}

function engineOver(connection: PgConnection): Engine {
  /** The second of the two places where PostgreSQL passes for SQLite's types; see dialect.ts. */
  const db = connection.db as unknown as Db;
  const t: Tables = tables(postgresDialect);
  const compiled = new Map<Template, Compiled>();
  const reads = new Map<Template, PreparedRead>();

  function compiledOnce(template: Template): Compiled {
    const known = compiled.get(template);
    if (known !== undefined) return known;
    const fresh = compile(template, db, t);
    compiled.set(template, fresh);
    return fresh;
  }

  async function runMember(query: PgQuery, statements: readonly Statement[]): Promise<void> {
    for (const { template, params, guard } of statements) {
      const { text, bind } = compiledOnce(template);
      const rows = await query(text, bind(params));
      if (guard !== null) assertFound(guard, rows);
    }
  }

  async function commit(statements: readonly Statement[], race = 1): Promise<CommitResult> {
    try {
      await connection.transaction((query) => runMember(query, statements));
      return { ok: true };
    } catch (error) {
      if (error instanceof Missed) return { ok: false, missed: error.guard };
      if (isLostRace(error) && race < RACES_MAX) return commit(statements, race + 1);
      throw error;
    }
  }

  async function read<Row>(template: Template<Row[]>, params: Params): Promise<readonly Row[]> {
    let query = reads.get(template);
    if (query === undefined) {
      query = namedRead(template(db, t), `lipia_${reads.size + 1}`);
      reads.set(template, query);
    }
    return (await query.execute(params)) as Row[];
  }

  return {
    db,
    t,
    read,
    // Built anew: a connection would keep each prepared query for ever.
    ask: async <Row>(_shape: string, template: Template<Row[]>, params: Params) =>
      (await (template(db, t).prepare() as PreparedRead).execute(params)) as Row[],
    commit: (statements) => commit(statements),
    close: () => connection.close(),
  };
}

/** PostgreSQL's builders take the prepared statement's name; the shared type does not know of it. */
function namedRead(query: { prepare(name?: string): unknown }, name: string): PreparedRead {
  return query.prepare(name) as PreparedRead;
}

function isLostRace(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("code" in error)) return false;
  return LOST_RACES.includes(String(error.code));
}
