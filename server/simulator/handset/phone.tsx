/** The drawn phone: status bar, messages, and the prompt above them. */
import { useState } from "preact/hooks";
import type { HandsetPrompt } from "../../../shared/handset-view.ts";
import type { Locale } from "../../../shared/words.ts";
import { clockTime } from "./format.ts";
import { Draw, StatusIcons } from "./icons.tsx";
import { type Live, useNow } from "./live.ts";
import { Messages } from "./messages.tsx";
import { PromptDialog, PromptPager } from "./prompt.tsx";
import type { Words } from "./words.ts";

interface Props {
  readonly live: Live;
  readonly prompt: HandsetPrompt | null;
  readonly choose: (promptId: string) => void;
  readonly words: Words;
  readonly locale: Locale;
}

export function Phone({ live, prompt, choose, words, locale }: Props) {
  const [openedAt] = useState(() => Date.now());
  const now = useNow(live.offsetMs, true, prompt === null ? 5_000 : 250);
  const prompts = live.state?.prompts ?? [];
  const index = prompts.findIndex(({ id }) => id === prompt?.id);
  return (
    <section class="phone" aria-label={words.phoneLabel}>
      <div class="screen" data-asking={prompt !== null}>
        <div class="status-bar">
          <time dateTime={clockTime(now)}>{clockTime(live.state === null ? openedAt : now)}</time>
          <span class="network">{words.network}</span>
          <StatusIcons />
        </div>
        <div class="camera" aria-hidden="true" />
        <Home live={live} words={words} locale={locale} now={now} />
        {prompt !== null && (
          <div class="over">
            <PromptPager
              index={index}
              count={prompts.length}
              words={words}
              go={(next) => choose(prompts[next]?.id ?? prompt.id)}
            />
            <PromptDialog
              key={prompt.id}
              prompt={prompt}
              now={now}
              words={words}
              answer={(action, pin) => live.answer(prompt.id, action, pin)}
            />
          </div>
        )}
        <div class="home-bar" aria-hidden="true" />
      </div>
    </section>
  );
}

function Home(props: { live: Live; words: Words; locale: Locale; now: number }) {
  const { live, words, locale, now } = props;
  if (live.state === null) {
    return <p class="standby">{live.connection === "lost" ? words.lost : words.loading}</p>;
  }
  return (
    <div class="home">
      {live.connection === "lost" && (
        <p class="lost" role="status">
          {words.lost}
        </p>
      )}
      {live.state.messages.length > 0 ? (
        <>
          <h2 class="home-title">{words.messages}</h2>
          <Messages messages={live.state.messages} words={words} locale={locale} />
        </>
      ) : (
        <div class="empty">
          <p class="big-clock" aria-hidden="true">
            {clockTime(now)}
          </p>
          <Draw name="message" size={34} />
          <p class="empty-title">{words.emptyTitle}</p>
          <p>{words.emptyText}</p>
        </div>
      )}
    </div>
  );
}
