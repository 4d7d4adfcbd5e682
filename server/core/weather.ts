/** How M-Pesa is doing, judged by our own prompts of the last minutes, since nobody publishes it. */
import type { Callbacks, Weather } from "../../shared/insight-words.ts";
import type { AttemptState, Reason } from "../../shared/words.ts";
import type { Instant } from "./payment.ts";
import { DEADLINE_MS } from "./schedule.ts";

/** What the weather looks at of one attempt. */
export interface RecentTry {
  readonly state: AttemptState;
  readonly reason: Reason | null;
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
  readonly acceptedAt: Instant | null;
  readonly resolvedAt: Instant | null;
  /** How many callbacks M-Pesa sent for it. */
  readonly callbacks: number;
}

export interface WeatherReport {
  readonly weather: Weather;
  /** Prompts of the window that say anything about M-Pesa. */
  readonly prompts: number;
  readonly paid: number;
  /** Prompts with an outcome, paid ones among them. */
  readonly settled: number;
  /** Prompts that M-Pesa took and then said nothing about. */
  readonly silent: number;
  /** Prompts that M-Pesa could not take or deliver. */
  readonly refused: number;
  /** How long M-Pesa took to accept a prompt, in the middle. */
  readonly acceptMs: number | null;
}

export const WEATHER_WINDOW_MS = 15 * 60_000;

/** Nine in ten outcomes are told within half a minute (FACTS.md §4); after this, silence is odd. */
const SILENT_AFTER_MS = 60_000;
/** Fewer prompts than this could be one customer's bad luck. */
const PROMPTS_MIN = 5;
/** The share of prompts that M-Pesa lost or refused. */
const TROUBLE_SHARE = 0.4;
const SLOW_SHARE = 0.15;
/** Accepting takes about a second on an ordinary day. */
const TROUBLE_ACCEPT_MS = 10_000;
const SLOW_ACCEPT_MS = 4_000;
/** An ordinary shop is paid in three of four (FACTS.md §5); far below it, prompts do not get through. */
const TROUBLE_PAID_SHARE = 0.2;
const SETTLED_MIN = 10;

/** One callback may be lost by chance. */
const CALLBACKS_OWED_MIN = 2;

/** Failures of ours say nothing about M-Pesa. */
const OURS: readonly (Reason | null)[] = ["merchant_setup", "operator", "superseded", "rejected"];
const REFUSED: readonly (Reason | null)[] = ["mpesa_busy", "prompt_not_delivered", "not_sent"];

/** Judges the tries of the last `WEATHER_WINDOW_MS`. */
export function weatherOf(tries: readonly RecentTry[], now: Instant): WeatherReport {
  const told = tries.filter(({ state, reason }) => {
    return state !== "created" && state !== "sending" && !OURS.includes(reason);
  });
  const count = (is: (one: RecentTry) => boolean): number => told.filter(is).length;
  const figures = {
    prompts: told.length,
    paid: count(({ state }) => state === "confirmed"),
    settled: count(({ state }) => state === "confirmed" || state === "failed"),
    silent: count((one) => isSilent(one, now)),
    refused: count(({ state, reason }) => state === "failed" && REFUSED.includes(reason)),
    acceptMs: median(told.flatMap(acceptTime)),
  };
  return { weather: judged(figures), ...figures };
}

/**
 * Whether M-Pesa calls back, judged by the same tries. A prompt may wait for its customer, so a
 * callback is missed only when the prompt's own deadline has passed.
 */
export function callbacksOf(tries: readonly RecentTry[], now: Instant): Callbacks {
  if (tries.some(({ callbacks }) => callbacks > 0)) return "heard";
  const owed = tries.filter(({ acceptedAt }) => {
    return acceptedAt !== null && now - acceptedAt > DEADLINE_MS;
  });
  return owed.length < CALLBACKS_OWED_MIN ? "quiet" : "silent";
}

function isSilent({ state, acceptedAt }: RecentTry, now: Instant): boolean {
  if (state === "in_doubt") return true;
  return state === "pending" && acceptedAt !== null && now - acceptedAt > SILENT_AFTER_MS;
}

function acceptTime({ sentAt, acceptedAt }: RecentTry): readonly number[] {
  return sentAt === null || acceptedAt === null ? [] : [acceptedAt - sentAt];
}

function judged(figures: Omit<WeatherReport, "weather">): Weather {
  const { prompts, paid, settled, acceptMs } = figures;
  if (prompts < PROMPTS_MIN) return "unknown";
  const unpaid = settled >= SETTLED_MIN && paid / settled < TROUBLE_PAID_SHARE;
  if (unpaid || losesPrompts(figures)) return "trouble";
  return lostShare(figures) >= SLOW_SHARE || (acceptMs ?? 0) > SLOW_ACCEPT_MS ? "slow" : "fine";
}

/**
 * Whether M-Pesa itself loses prompts or takes them very late. Customers who do not pay make
 * trouble for the shop, but are nothing to warn other customers of.
 */
export function losesPrompts(figures: Omit<WeatherReport, "weather">): boolean {
  const { prompts, acceptMs } = figures;
  if (prompts < PROMPTS_MIN) return false;
  return lostShare(figures) >= TROUBLE_SHARE || (acceptMs ?? 0) > TROUBLE_ACCEPT_MS;
}

function lostShare({ silent, refused, prompts }: Omit<WeatherReport, "weather">): number {
  return (silent + refused) / prompts;
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
