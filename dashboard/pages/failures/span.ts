/** The days that the failures speak of, as the address says. */
import { nairobiDay } from "../../../shared/nairobi.ts";
import { PATHS } from "../../paths.ts";

export const PRESETS = ["today", "yesterday", "week", "month"] as const;
export type Preset = (typeof PRESETS)[number];

/** The first and the last Nairobi day, `2026-11-24`. */
export interface Span {
  readonly preset: Preset | null;
  readonly from: string;
  readonly to: string;
}

/** Days back to the first and to the last one. */
const BACK: Readonly<Record<Preset, readonly [first: number, last: number]>> = {
  today: [0, 0],
  yesterday: [1, 1],
  week: [6, 0],
  month: [29, 0],
};
const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the span from an address's query; what makes no sense there is today. */
export function spanFromQuery(query: Readonly<Record<string, string>>, now: number): Span {
  const { from = "", to = "" } = query;
  if (DAY.test(from) && DAY.test(to)) return { preset: null, from, to };
  const preset = PRESETS.find((known) => known === query.span) ?? "today";
  const [first, last] = BACK[preset];
  const today = nairobiDay(now);
  return { preset, from: dayOf(today - first), to: dayOf(today - last) };
}

export function spanPath(preset: Preset): string {
  return preset === "today" ? PATHS.failures : `${PATHS.failures}?span=${preset}`;
}

/** The number of a Nairobi day as `2026-11-24`. */
function dayOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Noon of a day in Nairobi, for words about it. */
export function noonOf(day: string): number {
  return Date.parse(`${day}T09:00:00Z`);
}
