/** Four masked digits: typed, or pressed on the pad. */
import type { RefObject } from "preact";
import { Draw } from "./icons.tsx";
import type { Words } from "./words.ts";

export const PIN_LENGTH = 4;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

interface Props {
  readonly pin: string;
  readonly change: (pin: string) => void;
  readonly incomplete: boolean;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly words: Words;
}

export function PinPad({ pin, change, incomplete, input, words }: Props) {
  const press = (digit: string) => change((pin + digit).slice(0, PIN_LENGTH));
  return (
    <>
      <label class="pin" data-wrong={incomplete}>
        <span class="pin-label">{words.pin}</span>
        <span class="dots" aria-hidden="true">
          {[0, 1, 2, 3].map((place) => (
            <i key={place} data-filled={place < pin.length} />
          ))}
        </span>
        <input
          ref={input}
          type="password"
          inputMode="none"
          autocomplete="off"
          data-1p-ignore
          maxLength={PIN_LENGTH}
          value={pin}
          aria-invalid={incomplete}
          aria-describedby="pin-hint"
          onInput={(event) => change(event.currentTarget.value.replace(/\D/g, ""))}
        />
      </label>
      <p id="pin-hint" class="hint" data-wrong={incomplete} aria-live="polite">
        {incomplete ? words.pinWrong : words.pinHint}
      </p>
      <div class="pad">
        {KEYS.map((digit) => (
          <Key key={digit} label={digit} press={() => press(digit)} />
        ))}
        <span />
        <Key label="0" press={() => press("0")} />
        <button
          type="button"
          tabIndex={-1}
          class="key"
          aria-label={words.erase}
          onClick={() => change(pin.slice(0, -1))}
        >
          <Draw name="erase" size={22} />
        </button>
      </div>
    </>
  );
}

/** Out of the tab order: whoever has a keyboard types into the field above. */
function Key({ label, press }: { label: string; press: () => void }) {
  return (
    <button type="button" tabIndex={-1} class="key" onClick={press}>
      {label}
    </button>
  );
}
