/** What this browser keeps between visits, as JSON. */
import { effect, type Signal, signal } from "@preact/signals";

/**
 * A signal that lives on in localStorage. Storage may be forbidden (private windows, strict
 * settings) or hold anything: `read` makes sense of it, and the signal then lasts a visit.
 */
export function kept<T>(key: string, read: (value: unknown) => T): Signal<T> {
  const value = signal(read(recalled(key)));
  let first = true;
  effect(() => {
    const text = JSON.stringify(value.value);
    if (!first) remember(key, text);
    first = false;
  });
  return value;
}

function recalled(key: string): unknown {
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
