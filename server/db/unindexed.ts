/** Columns that no index may lead with, so that the better one does; equal in value. */
import { type Column, type SQL, sql } from "drizzle-orm";

export function unindexed(column: Column): SQL {
  return sql`${column} || ''`;
}

export function unindexedNumber(column: Column): SQL {
  return sql`${column} + 0`;
}
