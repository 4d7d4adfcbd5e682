/** PostgreSQL in this process, for the tests only: PGlite is not installed in production. */
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import type { PgConnection, PgQuery } from "./postgres.ts";

/** A connection to a PostgreSQL of its own, in memory or in a folder. */
export async function pgliteConnection(folder?: string): Promise<PgConnection> {
  const client = await (folder === undefined ? PGlite.create() : PGlite.create(folder));
  return {
    db: drizzle(client),
    transaction: (work) =>
      client.transaction((tx) => {
        const query: PgQuery = async (text, params) =>
          (await tx.query<Record<string, unknown>>(text, [...params])).rows;
        return work(query);
      }),
    close: () => client.close(),
  };
}
