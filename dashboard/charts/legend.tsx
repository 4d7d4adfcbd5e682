import { useId } from "preact/hooks";
import { Hatching, INKS, type Ink, inkOf } from "./ink.tsx";

/** What the two inks stand for. */
export function Legend({ words }: { readonly words: Readonly<Record<Ink, string>> }) {
  const id = useId();
  return (
    <ul class="legend">
      {INKS.map((ink) => (
        <li key={ink}>
          <svg width="16" height="12" aria-hidden="true">
            <Hatching id={`${id}-${ink}`} />
            <rect x="1" y="1" width="14" height="10" {...inkOf(ink, `${id}-${ink}`)} />
          </svg>
          {words[ink]}
        </li>
      ))}
    </ul>
  );
}
