/** What this browser keeps between visits, as JSON. */
import { effect, type Signal, signal } from "@preact/signals";

/**
 * A signal that lives on in localStorage. Storage may be forbidden (private windows, strict
 * settings) or hold anything: `read` makes sense of it, and the signal then lasts a visit.
 */
export function kept<T>(key: string, read: (value: unknown) => T): Signal<T> {
  const value = signal(read(recall(key)));
  let first = true;
  effect(() => {
    const text = JSON.stringify(value.value);
    if (!first) remember(key, text);
    first = false;
  });
  return value;
}

/** Takes over what other tabs keep, until the returned function is called. */
export function followTabs<T>(
  key: string,
  value: Signal<T>,
  read: (value: unknown) => T,
): () => void {
  const take = (event: StorageEvent) => {
    if (event.key === key) value.value = read(recall(key));
  };
  window.addEventListener("storage", take);
  return () => window.removeEventListener("storage", take);
}

/** What is kept at this moment, whichever tab wrote it; null when nothing is. */
export function recall(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function remember(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    return;
  }
}
