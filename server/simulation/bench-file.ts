/** A database file for a run of schedules, thrown away afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { Phone } from "../../shared/phone.ts";
import { openSqlite } from "../db/sqlite.ts";
import { scanFolder } from "../drills/leaks.ts";
import { type Bench, createBench } from "./run-schedule.ts";

export interface BenchFile extends Bench {
  /** What the file tells of these phones, and of requests and tokens by their shape (I23). */
  leaks(phones: readonly Phone[]): readonly string[];
  close(): Promise<void>;
}

/**
 * Opens a fresh database for many schedules. A crash here is the end of a process, which loses
 * nothing that was committed, so nothing waits for the disk, and what undoes a transaction stays
 * in memory; power cuts are tried elsewhere. The simulated processes share one connection, so it
 * locks the file once and not at every read.
 */
export async function openBench(): Promise<BenchFile> {
  const folder = mkdtempSync(join(tmpdir(), "lipia-simulation-"));
  const engine = await openSqlite(join(folder, "lipia.db"), { company: "alone" });
  await engine.db.run(sql`pragma synchronous = off`);
  await engine.db.run(sql`pragma journal_mode = memory`);
  const bench = createBench(engine);
  return {
    ...bench,
    leaks: (phones) => scanFolder(folder, { phones: new Set(phones), secrets: new Map() }).leaks,
    async close() {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
