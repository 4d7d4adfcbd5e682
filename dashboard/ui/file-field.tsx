import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface FileFieldProps {
  readonly label: string;
  /** The button's word, also the name that a screen reader says. */
  readonly choose: string;
  readonly accept: string;
  readonly hint: string;
  readonly error: string | null;
  readonly name: string;
  readonly onFile: (file: File) => void;
  /** What was chosen, to look at, and the way to be rid of it. */
  readonly shown: ComponentChildren;
  readonly remove: ComponentChildren;
}

/** One file from this device. The same file can be chosen again after it was mended. */
export function FileField(props: FileFieldProps) {
  const id = useId();
  const { error, hint } = props;
  return (
    <fieldset class="field file-field">
      <legend class="file-label">{props.label}</legend>
      <div class="file-row">
        {props.shown}
        <label class="button button-plain file-button">
          <input
            type="file"
            name={props.name}
            class="file-input"
            accept={props.accept}
            aria-invalid={error !== null}
            aria-describedby={error === null ? `${id}-hint` : `${id}-hint ${id}-error`}
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              if (file !== undefined) props.onFile(file);
              currentTarget.value = "";
            }}
          />
          {props.choose}
        </label>
        {props.remove}
      </div>
      <p id={`${id}-hint`} class="field-hint">
        {hint}
      </p>
      {error !== null && (
        <p id={`${id}-error`} class="field-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
