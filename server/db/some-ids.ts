/** Lists of ids as values of a query: each list has its own length, and few queries serve them all. */
import { inArray, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { PaymentId } from "../core/payment.ts";
import type { Params } from "./engine.ts";
import { slot } from "./slots.ts";

/** From one size of query to the next. */
const GROWTH = 4;

/** Which size of query takes these ids, at least one, and its values: the last one fills what is over. */
export function oneOf(ids: readonly PaymentId[]): {
  readonly size: number;
  readonly values: Params;
} {
  let size = 1;
  while (size < ids.length) size *= GROWTH;
  const values: Record<string, unknown> = {};
  for (let at = 0; at < size; at += 1) values[`id${at}`] = ids[Math.min(at, ids.length - 1)];
  return { size, values };
}

/** The column is one of the `size` ids. */
export function idsIn(column: SQLiteColumn, size: number): SQL {
  return inArray(
    column,
    Array.from({ length: size }, (_, at) => slot(`id${at}`)),
  );
}
