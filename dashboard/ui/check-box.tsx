interface CheckBoxProps {
  readonly label: string;
  readonly value: "on" | "off";
  readonly onChange: (value: "on" | "off") => void;
}

/** Something to tick, with its words beside it. */
export function CheckBox({ label, value, onChange }: CheckBoxProps) {
  return (
    <label class="check-box">
      <input
        type="checkbox"
        checked={value === "on"}
        onChange={(event) => onChange(event.currentTarget.checked ? "on" : "off")}
      />
      <span>{label}</span>
    </label>
  );
}
