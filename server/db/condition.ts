/** How a house stands, in a few counts: what `lipia doctor` tells. */
import { and, count, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { AttemptState } from "../../shared/words.ts";
import type { Engine, Template } from "./engine.ts";

export interface Condition {
  readonly attempts: Readonly<Partial<Record<AttemptState, number>>>;
  /** In doubt for a day and more. */
  readonly aged: number;
  /** Kept, of attempts that are known, and not applied yet. */
  readonly waitingCallbacks: number;
  /** Kept, of attempts that are unknown here. */
  readonly orphans: number;
}

const byState: Template<{ state: AttemptState; rows: number }[]> = (db, t) =>
  db
    .select({ state: t.attempts.state, rows: count().mapWith(Number) })
    .from(t.attempts)
    .groupBy(t.attempts.state);

const agedDoubts: Template<{ rows: number }[]> = (db, t) =>
  db
    .select({ rows: count().mapWith(Number) })
    .from(t.attempts)
    .where(and(eq(t.attempts.state, "in_doubt"), sql`${t.attempts.flags} like '%"aged"%'`));

const unapplied =
  (known: "known" | "unknown"): Template<{ rows: number }[]> =>
  (db, t) =>
    db
      .select({ rows: count().mapWith(Number) })
      .from(t.inbox)
      .leftJoin(t.attempts, eq(t.attempts.id, t.inbox.attemptId))
      .where(
        and(
          isNull(t.inbox.appliedAt),
          known === "known" ? isNotNull(t.attempts.id) : isNull(t.attempts.id),
        ),
      );
const waiting = unapplied("known");
const orphaned = unapplied("unknown");

/** Counts; reads all attempts, so it is for a person who asks and not for every minute. */
export async function conditionOf(engine: Engine): Promise<Condition> {
  const states = await engine.read(byState, {});
  const only = async (template: Template<{ rows: number }[]>) =>
    (await engine.read(template, {}))[0]?.rows ?? 0;
  return {
    attempts: Object.fromEntries(states.map(({ state, rows }) => [state, rows])),
    aged: await only(agedDoubts),
    waitingCallbacks: await only(waiting),
    orphans: await only(orphaned),
  };
}
