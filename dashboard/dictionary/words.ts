/** Says a word in the language that the person chose; a component that asks re-renders with it. */
import type { Locale } from "../../shared/words.ts";
import { locale } from "../preferences.ts";
import { type Dictionary, en, type Word } from "./en.ts";
import { sw } from "./sw.ts";

export const DICTIONARIES: Readonly<Record<Locale, Dictionary>> = { en, sw };

export type Values = Readonly<Record<string, string | number>>;

/** The text of `word`, its `{name}` places filled from `values`. */
export function say(word: Word, values: Values = {}): string {
  return DICTIONARIES[locale.value][word].replace(/\{(\w+)\}/g, (place, name: string) =>
    String(values[name] ?? place),
  );
}

/** `word.one` or `word.other` by the number, which fills `{n}`. */
export function sayCount(word: CountedWord, n: number): string {
  return say(n === 1 ? `${word}.one` : `${word}.other`, { n });
}

/** Words that exist as `.one` and `.other`. */
type CountedWord = Word extends infer W ? (W extends `${infer Stem}.one` ? Stem : never) : never;
