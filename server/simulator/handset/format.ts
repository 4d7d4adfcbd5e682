/** How a phone in Nairobi writes sums and times. */
import { centsFromShillings, formatKes } from "../../../shared/money.ts";
import { darajaTimestamp } from "../../../shared/nairobi.ts";
import type { Locale } from "../../../shared/words.ts";

/** "KES 1,250", held together by a no-break space. */
export function kes(shillings: number): string {
  return formatKes(centsFromShillings(shillings)).replace(" ", "\u00a0");
}

/** "KES 1,250.00", as messages write it. */
export function kesWithCents(shillings: number): string {
  return `${kes(shillings)}.00`;
}

/** "22:54" in Nairobi. */
export function clockTime(at: number): string {
  const stamp = darajaTimestamp(at);
  return `${stamp.slice(8, 10)}:${stamp.slice(10, 12)}`;
}

/** "23/11/26" in Nairobi. */
export function messageDate(at: number): string {
  const stamp = darajaTimestamp(at);
  return `${stamp.slice(6, 8)}/${stamp.slice(4, 6)}/${stamp.slice(2, 4)}`;
}

/** "10:54 PM" in English, "22:54" in Swahili, whose own clock starts at sunrise. */
export function messageTime(at: number, locale: Locale): string {
  const time = clockTime(at);
  if (locale === "sw") return time;
  const hour = Number(time.slice(0, 2));
  return `${hour % 12 === 0 ? 12 : hour % 12}${time.slice(2)} ${hour < 12 ? "AM" : "PM"}`;
}

/** Whole seconds until an instant, never negative. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 1_000));
}
