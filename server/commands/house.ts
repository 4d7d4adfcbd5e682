/** The configured database, opened for a command and closed after it. */
import { type Config, readConfig } from "../config.ts";
import { openDatabase } from "../db/open-database.ts";
import { createSeal } from "../db/seal.ts";
import { createStore } from "../db/store.ts";
import { createLog } from "../log.ts";
import type { Seal, Store } from "../ports.ts";

export interface CommandHouse {
  readonly config: Config;
  readonly seal: Seal;
  readonly store: Store;
}

/** The seal of a configuration: the secret of now, and those before it to open with. */
export function sealOf(config: Config): Seal {
  return createSeal(config.secret, config.formerSecrets);
}

/** Opens, uses, closes. Works whether or not the server runs. */
export async function withHouse<T>(use: (house: CommandHouse) => Promise<T>): Promise<T> {
  const config = readConfig();
  const seal = sealOf(config);
  const log = createLog(config.logLevel);
  const engine = await openDatabase(config.databasePath, seal, log);
  const store = createStore(engine, seal, log);
  try {
    return await use({ config, seal, store });
  } finally {
    await store.close();
  }
}
