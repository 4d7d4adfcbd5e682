/** Images of a database after a power cut: made from one instant, opened by the real store, judged. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { AttemptId } from "../core/payment.ts";
import { createSeal } from "../db/seal.ts";
import { openSqlite } from "../db/sqlite.ts";
import { createStore } from "../db/store.ts";
import { DRILL_SECRET } from "./canary-secrets.ts";
import type { Dice } from "./dice.ts";
import type { Tally } from "./drill.ts";
import { type Copy, committedEnd, halfCheckpointed, spoiltWal } from "./wal-image.ts";

export const seal = createSeal(Buffer.from(DRILL_SECRET, "hex"));

/** A callback that was answered 200. */
export interface Kept {
  readonly attemptId: AttemptId;
  readonly digest: string;
}

/** A database at one instant, and what it owes. */
export interface Frozen {
  readonly copy: Copy;
  /** Up to here the WAL was durable when the last of `demanded` was acknowledged. */
  readonly safe: number;
  readonly demanded: number;
}

interface Judging {
  readonly tally: Tally;
  readonly dice: Dice;
  readonly acknowledged: readonly Kept[];
}

/** Makes one image of an instant and opens it. */
export async function judge(scene: Judging, workplace: string, frozen: Frozen): Promise<void> {
  const { dice, tally } = scene;
  const { copy, safe } = frozen;
  const folder = join(workplace, "image");
  const path = join(folder, "lipia.db");
  const half = dice.chance(0.3);
  if (half) tally.count("half checkpoints");
  mkdirSync(folder);
  try {
    writeFileSync(path, half ? halfCheckpointed(dice, copy) : copy.db);
    // A checkpoint begins by flushing the WAL: all that is committed stays.
    const kept = half ? Math.max(safe, committedEnd(copy.wal)) : safe;
    writeFileSync(`${path}-wal`, spoiltWal(dice, copy.wal, kept));
    await openImage(scene, path, frozen.demanded);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The image as a start after the power cut finds it. */
async function openImage({ acknowledged, tally }: Judging, path: string, demanded: number) {
  const store = await openSqlite(path).then(
    (engine) => createStore(engine, seal),
    (error: unknown) => {
      tally.fault(`an image does not open: ${error instanceof Error ? error.message : "?"}`);
      return null;
    },
  );
  if (store === null) return;
  try {
    if (!isWhole(path)) tally.fault("an image is damaged");
    tally.count("acknowledged rows looked for", demanded);
    for (const { attemptId, digest } of acknowledged.slice(0, demanded)) {
      const kept = await store.inbox.known(attemptId, digest);
      if (kept === null) tally.fault(`an acknowledged callback of ${attemptId} is lost`);
      else if (!kept.applied) tally.fault(`the callback of ${attemptId} lost its move`);
    }
  } finally {
    await store.close();
  }
}

function isWhole(path: string): boolean {
  const db = new Database(path, { readonly: true });
  try {
    const broken = db.pragma("foreign_key_check") as unknown[];
    return db.pragma("integrity_check", { simple: true }) === "ok" && broken.length === 0;
  } finally {
    db.close();
  }
}
