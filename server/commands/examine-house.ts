/** The doctor's look into the database: from its file inwards, as far as what is found allows. */
import type { Config } from "../config.ts";
import { type Condition, conditionOf } from "../db/condition.ts";
import type { Engine } from "../db/engine.ts";
import { ForeignDatabase } from "../db/open-database.ts";
import { assertSampleOpens, sealingState } from "../db/sealing.ts";
import { openSqlite } from "../db/sqlite.ts";
import { assertSound, describeFile } from "../db/sqlite-file.ts";
import { createStore } from "../db/store.ts";
import { DamagedDatabase } from "../db/unfit.ts";
import { holdingsWords } from "./figures.ts";
import { broken, type Finding, look, ok } from "./finding.ts";
import { sealOf } from "./house.ts";

export async function* examineHouse(config: Config): AsyncGenerator<Finding> {
  const path = config.databasePath;
  try {
    assertSound(path);
    yield ok("structure", "quick_check found nothing");
    const report = describeFile(path);
    yield ok("holdings", holdingsWords(report));
    if (report.schema === "older") {
      yield look("schema", "older than this program; the next start brings it up to date");
      return;
    }
    yield ok("schema", "of this version");
  } catch (error) {
    yield broken(error instanceof DamagedDatabase ? "structure" : "database", wordsOf(error));
    return;
  }
  let engine: Engine | null = null;
  try {
    engine = await openSqlite(path);
    yield* examineRows(config, engine);
  } catch (error) {
    yield broken("database", wordsOf(error));
  } finally {
    await engine?.close();
  }
}

async function* examineRows(config: Config, engine: Engine): AsyncGenerator<Finding> {
  const seal = sealOf(config);
  const writable = await createStore(engine, seal).writable();
  yield writable
    ? ok("writing", "takes writes, in WAL at synchronous=FULL")
    : broken("writing", "the database takes no writes; look at the disk and who owns the file");
  yield await sealingFinding(config, engine);
  yield* conditionFindings(await conditionOf(engine));
}

async function sealingFinding(config: Config, engine: Engine): Promise<Finding> {
  const seal = sealOf(config);
  const state = await sealingState(engine, seal);
  switch (state) {
    case "foreign":
      return broken("sealed", new ForeignDatabase(config.databasePath).message);
    case "rotating":
      return look("sealed", "a rotation was cut short; run: lipia secret rotate");
    case "current":
      try {
        await assertSampleOpens(engine, seal);
        return ok("sealed", "the secret opens what is stored");
      } catch (error) {
        return broken("sealed", wordsOf(error));
      }
  }
}

function* conditionFindings({ attempts, aged, waitingCallbacks, orphans }: Condition) {
  const of = (state: keyof Condition["attempts"]) => attempts[state] ?? 0;
  const waiting = of("created") + of("sending") + of("pending");
  yield ok("prompts", `${waiting} waiting, ${of("in_doubt")} in doubt, ${of("confirmed")} paid`);
  if (aged > 0) {
    yield look("in doubt", `${aged} for more than a day; settle them with M-Pesa's own records`);
  }
  if (of("review") > 0) {
    yield look("review", `${of("review")} where money and evidence contradict; a person decides`);
  }
  yield waitingCallbacks === 0
    ? ok("callbacks", "all of known payments are applied")
    : look("callbacks", `${waitingCallbacks} kept but not applied; a running server does it`);
  yield orphans === 0
    ? ok("orphans", "no callback waits for a payment that is unknown here")
    : look("orphans", `${orphans} callbacks of payments that are unknown here; see: lipia orphans`);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
