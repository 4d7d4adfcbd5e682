/** What a person wants to be alerted of in this browser, and how; nothing unless chosen. */
import { ALERT_KINDS, type AlertKind } from "../../../shared/alert-words.ts";
import { kept } from "../../kept.ts";

export const ALERT_WAYS = ["sound", "notification"] as const;
export type AlertWay = (typeof ALERT_WAYS)[number];

export interface AlertChoice {
  readonly kinds: readonly AlertKind[];
  /** Beside the line on the page and the number in the tab's title, which are always there. */
  readonly ways: readonly AlertWay[];
}

export const CHOICE_KEY = "lipia.alerts";
export const choice = kept(CHOICE_KEY, readChoice);

export function readChoice(value: unknown): AlertChoice {
  const { kinds, ways } = (value ?? {}) as Partial<Record<keyof AlertChoice, unknown>>;
  return { kinds: among(ALERT_KINDS, kinds), ways: among(ALERT_WAYS, ways) };
}

function among<Word extends string>(words: readonly Word[], value: unknown): readonly Word[] {
  return Array.isArray(value) ? words.filter((word) => value.includes(word)) : [];
}
