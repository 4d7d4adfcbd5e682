/** Alerts in words. Anybody reads a lock screen: order reference and amount, nothing else. */
import { say, sayCount } from "../../dictionary/words.ts";
import { kes } from "../../format.ts";
import { PATHS, paymentPath } from "../../paths.ts";
import type { Matter } from "./matters.ts";

/** Whom or what a matter is about. */
export function subjectOf(matter: Matter): string {
  if (matter.kind === "callbacks") return say("alerts.mpesa");
  const { orderReference, amount } = matter.payment;
  return `${orderReference} · ${kes(amount)}`;
}

/** What is the matter with it. */
export function troubleOf({ kind }: Matter): string {
  return say(`alerts.raised.${kind}`);
}

/** The page that helps on: of one matter its own, of several what needs a hand first. */
export function matterPath(matters: readonly Matter[]): string {
  const [first, ...more] = matters;
  if (first === undefined || more.length > 0) return PATHS.home;
  return first.kind === "callbacks" ? PATHS.goLive : paymentPath(first.payment.id);
}

/** What a notification says of the matters raised together. */
export function raisedWords(matters: readonly Matter[]): { title: string; body: string } {
  const [first, ...more] = matters;
  if (first === undefined || more.length > 0) {
    const body = matters.map(subjectOf).join("\n");
    return { title: sayCount("alerts.count", matters.length), body };
  }
  return { title: troubleOf(first), body: subjectOf(first) };
}
