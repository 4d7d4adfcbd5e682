/** `lipia restore`: a verified backup in the place of the database. */
import { existsSync, linkSync, renameSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { systemClock } from "../clock.ts";
import { type Config, readConfig } from "../config.ts";
import {
  copyOnline,
  describeFile,
  examine,
  type FileReport,
  flush,
  type HeldFile,
  holdAlone,
  makeWhole,
  SIDE_FILES,
} from "../db/sqlite-file.ts";
import { DamagedDatabase, UnfitDatabase } from "../db/unfit.ts";
import { answer, type Command, onlyPositional, remark, UsageError } from "./command.ts";
import { withDraft } from "./draft.ts";
import { holdingsWords } from "./figures.ts";
import { prepareRestored } from "./prepare-restored.ts";
import { refuseWhileServed } from "./served.ts";

export const restore: Command = {
  name: "restore",
  usage: "FILE",
  summary: "put a backup in the place of the database; the server must be stopped",
  help: `Verifies FILE first: its structure, that it is Lipia's and not of a newer version, and that the
secret opens what is sealed in it. Then the present database is moved aside, as
lipia.db.before-restore-TIME, and the copy takes its place. FILE itself is not changed.

Refused while a server uses the database. Everybody who was signed in signs in again. Callbacks that
still come for payments the backup does not know are kept; lipia orphans lists them.`,
  options: {},
  async run(given) {
    const file = resolve(onlyPositional(given, "Name one file: lipia restore FILE"));
    if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
    const config = readConfig();
    const path = resolve(config.databasePath);
    if (file === path) throw new UsageError("FILE is the database itself.");
    refuseWhileServed(path, systemClock().now());
    await restoreOver(config, path, file);
    return 0;
  },
};

/** Null when there is nothing to hold: no database, or one too broken to be locked. */
async function holdPresent(config: Config, path: string): Promise<HeldFile | null> {
  if (!existsSync(path)) return null;
  try {
    return holdAlone(path);
  } catch (error) {
    if (!(error instanceof DamagedDatabase)) throw error;
    await refuseIfAnswering(config);
    remark(`The present database is damaged (${error.finding}); it is moved aside as it is.`);
    return null;
  }
}

/** A file that cannot be read cannot say who uses it; a server that runs answers. */
async function refuseIfAnswering({ host, port }: Config): Promise<void> {
  const address = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `http://${address.includes(":") ? `[${address}]` : address}:${port}/healthz`;
  const answers = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (answers) throw new UsageError(`A server answers at ${url}. Stop it and try again.`);
}

/** Everything that may be refused comes first; then the present database is touched. */
async function restoreOver(config: Config, path: string, file: string): Promise<void> {
  const stamp = new Date(systemClock().now()).toISOString().replace(/[:.]/g, "-");
  const aside = `${path}.before-restore-${stamp}`;
  verify(file);
  await withDraft(path, "restoring", async (draft) => {
    await copyOnline(file, draft.path);
    await draft.hear();
    await prepareRestored(draft.path, config);
    makeWhole(draft.path);
    const report = describeFile(draft.path);
    const held = await holdPresent(config, path);
    try {
      await draft.hear();
      swap(path, draft.path, aside);
    } finally {
      held?.release();
    }
    tell(report, existsSync(aside) ? aside : null);
  });
}

/** As `examine`, but a broken backup is no reason to restore a backup. */
function verify(file: string): void {
  try {
    examine(file);
  } catch (error) {
    if (!(error instanceof DamagedDatabase)) throw error;
    throw new UnfitDatabase(
      `${file} is damaged or no database (${error.finding}). Nothing was changed; take another backup.`,
    );
  }
}

/**
 * The present file gets its second name first, so that at no moment there is no database: a server
 * that starts meanwhile would make an empty one.
 */
function swap(path: string, draft: string, aside: string): void {
  if (existsSync(path)) {
    try {
      linkSync(path, aside);
    } catch {
      // A file system without hard links.
      renameSync(path, aside);
    }
  }
  for (const side of SIDE_FILES) {
    if (existsSync(path + side)) renameSync(path + side, aside + side);
  }
  renameSync(draft, path);
  flush(dirname(path));
}

function tell(report: FileReport, aside: string | null): void {
  answer(`Restored: ${holdingsWords(report)}.`);
  if (aside !== null) answer(`The database of until now is kept as ${aside}.`);
  answer(
    "What happened since the backup is not in it. Callbacks that still come for payments it does",
  );
  answer("not know are kept, and listed by: lipia orphans");
  answer("Everybody signs in again. Start the server now.");
}
