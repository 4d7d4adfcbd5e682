/** Looks at what is worth an alert and keeps for every person what they were not told of yet. */
import type { Callbacks } from "../../shared/insight-words.ts";
import { nairobiDay } from "../../shared/nairobi.ts";
import type { Environment, PaymentStatus } from "../../shared/words.ts";
import { type AlertScene, mattersOf } from "../core/alerts.ts";
import type { Instant, MerchantId } from "../core/payment.ts";
import { callbacksOf, WEATHER_WINDOW_MS } from "../core/weather.ts";
import type {
  AlertStore,
  BookmarkStore,
  Clock,
  InsightStore,
  Log,
  MerchantStore,
  PaymentStore,
  Scope,
} from "../ports.ts";

export interface WatchDeps {
  readonly alerts: AlertStore;
  readonly insight: InsightStore;
  readonly payments: PaymentStore;
  readonly bookmarks: BookmarkStore;
  readonly merchants: Pick<MerchantStore, "ofEnvironment">;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
}

/** Each merchant's newest that wait; more of them at once are one trouble, and the mail's list is shorter. */
const WATCHED_MAX = 50;
/** The tries that tell of callbacks belong to payments opened within this. */
const OPENED_WITHIN_MS = 3_600_000;

/** Raises what is new at any merchant for everybody who wants mails of its kind; how many were raised. */
export async function watchAlerts(deps: WatchDeps): Promise<number> {
  const readers = await deps.alerts.readers();
  if (readers.length === 0) return 0;
  const now = deps.clock.now();
  const all = await deps.merchants.ofEnvironment(deps.environment);
  const scenes = await Promise.all(all.map(({ id }) => sceneOf(deps, id, now)));
  const matters = scenes.flatMap((scene) => mattersOf(scene, now));
  let raised = 0;
  for (const { userId, kinds } of readers) {
    const wanted = matters.filter(({ kind }) => kinds.includes(kind));
    raised += await deps.alerts.raise(userId, wanted, now);
  }
  if (raised > 0) deps.log.info("alerts_raised", { count: raised });
  return raised;
}

async function sceneOf(deps: WatchDeps, merchantId: MerchantId, now: Instant): Promise<AlertScene> {
  const { insight, payments, environment } = deps;
  const scope = { merchantId, environment };
  const today = nairobiDay(now);
  const newest = async (status: PaymentStatus) =>
    (await payments.list({ ...scope, statuses: [status], limit: WATCHED_MAX })).rows;
  const [inDoubt, inReview, tries, reasons] = await Promise.all([
    newest("in_doubt"),
    newest("review"),
    insight.recentTries(scope, now - WEATHER_WINDOW_MS, now - OPENED_WITHIN_MS),
    insight.cells(scope, "reason", today, today),
  ]);
  const callbacks = callbacksOf(tries, now);
  return {
    ...scope,
    inDoubt,
    inReview,
    callbacks,
    silenceEndedAt: await silenceEnd(deps, scope, callbacks, now),
    reasons,
  };
}

/**
 * Two marks, so that hearing callbacks on an ordinary day writes nothing: when a silence was seen
 * last, and when one ended last. The next silence is a new matter only after an end.
 */
async function silenceEnd(
  { bookmarks }: WatchDeps,
  scope: Scope,
  callbacks: Callbacks,
  now: Instant,
): Promise<Instant> {
  const name = (what: string) => `alerts ${what} ${scope.merchantId} ${scope.environment}`;
  const ended = (await bookmarks.read(name("silence over"))) ?? 0;
  const began = (await bookmarks.read(name("silence"))) ?? 0;
  if (callbacks === "silent" && began <= ended) await bookmarks.move(name("silence"), now);
  if (callbacks !== "heard" || began <= ended) return ended;
  await bookmarks.move(name("silence over"), now);
  return now;
}
