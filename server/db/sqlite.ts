/**
 * The engine over better-sqlite3. It is synchronous: a commit runs to its end before anything else
 * in the process does, so there is nothing to lock against but other processes.
 */
import type Database from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { CommitResult } from "../ports.ts";
import { type Compiled, compile } from "./compile.ts";
import { sqliteDialect } from "./dialect.ts";
import {
  assertFound,
  type Engine,
  Missed,
  type Params,
  type Statement,
  type Template,
} from "./engine.ts";
import { migrationsOf, wanted } from "./migrations.ts";
import { recent } from "./recent.ts";
import { openClient } from "./sqlite-file.ts";
import { prepareRead, type Read } from "./sqlite-reads.ts";
import { tables } from "./tables.ts";
import { DamagedDatabase, DatabaseInUse, isBusy, isDamage } from "./unfit.ts";

/** So many shapes of query stay prepared: some kilobytes each. */
const SHAPES_MAX = 300;
/** What `pragma synchronous` reports for FULL. */
const SYNCHRONOUS_FULL = 2;

export interface SqliteOptions {
  /** Another place of better-sqlite3's native module. */
  readonly nativeBinding?: string;
  /**
   * `alone`: no other process may have the file open, now or until it is closed. The lock is the
   * operating system's: it ends with the process and asks no clock.
   */
  readonly company?: "shared" | "alone";
  /** A file that is missing is a fault, and none is made. */
  readonly mustExist?: boolean;
}

/**
 * Opens the file, makes it durable and brings its tables up to date.
 * @param path made with its folder when it is missing.
 * @throws UnfitDatabase when the file is damaged, no database, of a newer Lipia, or in use where
 * it must not be; Error when the native module is missing.
 */
export function openSqlite(path: string, options: SqliteOptions = {}): Promise<Engine> {
  return Promise.resolve().then(() => {
    const client = openClient(path, options);
    try {
      if (options.company === "alone") lockOut(client);
      client.pragma("journal_mode = WAL");
      client.pragma("synchronous = FULL");
      client.pragma("foreign_keys = ON");
      migrate(client);
      assertDurable(client);
      return engineOver(client);
    } catch (error) {
      client.close();
      if (isDamage(error)) throw new DamagedDatabase(path, error.message);
      throw options.company === "alone" && isBusy(error) ? new DatabaseInUse(path) : error;
    }
  });
}

/** Must come before the first look into the file: then the log's index is in this process alone. */
function lockOut(client: Database.Database): void {
  client.pragma("busy_timeout = 1000");
  client.pragma("locking_mode = EXCLUSIVE");
}

function migrate(client: Database.Database): void {
  const apply = client.transaction(() => {
    client.exec(
      "create table if not exists __drizzle_migrations (id integer primary key, hash text not null, created_at numeric)",
    );
    const last = client.prepare("select max(created_at) from __drizzle_migrations").pluck().get();
    for (const migration of wanted(migrationsOf("sqlite"), last === null ? null : Number(last))) {
      for (const statement of migration.sql) client.exec(statement);
      client
        .prepare("insert into __drizzle_migrations (hash, created_at) values (?, ?)")
        .run(migration.hash, migration.folderMillis);
    }
  });
  // Immediate, so that two processes that start together migrate one after the other.
  apply.immediate();
}

/**
 * A file in WAL mode may report FULL until its first write and run at NORMAL from then on, which
 * loses acknowledged callbacks with the power. So: write first, then ask.
 */
function assertDurable(client: Database.Database): void {
  const beat = client.prepare(
    "insert into pulse (id, beats) values (1, 1) on conflict (id) do update set beats = beats + 1",
  );
  client.transaction(() => beat.run()).immediate();
  const level = client.pragma("synchronous", { simple: true });
  const journal = client.pragma("journal_mode", { simple: true });
  if (level !== SYNCHRONOUS_FULL || journal !== "wal") {
    throw new Error(`SQLite must run in WAL at synchronous FULL, not ${journal} at ${level}`);
  }
}

interface Step extends Compiled {
  readonly statement: Database.Statement;
}

function engineOver(client: Database.Database): Engine {
  const db = drizzle(client);
  const t = tables(sqliteDialect);
  const steps = new Map<Template, Step>();
  const reads = new Map<Template, Read>();
  const shapes = recent<Read>(SHAPES_MAX);
  const begin = client.prepare("begin immediate");
  const commit = client.prepare("commit");
  const rollback = client.prepare("rollback");

  /** Gives the rows of a read or a write with `returning`; anything else tells nothing. */
  function execute({ template, params }: Statement): unknown {
    let step = steps.get(template);
    if (step === undefined) {
      const compiled = compile(template, db, t);
      step = { ...compiled, statement: client.prepare(compiled.text) };
      steps.set(template, step);
    }
    const { statement } = step;
    return statement.reader ? statement.all(step.bind(params)) : statement.run(step.bind(params));
  }

  function readNow(template: Template, params: Params): unknown[] {
    let read = reads.get(template);
    if (read === undefined) {
      read = prepareRead(template(db, t));
      reads.set(template, read);
    }
    return read(params);
  }

  /** One commit's statements. Group commit will run several of these, each in a savepoint. */
  function runMember(statements: readonly Statement[]): void {
    for (const statement of statements) {
      const result = execute(statement);
      if (statement.guard !== null) assertFound(statement.guard, result);
    }
  }

  function commitNow(statements: readonly Statement[]): CommitResult {
    begin.run();
    try {
      runMember(statements);
      commit.run();
      return { ok: true };
    } catch (error) {
      // A full disk has undone the transaction already.
      if (client.inTransaction) rollback.run();
      if (error instanceof Missed) return { ok: false, missed: error.guard };
      throw error;
    }
  }

  return {
    db,
    t,
    read: async <Row>(template: Template<Row[]>, params: Params) =>
      readNow(template, params) as Row[],
    ask: async <Row>(shape: string, template: Template<Row[]>, params: Params) => {
      const read = shapes.get(shape, () => prepareRead(template(db, t)));
      return read(params) as Row[];
    },
    commit: async (statements) => commitNow(statements),
    close: async () => {
      client.close();
    },
  };
}
