import { useEffect } from "preact/hooks";

export type KeyMap = Readonly<Record<string, () => void>>;

/** Keys that act while nobody types; Escape acts there too. Keys with modifiers are left alone. */
export function useKeys(keys: KeyMap): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) && event.key !== "Escape") return;
      // An open question has the keys to itself: its Escape must not leave the page, too.
      if (document.querySelector("dialog[open]") !== null) return;
      const act = keys[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === "radio") return true;
  return target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName);
}
