/** Opening the configured database under its secret, as the server and the commands do. */
import { existsSync } from "node:fs";
import type { Log, Seal } from "../ports.ts";
import type { Engine } from "./engine.ts";
import { reseal, sealingState } from "./sealing.ts";
import { openSqlite } from "./sqlite.ts";
import { UnfitDatabase } from "./unfit.ts";

/** The file was sealed under a secret that is not on the ring. */
export class ForeignDatabase extends UnfitDatabase {
  constructor(path: string) {
    super(
      `${path} was sealed with another secret than the one configured. Put that secret back (LIPIA_SECRET, or lipia.secret beside the database): without it nothing stored can be read, and callbacks would count as forged.`,
    );
  }
}

/**
 * Opens the file; a rotation that was cut short is ended first, for which nobody else may have the
 * file open. Whether its structure is whole is another question (soundness.ts).
 * @throws UnfitDatabase with a sentence for the person who runs this.
 */
export async function openDatabase(path: string, seal: Seal, log: Log): Promise<Engine> {
  const engine = await openSqlite(path);
  const state = await sealingState(engine, seal);
  if (state === "current") return engine;
  await engine.close();
  if (state === "foreign") throw new ForeignDatabase(path);
  log.warn("rotation_resumed");
  await resealAlone(path, seal);
  return openSqlite(path);
}

/** Brings a database under the secret of now, alone with it; gives the number of rows. */
export async function resealAlone(path: string, seal: Seal): Promise<number> {
  const engine = await openSqlite(path, { company: "alone" });
  try {
    return await reseal(engine, seal);
  } finally {
    await engine.close();
  }
}

/** For commands that work on what is there: a missing file is said, not made. */
export function assertExists(path: string): void {
  if (!existsSync(path)) throw new UnfitDatabase(`There is no database at ${path}.`);
}
