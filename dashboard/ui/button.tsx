import type { ComponentChildren } from "preact";

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly look?: "main" | "plain" | "quiet";
  readonly type?: "button" | "submit";
  /** `busy` keeps the focus and says so; a click then does nothing. */
  readonly state?: "ready" | "busy";
  readonly label?: string;
  /** Of a button that opens something beside it, whose id is `controls`. */
  readonly expanded?: "yes" | "no";
  readonly controls?: string;
  readonly onClick?: () => void;
}

/** A button. `main` is the one thing to do here; there is at most one of it on a page. */
export function Button({ children, look = "plain", type = "button", ...rest }: ButtonProps) {
  const busy = rest.state === "busy";
  return (
    <button
      type={type}
      class={`button button-${look}`}
      aria-disabled={busy}
      aria-label={rest.label}
      aria-expanded={rest.expanded === undefined ? undefined : rest.expanded === "yes"}
      aria-controls={rest.expanded === "yes" ? rest.controls : undefined}
      onClick={(event) => {
        if (!busy) return rest.onClick?.();
        event.preventDefault();
      }}
    >
      {children}
    </button>
  );
}
