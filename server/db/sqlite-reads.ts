/**
 * Reads of SQLite, prepared. drizzle asks of every cell of every row what kind of field it belongs
 * to, which is a quarter of a page of payments; where only columns are read it is asked once.
 */
import { Column, is } from "drizzle-orm";
import type { Params, Preparable } from "./engine.ts";

/** Runs a prepared read. */
export type Read = (params: Params) => unknown[];

type Decode = ((cell: unknown) => unknown) | null;

/** What drizzle's prepared queries of a synchronous driver offer. */
interface Prepared {
  execute(params: Params): unknown;
  /** Rows as lists of cells. */
  values(params: Params): unknown;
}

/** Prepares a query of rows. */
export function prepareRead(query: Preparable<unknown>): Read {
  const prepared = query.prepare() as Prepared;
  const columns = columnsOf(query);
  if (columns === null) return (params) => synchronously(prepared.execute(params));
  return (params) => (prepared.values(params) as unknown[][]).map((cells) => rowOf(columns, cells));
}

type NamedDecoder = readonly [name: string, decode: Decode];

/** The columns of a row in their order; null when something else is read as well. */
function columnsOf(query: object): readonly NamedDecoder[] | null {
  const fields = selectedFields(query);
  if (fields === null) return null;
  const columns: NamedDecoder[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (!is(field, Column)) return null;
    const asItIs = field.mapFromDriverValue === Column.prototype.mapFromDriverValue;
    columns.push([name, asItIs ? null : (cell) => field.mapFromDriverValue(cell)]);
  }
  return columns;
}

/** What a builder of drizzle selects, by the names of its rows. */
function selectedFields(query: object): object | null {
  const own = "_" in query ? query._ : null;
  if (typeof own !== "object" || own === null || !("selectedFields" in own)) return null;
  const { selectedFields: fields } = own;
  return typeof fields === "object" ? fields : null;
}

function rowOf(columns: readonly NamedDecoder[], cells: readonly unknown[]): unknown {
  const row: Record<string, unknown> = {};
  for (let at = 0; at < columns.length; at += 1) {
    const [name, decode] = columns[at] as NamedDecoder;
    const cell = cells[at];
    row[name] = decode === null || cell === null ? cell : decode(cell);
  }
  return row;
}

/** drizzle wraps what a synchronous driver answers, so that it can be awaited; here it must not be. */
function synchronously(result: unknown): unknown[] {
  if (typeof result === "object" && result !== null && "sync" in result) {
    if (typeof result.sync === "function") return result.sync();
  }
  throw new TypeError("a synchronous driver was expected");
}
