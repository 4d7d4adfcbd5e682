/** The core's sums as objects of the contract. */
import type {
  CountsView,
  DaySoFarView,
  FailuresView,
  WeatherView,
} from "../../shared/insight-api.ts";
import { shillingsFromCents } from "../../shared/money.ts";
import { type Counts, type DaySoFar, type Failures, total } from "../core/insight.ts";
import type { WeatherReport } from "../core/weather.ts";

export function daySoFarView({ counts, takenCents, medianWaitMs }: DaySoFar): DaySoFarView {
  return {
    taken: shillingsFromCents(takenCents),
    counts: countsView(counts),
    medianSeconds: secondsOf(medianWaitMs),
  };
}

export function weatherView({ acceptMs, ...figures }: WeatherReport): WeatherView {
  return { ...figures, acceptSeconds: secondsOf(acceptMs) };
}

/** @param span the first and the last Nairobi day. */
export function failuresView(
  span: { readonly from: number; readonly to: number },
  failures: Failures,
  before: Counts,
): FailuresView {
  const { days, hours, bands, sources, pages, reasons } = failures;
  return {
    from: dateOf(span.from),
    to: dateOf(span.to),
    total: countsView(failures.total),
    before: countsView(before),
    days: Array.from({ length: span.to - span.from + 1 }, (_, n) => {
      const day = span.from + n;
      const counts = days.find((one) => one.day === day) ?? total([]);
      return { ...countsView(counts), day: dateOf(day) };
    }),
    hours: hours.map((one) => ({ ...countsView(one), hour: one.hour })),
    bands: bands.map((one) => ({ ...countsView(one), band: one.band })),
    sources: sources.map((one) => ({ ...countsView(one), source: one.source })),
    pages: pages.map((one) => ({ ...countsView(one), page: one.page })),
    reasons: reasons.map((one) => ({
      ...countsView(one),
      reason: one.reason,
      codes: one.codes.map((each) => ({
        ...countsView(each),
        code: each.code,
        fault: each.fault,
        meaning: each.meaning,
      })),
    })),
  };
}

function countsView(counts: Counts): CountsView {
  const { cents, ...rest } = counts;
  return { ...rest, amount: shillingsFromCents(cents) };
}

/** A Nairobi day as `2026-11-24`. */
function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

function secondsOf(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 100) / 10;
}
