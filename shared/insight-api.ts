/** The contract of the dashboard's home and of its page about failures. */
import { z } from "zod";
import { dashboardPayment } from "./api.ts";
import { CALLBACKS, HAND_CAUSES, SETUP_FAULTS, WEATHERS } from "./insight-words.ts";
import { merchantId } from "./merchants-api.ts";
import { AMOUNT_SOURCES, REASONS } from "./words.ts";

/** A question about failures spans a quarter at most: longer trends want a statement, not a page. */
export const FAILURE_DAYS_MAX = 92;

const instant = z.iso.datetime();
const count = z.int().min(0);
/** A Nairobi day. */
const day = z.iso.date("must be a day such as 2026-11-24");

/** `amount` in shillings: asked for, and under `reasons` what was left unpaid. */
export const countsView = z.object({
  opened: count,
  typed: count,
  prompted: count,
  paid: count,
  failed: count,
  cancelled: count,
  expired: count,
  tries: count,
  retried: count,
  retriedPaid: count,
  amount: z.number().min(0),
});
export type CountsView = z.infer<typeof countsView>;

/** A day up to a moment. */
export const daySoFarView = z.object({
  /** Shillings that came in, less what was given back. */
  taken: z.number().min(0),
  counts: countsView,
  /** Half of those who paid took at most so long, in seconds. */
  medianSeconds: z.number().nullable(),
});
export type DaySoFarView = z.infer<typeof daySoFarView>;

export const weatherView = z.object({
  weather: z.enum(WEATHERS),
  prompts: count,
  paid: count,
  settled: count,
  silent: count,
  refused: count,
  acceptSeconds: z.number().nullable(),
});
export type WeatherView = z.infer<typeof weatherView>;

export const handView = z.object({ payment: dashboardPayment, cause: z.enum(HAND_CAUSES) });
export type HandView = z.infer<typeof handView>;

/** A payment that may be worth an alert, with as much of it as a lock screen may show. */
export const watchedPayment = z.object({
  id: z.string(),
  merchant: z.string(),
  orderReference: z.string(),
  amount: z.int(),
  /** When it came to wait for an outcome or for a person. */
  since: instant,
});
export type WatchedPayment = z.infer<typeof watchedPayment>;

/** What alerts are made of: the newest payments that wait, and whether M-Pesa calls each merchant back. */
export const watchView = z.object({
  inDoubt: z.array(watchedPayment),
  inReview: z.array(watchedPayment),
  callbacks: z.array(z.object({ merchant: z.string(), state: z.enum(CALLBACKS) })),
});
export type WatchView = z.infer<typeof watchView>;

export const homeView = z.object({
  now: instant,
  today: daySoFarView,
  /** The same weekday a week ago, up to the same time of day. */
  lastWeek: daySoFarView,
  /** Counted up to a little above a thousand. */
  inDoubt: count,
  inReview: count,
  weather: weatherView,
  /** What a person must see to, most pressing first. */
  hands: z.array(handView),
  latest: z.array(dashboardPayment),
  watch: watchView,
  /** Alerts in the last mail to whoever asks, when it was given up and none got through since. */
  lostAlerts: count,
});
export type HomeView = z.infer<typeof homeView>;

export const homeQuery = z.object({ merchant: merchantId.optional() });

export const failuresQuery = z
  .object({ from: day, to: day, merchant: merchantId.optional() })
  .refine(({ from, to }) => from <= to, { path: ["to"], error: "to must not be before from" })
  .refine(({ from, to }) => daysBetween(from, to) <= FAILURE_DAYS_MAX, {
    path: ["from"],
    error: `from and to may span at most ${FAILURE_DAYS_MAX} days`,
  });

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
}

export const reasonView = countsView.extend({
  reason: z.enum(REASONS),
  codes: z.array(
    countsView.extend({
      code: z.string(),
      fault: z.enum(SETUP_FAULTS).nullable(),
      /** What the code says where the reason says only that M-Pesa was asked. */
      meaning: z.enum(REASONS).nullable(),
    }),
  ),
});
export type ReasonView = z.infer<typeof reasonView>;

export const failuresView = z.object({
  from: day,
  to: day,
  total: countsView,
  /** As many days before these, to compare with. */
  before: countsView,
  /** Every day of the span, also those without a payment. */
  days: z.array(countsView.extend({ day })),
  hours: z.array(countsView.extend({ hour: z.int().min(0).max(23) })),
  /** Bands of amounts by their place in AMOUNT_BANDS_KES. */
  bands: z.array(countsView.extend({ band: count })),
  sources: z.array(countsView.extend({ source: z.enum(AMOUNT_SOURCES) })),
  /** The shop's pages by origin; null where none is known, `other` beyond what is kept by name. */
  pages: z.array(countsView.extend({ page: z.string().nullable() })),
  /** `failed` are the payments that a reason left unpaid; `tries` all that failed for it. */
  reasons: z.array(reasonView),
});
export type FailuresView = z.infer<typeof failuresView>;
