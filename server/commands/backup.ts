/** `lipia backup`: a verified copy of the database while the server runs. */
import { existsSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Config, readConfig } from "../config.ts";
import { assertExists } from "../db/open-database.ts";
import {
  copyOnline,
  describeFile,
  examine,
  type FileReport,
  flush,
  SIDE_FILES,
} from "../db/sqlite-file.ts";
import { UnfitDatabase } from "../db/unfit.ts";
import { answer, type Command, onlyPositional, UsageError } from "./command.ts";
import { withDraft } from "./draft.ts";
import { holdingsWords, sizeWords } from "./figures.ts";

export const backup: Command = {
  name: "backup",
  usage: "FILE [--overwrite]",
  summary: "copy the database into FILE while the server runs, and verify the copy",
  help: `Copies the whole database, as it is at one moment, with SQLite's online backup; the server goes on
serving. The copy is written beside FILE under another name, checked (structure, references, row
counts), flushed, and only then named FILE, readable by its owner only. An existing FILE is kept
unless --overwrite is given.

Phone numbers and messages in the copy are sealed: without the secret (LIPIA_SECRET, or the file
lipia.secret beside the database) it cannot be used. Keep the secret too, in another place than the
copy: who has both has everything.`,
  options: { overwrite: { type: "boolean" } },
  async run(given) {
    const file = resolve(onlyPositional(given, "Name one file: lipia backup FILE"));
    const config = readConfig();
    assertExists(config.databasePath);
    refuseTarget(file, config, given.flag("overwrite"));
    const report = await verifiedCopy(config.databasePath, file);
    answer(`${file}: ${sizeWords(report.sizeBytes)}, ${holdingsWords(report)}`);
    answer(`Verified. ${secretReminder(config)}`);
    return 0;
  },
};

function refuseTarget(file: string, { databasePath }: Config, overwrite: boolean): void {
  const folder = dirname(file);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UsageError(`There is no folder ${folder}.`);
  }
  if (isOfDatabase(file, databasePath)) {
    throw new UsageError("FILE is the database itself; name another file.");
  }
  if (!existsSync(file)) return;
  if (!statSync(file).isFile()) throw new UsageError(`${file} is not a file.`);
  if (!overwrite) throw new UsageError(`${file} exists; give --overwrite to replace it.`);
}

/**
 * Is FILE the database, or a file that belongs to it, by whatever name? A link that leads there
 * would put the copy in the place of a file that a server has open.
 */
function isOfDatabase(file: string, databasePath: string): boolean {
  const database = realpathSync(databasePath);
  const there = join(realpathSync(dirname(file)), basename(file));
  const named = existsSync(there) ? realpathSync(there) : there;
  const own = [database, ...SIDE_FILES.map((side) => database + side)];
  if (own.includes(there) || own.includes(named)) return true;
  return existsSync(named) && isSameFile(named, database);
}

/** One file under two names, as a hard link makes it. */
function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}

/** FILE appears whole and verified, or not at all. */
async function verifiedCopy(from: string, file: string): Promise<FileReport> {
  return withDraft(file, "making", async (draft) => {
    const before = describeFile(from);
    await copyOnline(from, draft.path);
    await draft.hear();
    const report = examine(draft.path);
    await draft.hear();
    if (!holdsAtLeast(report, before)) {
      throw new UnfitDatabase(
        "The copy holds fewer rows than the database; nothing was kept of it.",
      );
    }
    for (const side of SIDE_FILES) rmSync(file + side, { force: true });
    renameSync(draft.path, file);
    flush(dirname(file));
    return report;
  });
}

/** These rows are never deleted, so a later copy holds as many or more. */
function holdsAtLeast(copy: FileReport, before: FileReport): boolean {
  return (
    copy.payments >= before.payments &&
    copy.attempts >= before.attempts &&
    copy.callbacks >= before.callbacks
  );
}

function secretReminder({ secretFile }: Config): string {
  const where = secretFile === null ? "LIPIA_SECRET" : `the file ${secretFile}`;
  return `Keep the secret too (${where}), apart from this copy: without it the copy cannot be opened.`;
}
