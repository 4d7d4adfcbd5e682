/** What the checkout does beside drawing: focus, the frame's talk with the shop, document title. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Surroundings, tellOf } from "./frame.ts";
import type { Model, Screen } from "./machine.ts";

type Box = RefObject<HTMLElement | null>;

const LOAD_AGAIN_MS = 3_000;

/** Moves the focus to the heading when the screen changes, so that it is read out. */
export function useFocusOnChange(box: Box, screen: Screen): void {
  const shown = useRef(screen);
  useEffect(() => {
    const moved = shown.current !== screen;
    shown.current = screen;
    if (moved && screen !== "phone") box.current?.querySelector("h1")?.focus();
  }, [screen, box]);
}

/** Tells the shop's page of every change of status. */
export function useNews(around: Surroundings, view: Model["view"], screen: Screen): void {
  const told = useRef<Model["view"]>(null);
  // Before the paint: the loader shows the overlay on the first word.
  useLayoutEffect(() => {
    if (screen === "gone") around.tell({ type: "error", code: "not_found" });
    const news = view && tellOf(told.current, view);
    if (news) around.tell(news);
    told.current = view;
  }, [view, screen, around]);
}

/** Inline, the loader makes the frame as high as the card. */
export function useHeight(around: Surroundings, box: Box): void {
  useEffect(() => {
    const card = box.current;
    if (card === null || around.mode !== "inline") return undefined;
    const observer = new ResizeObserver(() => {
      around.tell({ type: "height", px: Math.ceil(card.getBoundingClientRect().height) });
    });
    observer.observe(card);
    return () => observer.disconnect();
  }, [around, box]);
}

/** Escape closes the overlay: pressed inside a frame it never reaches the shop's page. */
export function useEscape(around: Surroundings): void {
  useEffect(() => {
    if (around.mode !== "overlay") return undefined;
    const pressed = ({ key }: KeyboardEvent) => key === "Escape" && around.tell({ type: "close" });
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [around]);
}

/** Loads a chunk once it is needed, and again until a broken network gives it. */
export function useChunk<Chunk>(from: () => Promise<Chunk>, when: "now" | "not_yet"): Chunk | null {
  const [chunk, setChunk] = useState<Chunk | null>(null);
  const needed = when === "now" && chunk === null;
  useEffect(() => {
    if (!needed) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const load = () => {
      from().then(setChunk, () => {
        timer = setTimeout(load, LOAD_AGAIN_MS);
      });
    };
    load();
    return () => clearTimeout(timer);
  }, [needed, from]);
  return chunk;
}
