/**
 * Numbers of payments that were over long ago go every night, as each merchant's owner has set it.
 * Payment by payment with pauses between, so that whoever pays at night does not wait; whatever a
 * stop leaves is done by the next run.
 */
import { nairobiDay } from "../../shared/nairobi.ts";
import { RETENTION_COUNT_MAX, type RetentionDays } from "../../shared/retention-words.ts";
import type { Environment } from "../../shared/words.ts";
import type { Instant } from "../core/payment.ts";
import type {
  AgeingMark,
  AgeingStore,
  AuditDetails,
  AuditStore,
  BookmarkStore,
  Clock,
  KnownMerchant,
  Log,
  MerchantStore,
  Scope,
} from "../ports.ts";
import { whoseChange } from "./whose-change.ts";

export interface AgeOutDeps {
  readonly ageing: AgeingStore;
  readonly bookmarks: BookmarkStore;
  readonly audit: Pick<AuditStore, "append">;
  readonly merchants: Pick<MerchantStore, "ofEnvironment">;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
}
type Marking = Pick<AgeOutDeps, "bookmarks">;

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
function marks(whose: string) {
  const of = (what: string) => `ageing ${what} ${whose}`;
  return { waits: of("waits since"), ended: of("ended") };
}
const ofMerchant = ({ merchantId, environment }: Scope) => marks(`${merchantId} ${environment}`);
const ofOrphans = (environment: Environment) => marks(`orphans ${environment}`);

/** When the last run of a merchant ended, or null. */
export function lastRun({ bookmarks }: Marking, scope: Scope) {
  return bookmarks.read(ofMerchant(scope).ended);
}

/** The first run after a change comes in the night after it, so that there is time to think again. */
export async function waitForNight(
  { bookmarks }: Marking,
  scope: Scope,
  at: Instant,
): Promise<void> {
  await bookmarks.move(ofMerchant(scope).waits, at);
  await bookmarks.move(ofOrphans(scope.environment).waits, at);
}

/** Runs when it is night, once a day for each merchant; one at fault holds up no other. */
export async function ageOutNightly(deps: AgeOutDeps, resting: AbortSignal): Promise<void> {
  const merchants = await deps.merchants.ofEnvironment(deps.environment);
  const faults: unknown[] = [];
  for (const pass of [
    ...merchants.map((merchant) => () => ageOutMerchant(deps, merchant, resting)),
    () => ageOutOrphans(deps, merchants, resting),
  ]) {
    if (resting.aborted) return;
    await pass().catch((fault: unknown) => faults.push(fault));
  }
  if (faults.length > 0) throw faults[0];
}

async function ageOutMerchant(
  deps: AgeOutDeps,
  merchant: KnownMerchant,
  resting: AbortSignal,
): Promise<void> {
  const { environment } = deps;
  const scope = { merchantId: merchant.id, environment };
  const { days } = await deps.ageing.retentionOf(merchant.id);
  if (days === null) return;
  await whenNight(deps, ofMerchant(scope), async (now) => {
    const { kind, counts, unopened } = await run(deps, scope, { days, now }, resting);
    if (unopened > 0) {
      deps.log.error("numbers_not_aged_out", { merchantId: merchant.id, count: unopened });
    }
    if (counts.payments > 0) {
      await tell(deps, merchant.id, { ...whoseChange(merchant), days, ...counts });
      deps.log.info("numbers_aged_out", { merchantId: merchant.id, count: counts.payments });
    }
    return kind;
  });
}

/**
 * Nobody can say whose a callback was whose attempt is unknown here. It keeps its number for as long
 * as the merchant that keeps them longest.
 */
async function ageOutOrphans(
  deps: AgeOutDeps,
  merchants: readonly KnownMerchant[],
  resting: AbortSignal,
): Promise<void> {
  const { ageing, bookmarks, environment } = deps;
  const kept = await Promise.all(merchants.map(({ id }) => ageing.retentionOf(id)));
  const days = longest(kept.map((one) => one.days));
  if (days === null) return;
  const names = ofOrphans(environment);
  await whenNight(deps, names, async (now) => {
    const before = now - days * DAY_MS;
    const done = `${names.ended} before`;
    const span = { since: (await bookmarks.read(done)) ?? 0, before };
    let callbacks = 0;
    for (let after: string | null = ""; after !== null && !resting.aborted; ) {
      const slice = await ageing.ageOutOrphans(environment, span, after);
      callbacks += slice.blanked;
      after = slice.next;
      await deps.clock.sleep(PAUSE_MS, resting).catch(() => undefined);
    }
    if (callbacks > 0) {
      await tell(deps, null, { days, callbacks });
      deps.log.info("orphans_aged_out", { count: callbacks });
    }
    if (resting.aborted) return "stopped";
    await bookmarks.move(done, before);
    return "done";
  });
}

/** Null is for ever. */
function longest(days: readonly (RetentionDays | null)[]): number | null {
  if (days.length === 0) return null;
  return days.reduce<number | null>((most, one) => {
    return most === null || one === null ? null : Math.max(most, one);
  }, 0);
}

/** Once in a night; a run that was stopped begins again. */
async function whenNight(
  { bookmarks, clock }: Pick<AgeOutDeps, "bookmarks" | "clock">,
  names: ReturnType<typeof marks>,
  pass: (now: Instant) => Promise<"done" | "stopped">,
): Promise<void> {
  const now = clock.now();
  if (!isNight(now, await bookmarks.read(names.waits))) return;
  if ((await pass(now)) === "stopped") return;
  await bookmarks.move(names.waits, now);
  await bookmarks.move(names.ended, clock.now());
}

async function tell(
  { audit, clock }: AgeOutDeps,
  target: string | null,
  details: AuditDetails,
): Promise<void> {
  const entry = { actor: "system", action: "numbers_aged_out", target } as const;
  await audit.append({ ...entry, at: clock.now(), details });
}

/** A server that slept through the night runs when it wakes. */
function isNight(now: Instant, waitsSince: Instant | null): boolean {
  const today = nairobiDay(now);
  const hour = Math.floor(((now + EAT_MS) % DAY_MS) / HOUR_MS);
  return hour >= NIGHT_FROM_HOUR && (waitsSince === null || nairobiDay(waitsSince) < today);
}

async function run(
  { ageing, clock }: AgeOutDeps,
  scope: Scope,
  { days, now }: { readonly days: RetentionDays; readonly now: Instant },
  resting: AbortSignal,
) {
  const counts = { payments: 0, attempts: 0, callbacks: 0 };
  let unopened = 0;
  let stopped = false;
  for (let mark: AgeingMark | null | "begin" = "begin"; mark !== null && !stopped; ) {
    const from: AgeingMark | null = mark === "begin" ? null : mark;
    const slice = await ageing.due(scope, "all", now - days * DAY_MS, from, SLICE);
    for (const id of slice.ids) {
      const done = await ageing.ageOut(id, now);
      if (done.kind === "unopened") unopened += 1;
      if (done.kind !== "blanked" || done.attempts + done.callbacks === 0) continue;
      counts.payments += 1;
      counts.attempts += done.attempts;
      counts.callbacks += done.callbacks;
    }
    mark = slice.next;
    await clock.sleep(PAUSE_MS, resting).catch(() => undefined);
    stopped = resting.aborted;
  }
  return { kind: stopped ? "stopped" : "done", counts, unopened } as const;
}

/** How many of a merchant's payments a run at this moment would take numbers out of. */
export async function countDue(
  { ageing, clock }: Pick<AgeOutDeps, "ageing" | "clock">,
  scope: Scope,
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
