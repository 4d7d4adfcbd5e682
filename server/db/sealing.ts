/**
 * Which secret a database stands under, and bringing it under another (rotation). Each batch is
 * one transaction that rewrites seal and hash of a row together; sealed texts name their key, so
 * whatever a crash leaves is known and the rest is done by running again.
 */
import { sql } from "drizzle-orm";
import type { Seal } from "../ports.ts";
import { type Engine, must, run, type Statement, type Template } from "./engine.ts";
import { forgetMoment } from "./key-moments.ts";
import { type Page, passes, type SealedRow, type SealPass } from "./reseal-passes.ts";
import { sealedPrefix } from "./seal.ts";
import { slot } from "./slots.ts";
import { UnfitDatabase } from "./unfit.ts";

/** `rotating`: sealed under a former secret, at least in part. `foreign`: under one we do not have. */
export type SealingState = "current" | "rotating" | "foreign";

const insertMark: Template = (db, t) =>
  db
    .insert(t.sealing)
    .values({ id: 1, keyId: sql`${slot("keyId")}` })
    .onConflictDoNothing();

const readMark: Template<{ keyId: string }[]> = (db, t) =>
  db.select({ keyId: t.sealing.keyId }).from(t.sealing);

const moveMark: Template = (db, t) =>
  db
    .update(t.sealing)
    .set({ keyId: sql`${slot("keyId")}` })
    .returning({ id: t.sealing.id });

const dropAnswers: Template = (db, t) => db.delete(t.idempotency);

export interface ResealOptions {
  /** Hears after each transaction. */
  readonly afterBatch?: () => void;
  /** Smaller transactions than usual. */
  readonly batchMax?: number;
}

/** Says under which secret the database stands; a fresh one is put under the secret of now. */
export async function sealingState(engine: Engine, seal: Seal): Promise<SealingState> {
  const known = await engine.read(readMark, {});
  if (known.length === 0) await engine.commit([run(insertMark, { keyId: seal.keyId })]);
  const [mark] = known.length === 0 ? await engine.read(readMark, {}) : known;
  if (mark?.keyId === seal.keyId) return "current";
  return mark !== undefined && seal.knows(mark.keyId) ? "rotating" : "foreign";
}

/**
 * Seals and hashes everything anew under the secret of now. Kept answers to idempotent calls are
 * dropped: what their hashes are of is not stored. Safe to repeat after a crash at any point.
 * @returns how many rows were rewritten.
 */
export async function reseal(
  engine: Engine,
  seal: Seal,
  { afterBatch = () => {}, batchMax = Number.POSITIVE_INFINITY }: ResealOptions = {},
): Promise<number> {
  let done = 0;
  for (const pass of passes) {
    done += await resealPass(
      engine,
      seal,
      { ...pass, batch: Math.min(pass.batch, batchMax) },
      afterBatch,
    );
  }
  await engine.commit([
    run(dropAnswers, {}),
    must("unique", run(moveMark, { keyId: seal.keyId })),
    forgetMoment(seal.keyId),
  ]);
  return done;
}

/**
 * Opens everything that is sealed, changing nothing.
 * @throws UnfitDatabase at the first text that cannot be opened: rotating would stop there.
 */
export async function assertAllOpens(engine: Engine, seal: Seal): Promise<void> {
  // No key has this prefix, so every row counts as left to do.
  const everything = { prefix: "-", length: 1 };
  for (const pass of passes) {
    for (let after = ""; ; ) {
      const rows = await engine.read(pass.read, { ...everything, after, limit: pass.batch });
      const last = rows.at(-1);
      if (last === undefined) break;
      for (const row of rows) assertOpens(row, seal);
      after = last.id;
    }
  }
}

/** Opens a few texts of each kind: says in a moment whether the secret is the right one. */
export async function assertSampleOpens(engine: Engine, seal: Seal): Promise<void> {
  for (const pass of passes) {
    const rows = await engine.read(pass.read, { prefix: "-", length: 1, after: "", limit: 3 });
    for (const row of rows) assertOpens(row, seal);
  }
}

function assertOpens({ id, one, two }: SealedRow, seal: Seal): void {
  try {
    for (const sealed of [one, two]) if (sealed !== null) seal.open(sealed);
  } catch {
    throw new UnfitDatabase(`The secret does not open what is sealed in the row ${id}.`);
  }
}

async function resealPass(
  engine: Engine,
  seal: Seal,
  pass: SealPass,
  afterBatch: () => void,
): Promise<number> {
  const prefix = sealedPrefix(seal.keyId);
  const where: Page = { prefix, length: prefix.length, after: "", limit: pass.batch };
  let done = 0;
  for (let after = ""; ; ) {
    const rows = await engine.read(pass.read, { ...where, after });
    const last = rows.at(-1);
    if (last === undefined) return done;
    const statements: Statement[] = rows.map((row) =>
      must("unique", run(pass.write, pass.renewed(row, seal))),
    );
    const written = await engine.commit(statements);
    if (!written.ok) throw new Error("a row changed under the rotation; run it again");
    after = last.id;
    done += rows.length;
    afterBatch();
  }
}
