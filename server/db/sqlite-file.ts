/**
 * SQLite files as files: opening, checking, copying while others write. What is in the tables is
 * the engine's business (sqlite.ts).
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { migrationsOf, wanted } from "./migrations.ts";
import { DamagedDatabase, DatabaseInUse, isBusy, isDamage, UnfitDatabase } from "./unfit.ts";

/** How long a write waits for another process, for example the command line, to finish its own. */
export const BUSY_TIMEOUT_MS = 5_000;
/** Pages of one step: all. Smaller steps start again at every write of the server and may never end. */
const ALL_PAGES = 0x7fff_ffff;
const OWNER_ONLY = 0o600;
/** What SQLite keeps beside a database while it is open. */
export const SIDE_FILES = ["-wal", "-shm", "-journal"] as const;
/** Without these a file is no database of ours. */
const OUR_TABLES = ["__drizzle_migrations", "attempts", "inbox", "payments", "pulse"];

export interface ClientOptions {
  /** Another place of better-sqlite3's native module. */
  readonly nativeBinding?: string;
  readonly mustExist?: boolean;
}

/** Opens a connection and sets nothing. Throws when the native module is missing. */
export function openClient(path: string, options: ClientOptions = {}): Database.Database {
  const { nativeBinding, mustExist = false } = options;
  if (!mustExist) {
    mkdirSync(dirname(path), { recursive: true });
    // Made here, since SQLite would let everybody read it; its log takes the mode of the file.
    closeSync(openSync(path, "a", OWNER_ONLY));
  }
  try {
    return new Database(path, {
      timeout: BUSY_TIMEOUT_MS,
      fileMustExist: mustExist,
      ...(nativeBinding === undefined ? {} : { nativeBinding }),
    });
  } catch (error) {
    if (!isMissingModule(error)) throw error;
    throw new Error(
      "SQLite's native module is missing or was built for another Node.js. Run: npm rebuild better-sqlite3",
      { cause: error },
    );
  }
}

/** True for the ways in which a native module fails to load; a file that cannot be opened has an SQLITE_ code. */
function isMissingModule(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return (
    code === "MODULE_NOT_FOUND" ||
    code === "ERR_DLOPEN_FAILED" ||
    /bindings file|NODE_MODULE_VERSION/.test(error.message)
  );
}

/** Runs `use` on a connection of its own; damage becomes a sentence. */
function withClient<T>(path: string, use: (client: Database.Database) => T): T {
  const client = openClient(path, { mustExist: true });
  try {
    return use(client);
  } catch (error) {
    throw isDamage(error) ? new DamagedDatabase(path, error.message) : error;
  } finally {
    client.close();
  }
}

/** Throws DamagedDatabase unless the structure of the file is whole; a file that is not there is. */
export function assertSound(path: string): void {
  if (!existsSync(path) || statSync(path).size === 0) return;
  withClient(path, (client) => assertAnswer(path, client, "quick_check(1)"));
}

function assertAnswer(path: string, client: Database.Database, check: string): void {
  const answer = String(client.pragma(check, { simple: true }));
  if (answer !== "ok") throw new DamagedDatabase(path, answer);
}

/** What a file of ours holds. */
export interface FileReport {
  readonly sizeBytes: number;
  readonly payments: number;
  readonly attempts: number;
  readonly callbacks: number;
  /** When the last payment changed, epoch ms; null when there is none. */
  readonly newestAt: number | null;
  readonly schema: "current" | "older";
}

/**
 * Checks a whole file: structure, every reference between rows, that it is ours and not newer than
 * this program.
 * @throws UnfitDatabase with the first thing that is wrong.
 */
export function examine(path: string): FileReport {
  return withClient(path, (client) => {
    assertAnswer(path, client, "integrity_check(1)");
    const report = reportOf(path, client);
    const [orphan] = client.pragma("foreign_key_check") as readonly { table: string }[];
    if (orphan !== undefined) {
      throw new DamagedDatabase(path, `a row of ${orphan.table} refers to one that is missing`);
    }
    return report;
  });
}

/** What a file holds, without the long checks. Throws UnfitDatabase when it is not ours or newer. */
export function describeFile(path: string): FileReport {
  return withClient(path, (client) => reportOf(path, client));
}

function reportOf(path: string, client: Database.Database): FileReport {
  const number = (query: string) => client.prepare(query).pluck().get() as number | null;
  const names = `'${OUR_TABLES.join("','")}'`;
  const found = number(
    `select count(*) from sqlite_master where type = 'table' and name in (${names})`,
  );
  if (found !== OUR_TABLES.length) {
    throw new UnfitDatabase(`${path} is a database, but not one of Lipia.`);
  }
  const left = wanted(
    migrationsOf("sqlite"),
    number("select max(created_at) from __drizzle_migrations"),
  );
  return {
    sizeBytes: statSync(path).size,
    payments: number("select count(*) from payments") ?? 0,
    attempts: number("select count(*) from attempts") ?? 0,
    callbacks: number("select count(*) from inbox") ?? 0,
    newestAt: number("select max(updated_at) from payments"),
    schema: left.length === 0 ? "current" : "older",
  };
}

/**
 * Copies a database of which others may be writing, as it is at one moment, into a new file that
 * only its owner may read.
 */
export async function copyOnline(from: string, to: string): Promise<void> {
  closeSync(openSync(to, "wx", OWNER_ONLY));
  const client = openClient(from, { mustExist: true });
  try {
    await client.backup(to, { progress: () => ALL_PAGES });
  } catch (error) {
    throw isDamage(error) ? new DamagedDatabase(from, error.message) : error;
  } finally {
    client.close();
  }
  makeWhole(to);
}

/** Folds the write-ahead log into the file, so that the file alone is the database, and flushes it. */
export function makeWhole(path: string): void {
  withClient(path, (client) => {
    const mode = client.pragma("journal_mode = DELETE", { simple: true });
    if (mode !== "delete") throw new DatabaseInUse(path);
  });
  for (const side of SIDE_FILES) rmSync(path + side, { force: true });
  chmodSync(path, OWNER_ONLY);
  flush(path);
}

/** Makes a file, or the names in a folder, survive a power cut. */
export function flush(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A database that nobody else can open until it is let go. */
export interface HeldFile {
  /** Lets go. */
  release(): void;
}

/**
 * Takes a database for this process alone and folds its log into the file, so that the one file can
 * be moved. The lock is the operating system's.
 * @throws DatabaseInUse while another process has it open, DamagedDatabase when it cannot be read.
 */
export function holdAlone(path: string): HeldFile {
  const client = openClient(path, { mustExist: true });
  try {
    client.pragma("busy_timeout = 1000");
    client.pragma("locking_mode = EXCLUSIVE");
    client.pragma("journal_mode = DELETE");
    client.exec("begin exclusive");
    // Of the change of mode, committed above: whoever locks alone keeps the emptied file.
    rmSync(`${path}-journal`, { force: true });
    return { release: () => client.close() };
  } catch (error) {
    client.close();
    if (isDamage(error)) throw new DamagedDatabase(path, error.message);
    throw isBusy(error) ? new DatabaseInUse(path) : error;
  }
}

/** Who holds a lease at `at`, asked without changing anything; null also where there are no leases. */
export function leaseHolder(path: string, name: string, at: number): string | null {
  const client = openClient(path, { mustExist: true });
  try {
    const query = "select holder from leases where name = ? and until > ?";
    return (client.prepare(query).pluck().get(name, at) as string | undefined) ?? null;
  } catch {
    // Too old or too broken to have leases; the lock of the file is asked next.
    return null;
  } finally {
    client.close();
  }
}
