/** What is done to a backup before it becomes the database. */
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Engine, Template } from "../db/engine.ts";
import { run } from "../db/engine.ts";
import { ForeignDatabase } from "../db/open-database.ts";
import { assertSampleOpens, reseal, sealingState } from "../db/sealing.ts";
import { openSqlite } from "../db/sqlite.ts";
import { createStore } from "../db/store.ts";
import { sealOf } from "./house.ts";

/** A session that was ended after the backup would live again. */
const dropSessions: Template = (db, t) => db.delete(t.sessions);
/** One that was used or revoked after the backup would open again. */
const dropInvitations: Template = (db, t) => db.delete(t.invitations);
/** Of the server that ran when the backup was made. */
const dropLeases: Template = (db, t) => db.delete(t.leases);

/**
 * Brings a copy up to this version and under the secret of now.
 * @throws UnfitDatabase when the secret does not open it.
 */
export async function prepareRestored(path: string, config: Config): Promise<void> {
  const seal = sealOf(config);
  const engine: Engine = await openSqlite(path, { company: "alone", mustExist: true });
  try {
    const state = await sealingState(engine, seal);
    if (state === "foreign") throw new ForeignDatabase("The backup");
    await assertSampleOpens(engine, seal);
    if (state === "rotating") await reseal(engine, seal);
    await engine.commit([run(dropSessions, {}), run(dropInvitations, {}), run(dropLeases, {})]);
    await createStore(engine, seal).audit.append({
      at: systemClock().now(),
      actor: "command",
      action: "backup_restored",
      target: null,
      details: {},
    });
  } finally {
    await engine.close();
  }
}
