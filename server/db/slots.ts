/** Placeholders for templates: named after the columns they fill. */
import {
  getTableColumns,
  notExists,
  type Placeholder,
  type SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Db } from "./engine.ts";

type ColumnName<T extends SQLiteTable> = keyof T["_"]["columns"] & string;

/** A value that comes when the template runs; for conditions. */
export function slot(name: string): Placeholder {
  return sql.placeholder(name);
}

/** One slot per column: inserts a whole row. */
export function rowSlots<T extends SQLiteTable>(table: T): Record<ColumnName<T>, Placeholder> {
  const names = Object.keys(getTableColumns(table));
  return Object.fromEntries(names.map((name) => [name, slot(name)])) as Record<
    ColumnName<T>,
    Placeholder
  >;
}

/** Slots for the columns an update sets, each encoded as its column wants. */
export function setSlots<T extends SQLiteTable, Name extends ColumnName<T>>(
  table: T,
  names: readonly Name[],
): Record<Name, SQL> {
  const columns = getTableColumns(table);
  const entries = names.map((name) => {
    const column = columns[name];
    if (column === undefined) throw new TypeError(`there is no column ${name}`);
    return [name, sql`${sql.param(slot(name), column)}`];
  });
  return Object.fromEntries(entries) as Record<Name, SQL>;
}

/** A read that returns one row when the other read finds nothing: the shape of a guard. */
export function unlessFound(db: Db, found: SQLWrapper) {
  return db.select({ ok: sql<number>`1` }).from(sql`(select 1) as one`).where(notExists(found));
}
