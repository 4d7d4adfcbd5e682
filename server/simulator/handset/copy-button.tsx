/** Copies a text and says so, also where the clipboard needs a helping hand. */
import { useEffect, useState } from "preact/hooks";
import { Draw } from "./icons.tsx";
import type { Words } from "./words.ts";

const THANKS_MS = 1_600;

export function CopyButton(props: { text: string; label: string; name?: string; words: Words }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), THANKS_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const shown = copied ? props.words.copied : props.label;
  return (
    <button
      type="button"
      class="copy"
      data-copied={copied}
      aria-label={props.name && !copied ? `${props.label} ${props.name}` : shown}
      onClick={async () => setCopied(await copyText(props.text))}
    >
      <Draw name={copied ? "done" : "copy"} size={16} />
      <span aria-live="polite">{shown}</span>
    </button>
  );
}

/** The clipboard exists on https and loopback only; elsewhere the selection is used. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "offscreen";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}
