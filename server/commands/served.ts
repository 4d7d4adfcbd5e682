/** Commands that change the house itself refuse while a server lives in it. */
import { existsSync } from "node:fs";
import type { Instant } from "../core/payment.ts";
import { leaseHolder } from "../db/sqlite-file.ts";
import { SWEEPS } from "../jobs/lease.ts";
import { hasEnded, processWords } from "../process-name.ts";
import { UsageError } from "./command.ts";

/**
 * Refuses while a server holds the lease on this database. What follows must still take the file
 * alone: a lease speaks of servers only, and only as long as clocks agree.
 */
export function refuseWhileServed(path: string, at: Instant): void {
  const holder = existsSync(path) ? leaseHolder(path, SWEEPS, at) : null;
  if (holder === null || hasEnded(holder)) return;
  throw new UsageError(
    `A server (${processWords(holder)}) is using ${path}. Stop it and try again; if it was killed, wait 15 seconds.`,
  );
}
