/** What a person chose for this browser: language, appearance, shortcuts. Kept in localStorage. */
import { effect, signal } from "@preact/signals";
import { LOCALES, type Locale } from "../shared/words.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const SHORTCUT_CHOICES = ["on", "off"] as const;
export type ShortcutChoice = (typeof SHORTCUT_CHOICES)[number];

export const locale = signal<Locale>(recall("lipia.locale", LOCALES) ?? browserLocale());
export const theme = signal<Theme>(recall("lipia.theme", THEMES) ?? "auto");
/** Single-letter shortcuts must be possible to switch off (WCAG 2.1.4). */
export const shortcuts = signal<ShortcutChoice>(
  recall("lipia.shortcuts", SHORTCUT_CHOICES) ?? "on",
);

/** Writes the choices to the page and keeps them from now on. */
export function applyPreferences(): void {
  effect(() => {
    document.documentElement.lang = locale.value;
    remember("lipia.locale", locale.value);
  });
  effect(() => {
    if (theme.value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
    remember("lipia.theme", theme.value);
  });
  effect(() => remember("lipia.shortcuts", shortcuts.value));
}

function browserLocale(): Locale {
  return navigator.language.toLowerCase().startsWith("sw") ? "sw" : "en";
}

/** Storage may be forbidden (private windows, strict settings); the choice then lasts a visit. */
function recall<T extends string>(key: string, allowed: readonly T[]): T | undefined {
  try {
    const kept = localStorage.getItem(key);
    return allowed.find((choice) => choice === kept);
  } catch {
    return undefined;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}
