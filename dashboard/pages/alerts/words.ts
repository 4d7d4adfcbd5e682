/** Alerts in words. Anybody reads a lock screen: merchant, order reference and amount, nothing else. */
import { say, sayCount } from "../../dictionary/words.ts";
import { kes } from "../../format.ts";
import { hasSeveral, merchantName, pathAbout } from "../../merchant-choice.ts";
import { PATHS, paymentPath } from "../../paths.ts";
import type { Matter } from "./matters.ts";

/** Whom or what a matter is about. */
export function subjectOf(matter: Matter): string {
  return [
    ...placeOf(matter),
    ...(matter.kind === "callbacks" ? [] : [kes(matter.payment.amount)]),
  ].join(" · ");
}

/** The merchant, where there are several, and the order. */
export function placeOf(matter: Matter): readonly string[] {
  const silent = matter.kind === "callbacks";
  const merchant = silent ? matter.merchant : matter.payment.merchant;
  const what = silent ? say("alerts.mpesa") : matter.payment.orderReference;
  return hasSeveral() ? [merchantName(merchant), what] : [what];
}

/** What is the matter with it. */
export function troubleOf({ kind }: Matter): string {
  return say(`alerts.raised.${kind}`);
}

/** The page that helps on: of one matter its own, of several what needs a hand first. */
export function matterPath(matters: readonly Matter[]): string {
  const [first, ...more] = matters;
  if (first === undefined || more.length > 0) return PATHS.home;
  if (first.kind !== "callbacks") return paymentPath(first.payment.id);
  return pathAbout(PATHS.goLive, hasSeveral() ? first.merchant : "");
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
