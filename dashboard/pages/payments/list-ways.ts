/** How a person moves about the list: keys, the pointer, and coming back from a payment. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { shortcuts } from "../../preferences.ts";
import { type KeyMap, useKeys } from "../../ui/keys.ts";
import { cursor, decideArrivals, showIncoming } from "./list-store.ts";

/** Scrolled further than this, the top of the list is out of sight. */
const AT_TOP_PX = 80;

interface ListKeys {
  readonly search: RefObject<HTMLInputElement | null>;
  readonly open: (id: string) => void;
  readonly filters: () => void;
}

/** `/` searches, f filters, j/k and the arrows move among rows, Enter opens, Escape leaves the search. */
export function useListKeys({ search, open, filters }: ListKeys): void {
  const leave = () => {
    if (document.activeElement === search.current) search.current?.blur();
  };
  const plain: KeyMap = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Escape: leave,
  };
  const letters: KeyMap = {
    "/": () => search.current?.select(),
    f: filters,
    j: () => step(1),
    k: () => step(-1),
    o: () => cursor.peek() !== null && open(cursor.peek() ?? ""),
  };
  useKeys(shortcuts.value === "on" ? { ...plain, ...letters } : plain);
}

/**
 * New rows show at once only where they move nothing under the reader: at the top of the page,
 * with neither pointer nor focus among the rows. Otherwise they wait until the reader is away.
 */
export function useArrivals(): RefObject<HTMLDivElement | null> {
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const stop = new AbortController();
    const away = () => {
      const rows = area.current?.querySelector("tbody");
      const among = rows?.matches(":hover") || rows?.contains(document.activeElement);
      return window.scrollY < AT_TOP_PX && !among;
    };
    decideArrivals(() => (away() ? "show" : "hold"));
    const look = () => {
      if (away()) showIncoming();
    };
    area.current?.addEventListener("pointerleave", look, { signal: stop.signal });
    window.addEventListener("scroll", look, { signal: stop.signal, passive: true });
    return () => {
      stop.abort();
      decideArrivals(() => "hold");
    };
  }, []);
  return area;
}

/** Coming back from a payment, the reader finds the row they left, in view and in focus. */
export function useReturn(area: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const link = linkOf(area.current, cursor.peek());
    link?.scrollIntoView({ block: "center" });
    link?.focus({ preventScroll: true });
  }, [area]);
}

function step(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("tr[data-row] a")];
  const at = links.findIndex((link) => link.closest("tr")?.dataset.row === cursor.peek());
  const focused = document.activeElement?.closest("tr[data-row]") ? at : -1;
  const from = focused === -1 && at === -1 ? (by === 1 ? -1 : links.length) : at;
  const next = links[focused === -1 && at !== -1 ? at : from + by];
  next?.focus();
  next?.closest("tr")?.scrollIntoView({ block: "nearest" });
}

function linkOf(area: HTMLElement | null, id: string | null): HTMLAnchorElement | null {
  if (area === null || id === null) return null;
  return area.querySelector(`tr[data-row="${CSS.escape(id)}"] a`);
}
