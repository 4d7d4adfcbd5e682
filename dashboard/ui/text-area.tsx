import { useId } from "preact/hooks";

interface TextAreaProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly rows: number;
  readonly maxLength: number;
  readonly hint?: string;
  /** What is wrong with this field, or null. */
  readonly error: string | null;
}

/** A labelled box for sentences, with its hint and its error beside it. */
export function TextArea(props: TextAreaProps) {
  const id = useId();
  const { hint, error } = props;
  const described = [hint && `${id}-hint`, error !== null && `${id}-error`].filter(Boolean);
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <textarea
        id={id}
        class="input text-area"
        name={props.name}
        rows={props.rows}
        maxLength={props.maxLength}
        value={props.value}
        aria-invalid={error !== null}
        aria-describedby={described.length > 0 ? described.join(" ") : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
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
