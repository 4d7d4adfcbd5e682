import { laterWordsOf } from "../later-words.ts";
import { PROMPT_SHOWN_MS, promptedAt } from "../machine.ts";
import { Mark } from "../mark.tsx";
import { clock } from "../text.ts";
import { Pane } from "../ui.tsx";
import { CodeDoor } from "./code-door.tsx";
import type { ScreenProps } from "./props.ts";

/** The prompt is on the phone: an honest clock, by the server's time. */
export function WaitingScreen({ view, locale, now }: ScreenProps) {
  const words = laterWordsOf(locale);
  const left = Math.max(0, PROMPT_SHOWN_MS - (now - promptedAt(view)));
  const tail = /\d{4}$/.exec(view.phoneNumber ?? "")?.[0];
  return (
    <>
      <Mark drawing="phone" tone="calm" />
      <Pane title={words.waiting}>
        <p>{tail === undefined ? words.waitingAny : words.waitingHint(tail)}</p>
        <div class="bar" aria-hidden="true">
          <i style={{ transform: `scaleX(${left / PROMPT_SHOWN_MS})` }} />
        </div>
        <p class="soft clock">{words.left(clock(left))}</p>
        <details>
          <summary>{words.noPrompt}</summary>
          <ul>
            {words.noPromptSteps.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      </Pane>
    </>
  );
}

/** The prompt's time is over and M-PESA has not said how it ended. */
export function CheckingScreen({ view, locale, now }: ScreenProps) {
  const words = laterWordsOf(locale);
  return (
    <>
      <div class="ring" aria-hidden="true" />
      <Pane title={words.checking}>
        <p>{words.checkingHint}</p>
        <p class="soft clock">{words.since(clock(now - promptedAt(view)))}</p>
      </Pane>
    </>
  );
}

/** Nobody knows yet whether money moved: the one thing not to do is to pay again. */
export function DoubtScreen(props: ScreenProps) {
  const { view, locale, now } = props;
  const words = laterWordsOf(locale);
  return (
    <>
      <Mark drawing="clock" tone="calm" />
      <Pane title={words.doubt}>
        <p>{words.doubtHint}</p>
        {view.promptedAt && <p class="soft clock">{words.since(clock(now - promptedAt(view)))}</p>}
        <CodeDoor {...props} />
        <p class="soft">{words.doubtKeep}</p>
      </Pane>
    </>
  );
}

/** The answer to the prompt was lost on the way back. */
export function LostScreen({ locale }: ScreenProps) {
  const words = laterWordsOf(locale);
  return (
    <>
      <div class="ring" aria-hidden="true" />
      <Pane title={words.lost}>
        <p>{words.lostHint}</p>
      </Pane>
    </>
  );
}
