/** Databases that this program cannot work on; each message is for the person who runs it. */

export class UnfitDatabase extends Error {}

/** The file's own structure is broken: only a backup helps. */
export class DamagedDatabase extends UnfitDatabase {
  /** What was found first, in SQLite's words. */
  readonly finding: string;
  constructor(path: string, finding: string) {
    const words = finding.replace(/\s+/g, " ").trim();
    super(
      `The database ${path} is damaged (${words}). Keep the file, and put the newest backup in its place: lipia restore FILE`,
    );
    this.finding = words;
  }
}

/** Another process has the file open where it must be nobody's. */
export class DatabaseInUse extends UnfitDatabase {
  constructor(path: string) {
    super(
      `Another program has ${path} open: a server, or another lipia command. Stop it and try again.`,
    );
  }
}

/** What SQLite answers when it cannot make sense of a file. */
export function isDamage(error: unknown): error is Error {
  return hasCode(error, /^SQLITE_(CORRUPT|NOTADB)/);
}

/** Another connection holds a lock for longer than the patience. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, /^SQLITE_BUSY/);
}

function hasCode(error: unknown, pattern: RegExp): boolean {
  return error instanceof Error && "code" in error && pattern.test(String(error.code));
}
