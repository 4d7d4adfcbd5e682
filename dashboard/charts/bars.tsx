import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Hatching, INKS, type Ink, inkOf } from "./ink.tsx";
import { percentOf } from "./scale.ts";

export interface Bar {
  readonly key: string;
  readonly name: ComponentChildren;
  /** The numbers in words; the bar itself is only a picture of them. */
  readonly value: ComponentChildren;
  readonly counts: Readonly<Record<Ink, number>>;
}

/** A list with a bar to each entry; the longest fills the width. */
export function Bars({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }) {
  const most = Math.max(...bars.map(({ counts }) => counts.paid + counts.unpaid), 0);
  return (
    <ul class="bars" aria-label={label}>
      {bars.map(({ key, name, value, counts }) => (
        <li key={key}>
          <span class="bars-name">{name}</span>
          <span class="bars-value">{value}</span>
          <BarDrawing counts={counts} most={most} />
        </li>
      ))}
    </ul>
  );
}

interface BarDrawingProps {
  readonly counts: Readonly<Record<Ink, number>>;
  /** What would fill the whole width. */
  readonly most: number;
}

/** Paid and unpaid after one another; decoration beside its numbers. */
export function BarDrawing({ counts, most }: BarDrawingProps) {
  const id = useId();
  return (
    <svg class="bar-drawing" width="100%" height="12" aria-hidden="true">
      <Hatching id={id} />
      <rect class="ink-rest" width="100%" height="12" />
      {INKS.map((ink) => (
        <rect
          key={ink}
          x={ink === "paid" ? "0%" : percentOf(counts.paid, most)}
          width={percentOf(counts[ink], most)}
          height="12"
          {...inkOf(ink, id)}
        />
      ))}
    </svg>
  );
}
