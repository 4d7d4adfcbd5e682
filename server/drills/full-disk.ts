/**
 * A full disk on any system: the whole app in this process, whose database may not grow any more
 * (`pragma max_page_count`), until it may again.
 */
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { startApp } from "../app.ts";
import { systemClock } from "../clock.ts";
import { readConfig } from "../config.ts";
import type { Engine } from "../db/engine.ts";
import { createSeal } from "../db/seal.ts";
import { openSqlite } from "../db/sqlite.ts";
import { createKeys } from "../flows/create-keys.ts";
import { systemIds } from "../ids.ts";
import { createLog } from "../log.ts";
import { startCountingDaraja } from "./counting-daraja.ts";
import type { Dice } from "./dice.ts";
import { beginTrial } from "./disk-trial.ts";
import type { Tally } from "./drill.ts";
import { BACKUP, drillEnv, drillNumber, lookInto, watchfulCaller } from "./house.ts";
import { canariesOf, scanFolder } from "./leaks.ts";
import { backUp, freePort } from "./server-process.ts";
import { stageUntilFelt } from "./staging.ts";
import { makeWorkplace } from "./workplace.ts";

const CUSTOMERS = 6;
/** Pages that the database may still grow by: the fault comes early or late in what is written. */
const PAGES_LEFT_MAX = 8;
/** SQLite's own upper bound. */
const PAGES_UNLIMITED = 4_294_967_294;
const BYTES_WANTED = 64 * 1024 * 1024;

/** Fills the disk until so many times something could not be written. */
export async function fullDisk(tally: Tally, dice: Dice, times: number): Promise<void> {
  const folder = makeWorkplace("real", BYTES_WANTED);
  const trial = beginTrial(tally, dice.fork(0), "D");
  const daraja = await startCountingDaraja({ push: trial.takePush });
  const port = await freePort();
  const config = readConfig(drillEnv(folder, port, daraja.address));
  const log = createLog(config.logLevel, {
    write: (line) => appendFileSync(join(folder, "server.log"), line),
  });
  let engine: Engine | null = null;
  const openEngine = async (path: string) => {
    engine = await openSqlite(path);
    return engine;
  };
  const app = await startApp(config, log, { openEngine });
  const deps = {
    merchants: app.store.merchants,
    seal: createSeal(config.secret),
    ids: systemIds(),
    clock: systemClock(),
  };
  const keys = await createKeys(deps, app.merchant);
  const canaries = canariesOf(keys);
  const caller = watchfulCaller(`http://127.0.0.1:${port}`, keys, canaries, tally);
  const phone = (turn: number) => drillNumber(turn, canaries);
  const look = <T>(text: string) => lookInto<T>(config.databasePath, text);
  const patient = { ...caller, phone, look };
  try {
    await stageUntilFelt(tally, times, async () => {
      limitPages(engine, dice.int(PAGES_LEFT_MAX));
      const notStored = await trial.rush(patient, CUSTOMERS);
      limitPages(engine, "unlimited");
      if (!(await trial.recovers(patient))) tally.fault("no recovery from a full disk");
      trial.check(patient);
      await trial.sendAgain(patient);
      if (notStored === 0) return "not felt";
      tally.count("full disks");
      return "felt";
    });
    await trial.settle(patient);
    trial.check(patient);
    await backUp(drillEnv(folder, port, daraja.address), join(folder, BACKUP));
  } finally {
    caller.close();
    await app.close();
    for (const leak of scanFolder(folder, canaries).leaks) tally.fault(`canary found in ${leak}`);
    rmSync(folder, { recursive: true, force: true });
    await daraja.close();
  }
}

function limitPages(engine: Engine | null, left: number | "unlimited"): void {
  if (engine === null) throw new Error("the app did not open its database");
  const [row] = engine.db.all<{ page_count: number }>(sql.raw("pragma page_count"));
  const pages = left === "unlimited" ? PAGES_UNLIMITED : (row?.page_count ?? 0) + left;
  engine.db.all(sql.raw(`pragma max_page_count = ${pages}`));
}
