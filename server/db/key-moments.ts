/**
 * Since when each key of the ring is in use. The ring may not say when a former secret retired, as
 * where the environment holds it; then the database knows, and nothing made under a secret after
 * that is believed (tokens.ts).
 */
import { desc, eq } from "drizzle-orm";
import type { Instant, PaymentId } from "../core/payment.ts";
import { madeAt } from "../ids.ts";
import type { FormerSecret, KeyRing } from "../secret.ts";
import { type Engine, run, type Statement, type Template } from "./engine.ts";
import { keyIdOf } from "./seal.ts";
import { rowSlots, slot } from "./slots.ts";

/** The bookmark of a key: when a server first ran under it. */
const nameOf = (keyId: string) => `key ${keyId}`;

const readMoment: Template<{ at: number }[]> = (db, t) =>
  db
    .select({ at: t.bookmarks.at })
    .from(t.bookmarks)
    .where(eq(t.bookmarks.name, slot("name")));

const insertMoment: Template = (db, t) =>
  db.insert(t.bookmarks).values(rowSlots(t.bookmarks)).onConflictDoNothing();

const dropMoment: Template = (db, t) =>
  db.delete(t.bookmarks).where(eq(t.bookmarks.name, slot("name")));

/** For the transaction that ends a rotation: a key that comes back counts from its return. */
export function forgetMoment(keyId: string): Statement {
  return run(dropMoment, { name: nameOf(keyId) });
}

const newestPayment: Template<{ id: PaymentId }[]> = (db, t) =>
  db.select({ id: t.payments.id }).from(t.payments).orderBy(desc(t.payments.id)).limit(1);

/**
 * When the newest payment was opened: a clock that is far behind at a rotation would else retire the
 * former secret before the payments whose callbacks it signed.
 */
async function newestKnown(engine: Engine): Promise<Instant> {
  const [row] = await engine.read(newestPayment, {});
  return row === undefined ? 0 : madeAt(row.id);
}

/**
 * At start: notes that the server runs under the current secret.
 * @returns the former secrets, each with the moment it retired: as the ring says, else when
 * the next one came into use.
 */
export async function datedFormer(
  engine: Engine,
  { current, former }: KeyRing,
  at: Instant,
): Promise<readonly FormerSecret[]> {
  const since = async (secret: Buffer): Promise<Instant | null> => {
    const [row] = await engine.read(readMoment, { name: nameOf(keyIdOf(secret)) });
    return row?.at ?? null;
  };
  const now = Math.max(at, await newestKnown(engine));
  await engine.commit([run(insertMoment, { name: nameOf(keyIdOf(current)), at: now })]);
  const ofNow = (await since(current)) ?? now;
  const known = [ofNow];
  const dated: FormerSecret[] = [];
  for (const { secret, retiredAt } of former) {
    const began = await since(secret);
    const later = known.filter((moment) => began === null || moment > began);
    dated.push({ secret, retiredAt: retiredAt ?? Math.min(...(later.length ? later : [ofNow])) });
    if (began !== null) known.push(began);
  }
  return dated;
}
