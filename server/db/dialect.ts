/**
 * The seven kinds of column, once for SQLite and once for PostgreSQL. Everything is text or an
 * integer on both: instants are epoch milliseconds, money is cents, yes and no are 1 and 0 so that
 * a partial index is the same SQL.
 */
import * as pg from "drizzle-orm/pg-core";
import * as lite from "drizzle-orm/sqlite-core";

const liteColumns = {
  text: <T extends string = string>(name: string) => lite.text(name).$type<T>(),
  instant: (name: string) => lite.integer(name),
  cents: <T extends number>(name: string) => lite.integer(name).$type<T>(),
  count: (name: string) => lite.integer(name),
  /** A number that may need all of 32 bits. */
  large: (name: string) => lite.integer(name),
  yesNo: (name: string) => lite.integer(name).$type<0 | 1>(),
  json: <T>(name: string) => lite.text(name, { mode: "json" }).$type<T>(),
};

export const sqliteDialect = {
  ...liteColumns,
  table: lite.sqliteTable,
  index: lite.index,
  uniqueIndex: lite.uniqueIndex,
  primaryKey: lite.primaryKey,
};
export type Dialect = typeof sqliteDialect;

/**
 * Text compared by bytes, as SQLite does: ids sort by time and a prefix is a range. The database's
 * own collation would sort by language.
 */
const pgText = pg.customType<{ data: string; driverData: string }>({
  dataType: () => 'text COLLATE "C"',
});

/** JSON nobody queries into: stored as text, equal to the byte on both dialects. */
const pgJson = pg.customType<{ data: unknown; driverData: string }>({
  dataType: () => "text",
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (text) => JSON.parse(text),
});

const postgresShapes = {
  text: (name: string) => pgText(name),
  instant: (name: string) => pg.bigint(name, { mode: "number" }),
  cents: (name: string) => pg.bigint(name, { mode: "number" }),
  count: (name: string) => pg.integer(name),
  large: (name: string) => pg.bigint(name, { mode: "number" }),
  yesNo: (name: string) => pg.integer(name),
  json: (name: string) => pgJson(name),
  table: pg.pgTable,
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
} satisfies Record<keyof Dialect, unknown>;

/** One of the two places where PostgreSQL passes for SQLite's types; the other is postgres.ts. */
export const postgresDialect = postgresShapes as unknown as Dialect;
