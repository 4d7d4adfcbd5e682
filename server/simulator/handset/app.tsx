/** The whole page: a phone, its director's desk, and a voice for screen readers. */
import { useEffect, useState } from "preact/hooks";
import type { HandsetPrompt } from "../../../shared/handset-view.ts";
import { LOCALES, type Locale } from "../../../shared/words.ts";
import { kes } from "./format.ts";
import { type Live, useLive } from "./live.ts";
import { messageText } from "./messages.tsx";
import { Director, Numbers } from "./panels.tsx";
import { Phone } from "./phone.tsx";
import { THEMES, useLocale, useTheme } from "./settings.ts";
import { WORDS, type Words } from "./words.ts";

const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: "English", sw: "Kiswahili" };

export function App() {
  const [locale, setLocale] = useLocale();
  const [theme, setTheme] = useTheme();
  const [chosen, choose] = useState<string | null>(null);
  const words = WORDS[locale];
  const live = useLive();
  const prompts = live.state?.prompts ?? [];
  const prompt = promptOnScreen(prompts, chosen);
  useEffect(() => {
    const count = prompts.length === 0 ? "" : `(${prompts.length}) `;
    document.title = `${count}${words.title} · Lipia`;
  }, [prompts.length, words]);
  return (
    <>
      <header class="top">
        <div>
          <h1>{words.title}</h1>
          <p>{words.tagline}</p>
        </div>
        <Choice
          label={words.language}
          value={locale}
          values={LOCALES}
          names={LOCALE_NAMES}
          set={setLocale}
        />
        <Choice
          label={words.theme}
          value={theme}
          values={THEMES}
          names={words.themes}
          set={setTheme}
        />
      </header>
      <main class="stage">
        <Phone live={live} prompt={prompt} choose={choose} words={words} locale={locale} />
        <div class="desk">
          <Director
            prompt={prompt}
            words={words}
            answer={(action) => prompt && void live.answer(prompt.id, action)}
          />
          <Numbers words={words} />
        </div>
      </main>
      <Voice live={live} prompt={prompt} words={words} locale={locale} />
    </>
  );
}

/** The one that was chosen, else the first that waits for a person, else the first. */
function promptOnScreen(
  prompts: readonly HandsetPrompt[],
  chosen: string | null,
): HandsetPrompt | null {
  return (
    prompts.find(({ id }) => id === chosen) ??
    prompts.find(({ mode }) => mode === "waiting") ??
    prompts[0] ??
    null
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly values: readonly T[];
  readonly names: Readonly<Record<T, string>>;
  readonly set: (value: T) => void;
}

function Choice<T extends string>({ label, value, values, names, set }: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend class="offscreen">{label}</legend>
      {values.map((option) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          lang={option === "sw" || option === "en" ? option : undefined}
          onClick={() => set(option)}
        >
          {names[option]}
        </button>
      ))}
    </fieldset>
  );
}

/** Says what popped up and what came of it; always present, so that it is heard. */
function Voice(props: { live: Live; prompt: HandsetPrompt | null; words: Words; locale: Locale }) {
  const { live, prompt, words, locale } = props;
  const [spoken, speak] = useState("");
  const newest = live.state?.messages[0];
  const [heard, setHeard] = useState<string | null>(null);
  useEffect(() => {
    if (prompt !== null) speak(words.arrived(kes(prompt.amount), prompt.merchantName));
  }, [prompt?.id, words]);
  useEffect(() => {
    if (live.state === null) return;
    const id = newest?.id ?? "";
    if (heard !== null && heard !== id && newest) speak(messageText(newest, words, locale));
    setHeard(id);
  }, [live.state === null, newest?.id]);
  return (
    <p class="offscreen" role="status" aria-live="polite">
      {spoken}
    </p>
  );
}
