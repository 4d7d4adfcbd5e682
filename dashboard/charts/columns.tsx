import { useId } from "preact/hooks";
import { Hatching, INKS, type Ink, inkOf } from "./ink.tsx";
import { labelStep, niceMax, percentOf } from "./scale.ts";

export interface Column {
  readonly key: string;
  /** Under the column, where there is room for it. */
  readonly word: string;
  readonly counts: Readonly<Record<Ink, number>>;
}

interface ColumnsProps {
  /** What the drawing shows, in a sentence; the numbers stand in a table beside it. */
  readonly label: string;
  readonly columns: readonly Column[];
  /** A number as it is read. */
  readonly told: (n: number) => string;
}

const HEIGHT = 152;
const TOP = 8;
const FLOOR = 128;
const LABELS_MAX = 8;
/** Of a column's room, how much stays free beside it. */
const AIR = 0.3;
const AIR_MIN_COLUMNS = 4;

/**
 * Stacked columns over time. Lengths across are shares of the width and text is never scaled, so
 * that it stays legible on the narrowest screen.
 */
export function Columns({ label, columns, told }: ColumnsProps) {
  const id = useId();
  const most = Math.max(...columns.map(({ counts }) => counts.paid + counts.unpaid), 0);
  const top = niceMax(most);
  const room = Math.max(columns.length, AIR_MIN_COLUMNS);
  const step = labelStep(columns.length, LABELS_MAX);
  const yOf = (n: number) => FLOOR - (n / top) * (FLOOR - TOP);
  return (
    <div class="columns">
      <div class="columns-scale" aria-hidden="true">
        <span>{told(top)}</span>
        {top > 1 && <span>{told(top / 2)}</span>}
        <span>0</span>
      </div>
      <svg width="100%" height={HEIGHT} role="img" aria-label={label}>
        <Hatching id={id} />
        {[top, top / 2, 0].map((n) => (
          <line key={n} class="chart-line" x1="0" x2="100%" y1={yOf(n)} y2={yOf(n)} />
        ))}
        {columns.map(({ key, word, counts }, n) => (
          <g key={key}>
            {INKS.map((ink) => {
              const below = ink === "paid" ? 0 : counts.paid;
              const y = yOf(below + counts[ink]);
              return (
                counts[ink] > 0 && (
                  <rect
                    key={ink}
                    x={percentOf(n + AIR / 2, room)}
                    width={percentOf(1 - AIR, room)}
                    y={y}
                    height={yOf(below) - y}
                    {...inkOf(ink, id)}
                  />
                )
              );
            })}
            {n % step === 0 && (
              <text class="chart-text" x={percentOf(n + 0.5, room)} y={HEIGHT - 6}>
                {word}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}
