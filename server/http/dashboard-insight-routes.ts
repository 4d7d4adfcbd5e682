/** The dashboard's home, and why payments fail: sums that the payments' own commits keep. */
import { Router } from "express";
import { type DashboardPayment, ROUTES } from "../../shared/api.ts";
import {
  failuresQuery,
  type HandView,
  type HomeView,
  homeQuery,
  type WatchedPayment,
} from "../../shared/insight-api.ts";
import type { HandCause } from "../../shared/insight-words.ts";
import { shillingsFromCents } from "../../shared/money.ts";
import { nairobiDay } from "../../shared/nairobi.ts";
import type { PaymentStatus } from "../../shared/words.ts";
import { waitingSince } from "../core/alerts.ts";
import { daySoFar, FLAGS_TO_SEE_TO, failuresOf, total, type Until } from "../core/insight.ts";
import type { Instant, PaymentWithAttempts } from "../core/payment.ts";
import { callbacksOf, WEATHER_WINDOW_MS, weatherOf } from "../core/weather.ts";
import { subjectOf } from "../flows/advance.ts";
import { standingProposal } from "../flows/two-people.ts";
import type { AlertStore, InsightStore, PaymentStore, ProposalStore, Scope } from "../ports.ts";
import {
  type InsightAcross,
  insightAcross,
  listAcross,
  type ScopelessFilter,
} from "./across-merchants.ts";
import { type ChoiceDeps, chosenScopes } from "./chosen-merchant.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { daySoFarView, failuresView, weatherView } from "./insight-views.ts";
import type { Problem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface InsightDeps extends SessionDeps, ChoiceDeps {
  readonly insight: InsightStore;
  readonly payments: PaymentStore;
  readonly proposals: ProposalStore;
  readonly alerts: Pick<AlertStore, "trouble">;
  /** The payment as a signed-in person may see it: no token, no full phone number. */
  readonly view: (payment: PaymentWithAttempts) => DashboardPayment;
}

/** The same for the merchants that one question is about. */
interface Asked {
  readonly insight: InsightAcross;
  readonly list: (filter: ScopelessFilter) => ReturnType<PaymentStore["list"]>;
  readonly load: PaymentStore["load"];
  /** Payments about which a second person is asked. */
  readonly proposed: (at: Instant) => Promise<readonly PaymentWithAttempts[]>;
  readonly view: InsightDeps["view"];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EAT_MS = 3 * HOUR_MS;
const LATEST_MAX = 8;
/** More than this is a list and no longer "first". */
const HANDS_MAX = 6;
/** Older payments than this many that wait have been told of long ago. */
const WATCHED_MAX = 20;
/** A flag stays with its payment for ever; after a week it has been seen. */
const FLAGGED_FOR_MS = 7 * DAY_MS;
/** The weather's tries belong to payments opened within this. */
const OPENED_WITHIN_MS = HOUR_MS;

/** Reading, for everybody who is signed in. */
export function insightRoutes(deps: InsightDeps): Router {
  const router = Router();
  router.get(
    pathOf(ROUTES.dashboardHome),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const query = parse(homeQuery, req.query);
      if (!query.ok) return refuse(query.problem);
      const asked = await askedOf(deps, query.value.merchant);
      if ("problem" in asked) return asked;
      const { givenUp } = await deps.alerts.trouble(session.user.id);
      const home = await homeView(asked, deps.clock.now());
      return ok({ ...home, lostAlerts: givenUp?.matters ?? 0 } satisfies HomeView);
    }),
  );
  router.get(
    pathOf(ROUTES.dashboardFailures),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const query = parse(failuresQuery, req.query);
      if (!query.ok) return refuse(query.problem);
      const { from, to, merchant } = query.value;
      const asked = await askedOf(deps, merchant);
      if ("problem" in asked) return asked;
      return ok(await failures(asked, { from: dayNumber(from), to: dayNumber(to) }));
    }),
  );
  return router;
}

async function askedOf(
  deps: InsightDeps,
  merchant: string | undefined,
): Promise<Asked | { readonly problem: Problem }> {
  const scopes = await chosenScopes(deps, merchant);
  if ("problem" in scopes) return scopes;
  const { payments, insight, view } = deps;
  return {
    insight: insightAcross(insight, scopes),
    list: (filter) => listAcross(payments, scopes, filter),
    load: (id) => payments.load(id),
    proposed: (at) => proposedPayments(deps, scopes, at),
    view,
  };
}

async function homeView(deps: Asked, now: Instant): Promise<Omit<HomeView, "lostAlerts">> {
  const { insight, list, view } = deps;
  const today = nairobiDay(now);
  const time = (now + EAT_MS) % DAY_MS;
  const hour = Math.floor(time / HOUR_MS);
  const newest = async (status: PaymentStatus): Promise<readonly PaymentWithAttempts[]> =>
    (await list({ statuses: [status], limit: WATCHED_MAX })).rows;
  const [thisDay, weekAgo, inDoubt, inReview, tries, latest, doubts, reviews] = await Promise.all([
    dayUntil(deps, today, { hour, share: 1 }),
    dayUntil(deps, today - 7, { hour, share: (time % HOUR_MS) / HOUR_MS }),
    insight.count("in_doubt"),
    insight.count("review"),
    insight.recentTries(now - WEATHER_WINDOW_MS, now - OPENED_WITHIN_MS),
    list({ limit: LATEST_MAX }),
    newest("in_doubt"),
    newest("review"),
  ]);
  const everybodys = tries.flatMap((one) => one.tries);
  return {
    now: new Date(now).toISOString(),
    today: thisDay,
    lastWeek: weekAgo,
    inDoubt,
    inReview,
    weather: weatherView(weatherOf(everybodys, now)),
    hands: await handsOf(deps, reviews, now),
    latest: latest.rows.map(view),
    watch: {
      inDoubt: doubts.map(watched),
      inReview: reviews.map(watched),
      callbacks: tries.map(({ merchantId, tries }) => {
        return { merchant: merchantId, state: callbacksOf(tries, now) };
      }),
    },
  };
}

function watched(rows: PaymentWithAttempts): WatchedPayment {
  const { id, merchantId, orderReference, amountCents } = rows.payment;
  return {
    id,
    merchant: merchantId,
    orderReference,
    amount: shillingsFromCents(amountCents),
    since: new Date(waitingSince(rows)).toISOString(),
  };
}

async function dayUntil({ insight }: Asked, day: number, until: Until) {
  const [hours, taken] = await Promise.all([
    insight.cells("hour", day, day),
    insight.cells("taken", day, day),
  ]);
  return daySoFarView(daySoFar(hours, taken, until));
}

/** Payments about which a second person is asked and can still say yes. */
async function proposedPayments(
  deps: InsightDeps,
  scopes: readonly Scope[],
  now: Instant,
): Promise<readonly PaymentWithAttempts[]> {
  const waiting = await Promise.all(
    scopes.map((scope) => deps.proposals.waiting(scope, now, HANDS_MAX)),
  );
  const subjects = await Promise.all(
    waiting.flat().map(({ paymentId }) => subjectOf(deps.payments, paymentId)),
  );
  const standing = await Promise.all(
    subjects.map(async (subject) =>
      subject !== null && (await standingProposal(deps, subject)) !== null ? subject : null,
    ),
  );
  return standing.filter((subject) => subject !== null);
}

/** Proposals of colleagues first, then contradictions, then doubts that a day of asking did not end, then what is odd. */
async function handsOf(
  deps: Asked,
  reviews: readonly PaymentWithAttempts[],
  now: Instant,
): Promise<HandView[]> {
  const { insight, load, view, proposed } = deps;
  const asked = await proposed(now);
  const flagged = await insight.toSeeTo(now - FLAGGED_FOR_MS, 2 * HANDS_MAX);
  const loaded = await Promise.all(flagged.map((id) => load(id)));
  const found = [...reviews.slice(0, HANDS_MAX), ...loaded.filter((one) => one !== null)]
    .map((rows) => ({ rows, cause: causeOf(rows) }))
    .filter((one): one is { rows: PaymentWithAttempts; cause: HandCause } => one.cause !== null);
  // A payment is told once, and a colleague who waits comes before what is odd about it.
  found.push(...asked.map((rows) => ({ rows, cause: "proposal" as const })));
  const once = [...new Map(found.map((one) => [one.rows.payment.id, one])).values()];
  return ORDER.flatMap((cause) => once.filter((one) => one.cause === cause))
    .slice(0, HANDS_MAX)
    .map(({ rows, cause }) => ({ payment: view(rows), cause }));
}

const ORDER: readonly HandCause[] = ["proposal", "review", "aged", "flagged"];

/** Being aged matters while it is in doubt; whatever else is odd matters afterwards too. */
function causeOf({ payment }: PaymentWithAttempts): HandCause | null {
  if (payment.status === "review") return "review";
  if (payment.status === "in_doubt") return payment.flags.includes("aged") ? "aged" : null;
  const odd = payment.flags.some((flag) => flag !== "aged" && FLAGS_TO_SEE_TO.includes(flag));
  return odd ? "flagged" : null;
}

async function failures({ insight }: Asked, span: { from: number; to: number }) {
  const { from, to } = span;
  const length = to - from + 1;
  const [days, hours, orders, reasons, pages, before] = await Promise.all([
    insight.cells("all", from, to),
    insight.sums("hour", from, to),
    insight.sums("order", from, to),
    insight.sums("reason", from, to),
    insight.sums("page", from, to),
    insight.sums("all", from - length, from - 1),
  ]);
  return failuresView(span, failuresOf({ days, hours, orders, reasons, pages }), total(before));
}

/** The number of the Nairobi day that `2026-11-24` names. */
function dayNumber(date: string): number {
  return Date.parse(date) / DAY_MS;
}
