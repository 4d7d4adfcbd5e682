/** Money and moments as a person in Nairobi reads them, without relying on the browser's data. */
import { centsFromShillings, formatKes } from "../shared/money.ts";
import { nairobiDate, nairobiDay } from "../shared/nairobi.ts";
import { say } from "./dictionary/words.ts";

const EAT_OFFSET_MS = 3 * 3_600_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Whole shillings → "KES 1,250". */
export function kes(amount: number): string {
  return formatKes(centsFromShillings(amount));
}

/** 12500 → "12,500". */
export function grouped(n: number): string {
  return n.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** RFC 3339 → "14:32:05" in Nairobi. */
export function clockTime(instant: string | number): string {
  return new Date(epoch(instant) + EAT_OFFSET_MS).toISOString().slice(11, 19);
}

/** "Today", "Yesterday", "2 Mar", or "2 Mar 2025" when the year is another one. */
export function dayWord(instant: string | number, now: number): string {
  const at = epoch(instant);
  const daysAgo = nairobiDay(now) - nairobiDay(at);
  if (daysAgo === 0) return say("time.today");
  if (daysAgo === 1) return say("time.yesterday");
  const { year, month, day } = nairobiDate(at);
  const name = say("time.months").split(" ")[month - 1] ?? "";
  return year === nairobiDate(now).year ? `${day} ${name}` : `${day} ${name} ${year}`;
}

/** "Today 14:32:05". */
export function moment(instant: string | number, now: number): string {
  return `${dayWord(instant, now)} ${clockTime(instant)}`;
}

/** "Within the hour", else "Today 14:00": for what is known to the hour only. */
export function hourMoment(instant: string | number, now: number): string {
  const at = epoch(instant);
  if (now - at < HOUR_MS) return say("time.thisHour");
  return `${dayWord(at, now)} ${clockTime(at).slice(0, 5)}`;
}

/** A length of time in its largest fitting unit: "12 s", "3 min", "5 h". */
export function duration(ms: number): string {
  if (ms < MINUTE_MS) return say("time.seconds", { n: Math.max(1, Math.round(ms / 1000)) });
  if (ms < HOUR_MS) return say("time.minutes", { n: Math.round(ms / MINUTE_MS) });
  return say("time.hours", { n: Math.round(ms / HOUR_MS) });
}

/** A share from 0 to 1 → "77%". */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** The day of the week in Nairobi. */
export function weekday(instant: string | number): string {
  const day = new Date(epoch(instant) + EAT_OFFSET_MS).getUTCDay();
  return say("time.weekdays").split(" ")[day] ?? "";
}

function epoch(instant: string | number): number {
  return typeof instant === "number" ? instant : Date.parse(instant);
}
