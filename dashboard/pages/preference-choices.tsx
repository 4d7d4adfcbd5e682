import { say } from "../dictionary/words.ts";
import { locale, SHORTCUT_CHOICES, shortcuts, THEMES, theme } from "../preferences.ts";
import { Segmented } from "../ui/segmented.tsx";

/** Each language names itself, so that it is found by those who read no other. */
export const LANGUAGES = [
  { value: "en", word: "English", lang: "en" },
  { value: "sw", word: "Kiswahili", lang: "sw" },
] as const;

export function LanguageChoice() {
  return (
    <Segmented
      label={say("prefs.language")}
      value={locale.value}
      options={LANGUAGES}
      onChange={(chosen) => {
        locale.value = chosen;
      }}
    />
  );
}

export function ThemeChoice() {
  return (
    <Segmented
      label={say("prefs.theme")}
      value={theme.value}
      options={THEMES.map((value) => ({ value, word: say(`prefs.theme.${value}`) }))}
      onChange={(chosen) => {
        theme.value = chosen;
      }}
    />
  );
}

export function ShortcutChoice() {
  return (
    <Segmented
      label={say("prefs.shortcuts")}
      value={shortcuts.value}
      options={SHORTCUT_CHOICES.map((value) => ({ value, word: say(`prefs.${value}`) }))}
      onChange={(chosen) => {
        shortcuts.value = chosen;
      }}
    />
  );
}
