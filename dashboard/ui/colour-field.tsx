import { Field } from "./field.tsx";

interface ColourFieldProps {
  readonly label: string;
  /** Names the box of colours beside the field. */
  readonly pick: string;
  readonly name: string;
  /** As typed. */
  readonly value: string;
  /** `#rrggbb`, what the box shows. */
  readonly shown: string;
  readonly hint: string;
  readonly error: string | null;
  readonly onInput: (value: string) => void;
}

/** A colour to type, or to pick from the browser's own box. */
export function ColourField({ pick, shown, ...field }: ColourFieldProps) {
  return (
    <div class="colour-field">
      <Field type="text" autocomplete="off" {...field} />
      <input
        type="color"
        class="colour-box"
        aria-label={pick}
        value={shown}
        onInput={({ currentTarget }) => field.onInput(currentTarget.value)}
      />
    </div>
  );
}
