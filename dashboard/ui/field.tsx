import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly type: "email" | "password" | "text" | "date";
  readonly name: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly autocomplete: string;
  readonly hint?: string;
  /** Which keys a phone offers. */
  readonly keys?: "numeric";
  /** What is wrong with this field, or null. */
  readonly error: string | null;
  /** Words of the button that makes a password readable. */
  readonly reveal?: { readonly show: string; readonly hide: string; readonly name: string };
}

type InputParts = Omit<JSX.IntrinsicElements["input"], "type" | "role" | "list">;

/** A labelled input with its hint and its error beside it. */
export function Field(props: FieldProps) {
  const id = useId();
  const [shown, setShown] = useState<"shown" | "hidden">("hidden");
  const { error, hint, reveal } = props;
  const described = [hint && `${id}-hint`, error !== null && `${id}-error`].filter(Boolean);
  const input: InputParts = {
    id,
    class: "input",
    name: props.name,
    value: props.value,
    autocomplete: props.autocomplete,
    autocapitalize: "none",
    spellcheck: false,
    inputMode: props.keys,
    "aria-invalid": error !== null,
    "aria-describedby": described.length > 0 ? described.join(" ") : undefined,
    onInput: (event: InputEvent) => {
      if (event.target instanceof HTMLInputElement) props.onInput(event.target.value);
    },
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <div class="field-box">
        <TypedInput type={shown === "shown" ? "text" : props.type} input={input} />
        {reveal && (
          <button
            type="button"
            class="field-reveal"
            aria-pressed={shown === "shown"}
            aria-label={reveal.name}
            onClick={() => setShown(shown === "shown" ? "hidden" : "shown")}
          >
            {shown === "shown" ? reveal.hide : reveal.show}
          </button>
        )}
      </div>
      {hint && (
        <p id={`${id}-hint`} class="field-hint">
          {hint}
        </p>
      )}
      {error !== null && (
        <p id={`${id}-error`} class="field-error">
          {error}
        </p>
      )}
    </div>
  );
}

/** The types of an input have separate attribute lists, so each is written out. */
function TypedInput({ type, input }: { type: FieldProps["type"]; input: InputParts }) {
  switch (type) {
    case "email":
      return <input type="email" {...input} />;
    case "password":
      return <input type="password" {...input} />;
    case "date":
      return <input type="date" {...input} />;
    case "text":
      return <input type="text" {...input} />;
  }
}
