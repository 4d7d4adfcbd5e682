/** Reads a database from beside: what was acknowledged must stand there. */
import Database from "better-sqlite3";

/**
 * @param query gives the receipts that count as paid, in its first column.
 * @returns those of `receipts` that it does not give.
 */
export function missingFrom(path: string, receipts: readonly string[], query: string): string[] {
  const client = new Database(path, { readonly: true });
  try {
    const paid = new Set(client.prepare(query).pluck().all());
    return receipts.filter((receipt) => !paid.has(receipt));
  } finally {
    client.close();
  }
}
