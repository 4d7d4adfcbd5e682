import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

interface MenuProps {
  readonly label: string;
  readonly face: ComponentChildren;
  /** `word`: a button with words on it. */
  readonly look?: "round" | "word";
  /** For what is read only once somebody wants to see it. */
  readonly onOpen?: () => void;
  readonly children: ComponentChildren;
}

/** A button that opens a small panel; Escape, a click outside or leaving by Tab closes it. */
export function Menu({ label, face, look = "round", onOpen, children }: MenuProps) {
  const [open, setOpen] = useState<"open" | "closed">("closed");
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (open === "closed") return;
    const stop = new AbortController();
    const leave = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen("closed");
    };
    const leaveByKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setOpen("closed");
      button.current?.focus();
    };
    document.addEventListener("pointerdown", leave, { signal: stop.signal });
    document.addEventListener("focusin", leave, { signal: stop.signal });
    document.addEventListener("keydown", leaveByKey, { signal: stop.signal, capture: true });
    return () => stop.abort();
  }, [open]);
  return (
    <div class="menu" ref={root}>
      <button
        ref={button}
        type="button"
        class={look === "round" ? "menu-button" : "button button-plain"}
        aria-label={label}
        aria-expanded={open === "open"}
        aria-controls={id}
        onClick={() => {
          if (open === "closed") onOpen?.();
          setOpen(open === "open" ? "closed" : "open");
        }}
      >
        {face}
      </button>
      <div id={id} class="menu-panel" hidden={open === "closed"}>
        {children}
      </div>
    </div>
  );
}
