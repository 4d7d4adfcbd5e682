/** The prompt on the phone: who asks for how much, a PIN, Send and Cancel. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { HandsetAction, HandsetPrompt } from "../../../shared/handset-view.ts";
import { kes, secondsUntil } from "./format.ts";
import { Draw } from "./icons.tsx";
import { PIN_LENGTH, PinPad } from "./pin-pad.tsx";
import type { Words } from "./words.ts";

interface Props {
  readonly prompt: HandsetPrompt;
  readonly now: number;
  readonly words: Words;
  readonly answer: (action: HandsetAction, pin?: string) => Promise<boolean>;
}

export function PromptDialog({ prompt, now, words, answer }: Props) {
  const [failed, setFailed] = useState(false);
  async function send(action: HandsetAction, pin?: string): Promise<void> {
    setFailed(false);
    setFailed(!(await answer(action, pin)));
  }
  const { mode, actsAt, merchantName, accountReference } = prompt;
  const seconds = actsAt === null ? 0 : secondsUntil(actsAt, now);
  return (
    <section
      class="prompt"
      role="dialog"
      aria-labelledby="prompt-title"
      aria-describedby="prompt-asks"
    >
      <header>
        <h2 id="prompt-title">{words.promptTitle}</h2>
        <span class="prompt-phone">{prompt.phone}</span>
      </header>
      <p id="prompt-asks" class="asks">
        {words.asks(kes(prompt.amount), merchantName.toUpperCase(), accountReference)}
      </p>
      {mode === "waiting" && <Answering words={words} seconds={seconds} send={send} />}
      {mode === "automatic" && (
        <div class="by-itself">
          <p class="countdown">{words.byItself(seconds)}</p>
          <button type="button" class="wide" onClick={() => send("take_over")}>
            {words.takeOver}
          </button>
        </div>
      )}
      {mode === "answered" && (
        <p class="sending">
          <span class="spinner" aria-hidden="true" />
          {words.sending}
        </p>
      )}
      {failed && (
        <p class="problem" role="alert">
          {words.tooLate}
        </p>
      )}
    </section>
  );
}

interface AnsweringProps {
  readonly words: Words;
  readonly seconds: number;
  readonly send: (action: HandsetAction, pin?: string) => Promise<void>;
}

/** The PIN lives in this component's state and nowhere else; it is cleared when sent. */
function Answering({ words, seconds, send }: AnsweringProps) {
  const [pin, setPin] = useState("");
  const [incomplete, setIncomplete] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Do not tear somebody away from the numbers or the outcomes.
    const idle = document.activeElement === null || document.activeElement === document.body;
    if (idle) input.current?.focus({ preventScroll: true });
  }, []);
  function change(next: string): void {
    setPin(next);
    setIncomplete(false);
  }
  return (
    <form
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (pin.length < PIN_LENGTH) {
          setIncomplete(true);
          input.current?.focus();
          return;
        }
        setPin("");
        void send("pay", pin);
      }}
    >
      <PinPad pin={pin} change={change} incomplete={incomplete} input={input} words={words} />
      <div class="answers">
        <button type="button" onClick={() => send("cancel")}>
          {words.cancel}
        </button>
        <button type="submit" class="primary">
          {words.send}
        </button>
      </div>
      <p class="countdown">{words.ringsOut(seconds)}</p>
    </form>
  );
}

/** Moves between several open prompts. */
export function PromptPager(props: {
  index: number;
  count: number;
  words: Words;
  go: (index: number) => void;
}) {
  const { index, count, words, go } = props;
  if (count < 2) return null;
  return (
    <nav class="pager" aria-label={words.promptOf(index + 1, count)}>
      <button
        type="button"
        aria-label={words.previous}
        onClick={() => go((index + count - 1) % count)}
      >
        <Draw name="previous" />
      </button>
      <span>{words.promptOf(index + 1, count)}</span>
      <button type="button" aria-label={words.next} onClick={() => go((index + 1) % count)}>
        <Draw name="next" />
      </button>
    </nav>
  );
}
