/** Language and theme of this browser, kept where it allows keeping. */
import { useEffect, useState } from "preact/hooks";
import { LOCALES, type Locale } from "../../../shared/words.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** A private window may refuse storage; then the choice lasts as long as the page. */
function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Not kept, still in force.
  }
}

function chosen<T extends string>(key: string, words: readonly T[], otherwise: T): T {
  const value = kept(key);
  return words.find((word) => word === value) ?? otherwise;
}

/** The page's language; also sets `<html lang>`. */
export function useLocale(): [Locale, (locale: Locale) => void] {
  const preferred: Locale = navigator.language.startsWith("sw") ? "sw" : "en";
  const [locale, setLocale] = useState(() => chosen("lipia-locale", LOCALES, preferred));
  useEffect(() => {
    document.documentElement.lang = locale;
    keep("lipia-locale", locale);
  }, [locale]);
  return [locale, setLocale];
}

/** The page's theme; `auto` follows the system. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(() => chosen("lipia-theme", THEMES, "auto"));
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    keep("lipia-theme", theme);
  }, [theme]);
  return [theme, setTheme];
}
