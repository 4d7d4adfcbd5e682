/**
 * Numbers of payments that were over long ago go every night, as the owner has set it. Payment by
 * payment with pauses between, so that whoever pays at night does not wait; whatever a stop leaves
 * is done by the next run.
 */
import { nairobiDay } from "../../shared/nairobi.ts";
import { RETENTION_COUNT_MAX, type RetentionDays } from "../../shared/retention-words.ts";
import type { Instant } from "../core/payment.ts";
import type {
  AgeingMark,
  AgeingStore,
  AuditStore,
  BookmarkStore,
  Clock,
  Log,
  Scope,
} from "../ports.ts";

export interface AgeOutDeps {
  readonly ageing: AgeingStore;
  readonly bookmarks: BookmarkStore;
  readonly audit: Pick<AuditStore, "append">;
  readonly scope: Scope;
  readonly clock: Clock;
  readonly log: Log;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EAT_MS = 3 * HOUR_MS;
/** The quietest hours of shops begin here, in Nairobi. */
const NIGHT_FROM_HOUR = 1;
/** Payments looked for at once, and the pause after them. */
const SLICE = 50;
const PAUSE_MS = 100;
/** Only counted: longer slices, shorter pauses. */
const COUNT_SLICE = 1_000;

/** Names of bookmarks: from when on the next run may begin, and when the last one ended. */
function marks({ merchantId, environment }: Scope) {
  const of = (what: string) => `ageing ${what} ${merchantId} ${environment}`;
  return { waits: of("waits since"), ended: of("ended") };
}

/** When the last run ended, or null. */
export function lastRun({ bookmarks, scope }: Pick<AgeOutDeps, "bookmarks" | "scope">) {
  return bookmarks.read(marks(scope).ended);
}

/** The first run after a change comes in the night after it, so that there is time to think again. */
export async function waitForNight(
  { bookmarks, scope }: Pick<AgeOutDeps, "bookmarks" | "scope">,
  at: Instant,
): Promise<void> {
  await bookmarks.move(marks(scope).waits, at);
}

/** Runs when it is night, once a day; does nothing while numbers are kept for ever. */
export async function ageOutNightly(deps: AgeOutDeps, resting: AbortSignal): Promise<void> {
  const { ageing, bookmarks, scope, clock } = deps;
  const { days } = await ageing.retentionOf(scope.merchantId);
  const now = clock.now();
  if (days === null || !isNight(now, await bookmarks.read(marks(scope).waits))) return;
  if ((await run(deps, days, now, resting)) === "stopped") return;
  await bookmarks.move(marks(scope).waits, now);
  await bookmarks.move(marks(scope).ended, clock.now());
}

/** A server that slept through the night runs when it wakes. */
function isNight(now: Instant, waitsSince: Instant | null): boolean {
  const today = nairobiDay(now);
  const hour = Math.floor(((now + EAT_MS) % DAY_MS) / HOUR_MS);
  return hour >= NIGHT_FROM_HOUR && (waitsSince === null || nairobiDay(waitsSince) < today);
}

async function run(
  deps: AgeOutDeps,
  days: RetentionDays,
  now: Instant,
  resting: AbortSignal,
): Promise<"done" | "stopped"> {
  const { ageing, scope, clock, log } = deps;
  const counts = { payments: 0, attempts: 0, callbacks: 0 };
  let stopped = false;
  for (let mark: AgeingMark | null | "begin" = "begin"; mark !== null && !stopped; ) {
    const from: AgeingMark | null = mark === "begin" ? null : mark;
    const slice = await ageing.due(scope, "all", now - days * DAY_MS, from, SLICE);
    for (const id of slice.ids) {
      const done = await ageing.ageOut(id, now);
      if (done.kind === "left" || done.attempts + done.callbacks === 0) continue;
      counts.payments += 1;
      counts.attempts += done.attempts;
      counts.callbacks += done.callbacks;
    }
    mark = slice.next;
    await clock.sleep(PAUSE_MS, resting).catch(() => undefined);
    stopped = resting.aborted;
  }
  if (counts.payments > 0) {
    const details = { days, ...counts };
    const entry = { actor: "system", action: "numbers_aged_out", target: null } as const;
    await deps.audit.append({ ...entry, at: clock.now(), details });
    log.info("numbers_aged_out", { count: counts.payments });
  }
  return stopped ? "stopped" : "done";
}

/** How many payments a run at this moment would take numbers out of. */
export async function countDue(
  { ageing, scope, clock }: Pick<AgeOutDeps, "ageing" | "scope" | "clock">,
  days: RetentionDays,
): Promise<{ readonly payments: number; readonly more: "no" | "yes" }> {
  const before = clock.now() - days * DAY_MS;
  let payments = 0;
  let from: AgeingMark | null = null;
  do {
    const slice = await ageing.due(scope, "holding", before, from, COUNT_SLICE);
    payments += slice.ids.length;
    from = slice.next;
    await clock.sleep(0);
  } while (from !== null && payments < RETENTION_COUNT_MAX);
  return { payments, more: from === null ? "no" : "yes" };
}
