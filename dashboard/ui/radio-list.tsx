import { useId } from "preact/hooks";

interface RadioListProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly word: string }[];
  readonly onChange: (value: T) => void;
}

/** One of several, below each other: for more choices than fit beside each other on a phone. */
export function RadioList<T extends string>({
  label,
  value,
  options,
  onChange,
}: RadioListProps<T>) {
  const name = useId();
  return (
    <fieldset class="checks checks-list">
      <legend>{label}</legend>
      <div class="checks-all">
        {options.map((option) => (
          <label key={option.value} class="check">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.word}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
