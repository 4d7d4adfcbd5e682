import { useEffect, useRef } from "preact/hooks";
import { waitMs } from "../machine.ts";
import { clock, groupPhone, kes } from "../text.ts";
import type { ScreenProps } from "./props.ts";

/** The number to ask, and the button that asks it. */
export function PhoneScreen({ model, view, words, now, session, mode, problem }: ScreenProps) {
  const field = useRef<HTMLInputElement>(null);
  const { notice } = model;
  const wait = waitMs(model, now);

  useEffect(() => {
    // In the shop's own page the field must not pull the focus away from what is being read.
    if (mode === "overlay" || notice !== null) field.current?.focus();
  }, [notice, mode]);

  const typed = (input: HTMLInputElement) => {
    const atEnd = input.selectionStart === input.value.length;
    if (atEnd) input.value = groupPhone(input.value);
    session.type(input.value);
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (wait === 0) session.pay();
      }}
    >
      <h1 tabIndex={-1} class="sum">
        {words.payTitle(kes(view.amount))}
      </h1>
      {view.description && <p class="soft clip">{view.description}</p>}
      <label for="phone">{words.phoneLabel}</label>
      <input
        ref={field}
        id="phone"
        name="phone"
        type="tel"
        inputMode="tel"
        autoComplete="tel-national"
        placeholder={(view.phoneKnown && view.phoneNumber) || "0712 345 678"}
        maxLength={40}
        value={model.phone}
        onInput={(event) => typed(event.currentTarget)}
        aria-invalid={problem !== null}
        aria-describedby="phone-note"
      />
      <p
        id="phone-note"
        class={problem === null ? "soft" : "problem"}
        role={problem ? "alert" : undefined}
      >
        {problem ?? (view.phoneKnown ? words.phoneKnown : words.phoneHint)}
      </p>
      <button class="main" type="submit" aria-disabled={wait > 0}>
        {wait > 0 ? words.tryAgainIn(clock(wait)) : words.payTitle(kes(view.amount))}
      </button>
    </form>
  );
}
