import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

const THANKS_MS = 2_000;

interface CopyProps {
  readonly text: string;
  /** What a screen reader hears: what is copied. */
  readonly label: string;
  readonly word: string;
  readonly done: string;
}

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label, word, done }: CopyProps) {
  const [state, setState] = useState<"ready" | "copied">("ready");
  useEffect(() => {
    if (state === "ready") return;
    const timer = setTimeout(() => setState("ready"), THANKS_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    void copyText(text).then((copied) => copied && setState("copied"));
  };
  return (
    <>
      <button type="button" class="copy" aria-label={label} title={word} onClick={copy}>
        <Icon name={state === "copied" ? "check" : "copy"} size={15} />
      </button>
      <span class={state === "copied" ? "copy-done" : "unseen"} role="status">
        {state === "copied" ? done : ""}
      </span>
    </>
  );
}

/** The clipboard is missing on plain http away from localhost; selecting still works there. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
