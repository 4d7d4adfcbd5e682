/**
 * Which generated migrations a database still wants. Forward only; the bookkeeping is drizzle's
 * own, so that its tools read it too. The engines apply them, each in one transaction.
 */
import { join } from "node:path";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";
import { packageRoot } from "../package-root.ts";
import { UnfitDatabase } from "./unfit.ts";

/** All migrations of one dialect, oldest first. The SQL files are read from server/db, also by the compiled server. */
export function migrationsOf(dialect: "sqlite" | "postgres"): readonly MigrationMeta[] {
  const migrationsFolder = join(packageRoot(), "server", "db", "migrations", dialect);
  return readMigrationFiles({ migrationsFolder });
}

/**
 * The migrations that come after `last` (the newest applied one's `created_at`, null for an empty
 * database). Throws when the database was made by a newer Lipia than this one, or by none that was
 * ever released.
 */
export function wanted(
  all: readonly MigrationMeta[],
  last: number | null,
): readonly MigrationMeta[] {
  if (last === null) return all;
  const newest = all.at(-1)?.folderMillis ?? 0;
  if (last > newest) {
    throw new UnfitDatabase(
      "this database was written by a newer version of Lipia; install that version or restore an older backup",
    );
  }
  if (!all.some((migration) => migration.folderMillis === last)) {
    throw new UnfitDatabase(
      "the tables of this database are of no version of Lipia; move the file away and start again",
    );
  }
  return all.filter((migration) => migration.folderMillis > last);
}
