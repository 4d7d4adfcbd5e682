interface CheckGroupProps<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly word: string }[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: readonly T[]) => void;
  /** `row`: pills beside each other; `list`: lines below each other. */
  readonly look?: "row" | "list";
}

/** Any of several, all in sight; checkboxes to keyboard and screen reader. */
export function CheckGroup<T extends string>(props: CheckGroupProps<T>) {
  const { label, options, chosen, onChange, look = "row" } = props;
  const toggle = (value: T, wish: "in" | "out") => {
    const others = chosen.filter((other) => other !== value);
    onChange(wish === "in" ? [...others, value] : others);
  };
  return (
    <fieldset class={`checks checks-${look}`}>
      <legend>{label}</legend>
      <div class="checks-all">
        {options.map(({ value, word }) => (
          <label key={value} class="check">
            <input
              type="checkbox"
              value={value}
              checked={chosen.includes(value)}
              onChange={(event) => toggle(value, event.currentTarget.checked ? "in" : "out")}
            />
            <span>{word}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
