/** The big calm drawing above a result. */
const DRAWINGS = {
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1M11 18h2",
  check: "m5 12.5 4.5 4.5L19 7.5",
  cross: "m7 7 10 10M17 7 7 17",
  alert: "M12 6v8M12 17.5v.5",
  clock: "M12 4a8 8 0 1 0 .01 0M12 8v4l2.5 2",
  back: "M9 7 5 11l4 4M5 11h9a4 4 0 0 1 0 8h-2",
} as const;

export type Drawing = keyof typeof DRAWINGS;

/** A drawing in a tinted disc; decoration only, the heading says the same. */
export function Mark({ drawing, tone }: { drawing: Drawing; tone: "good" | "bad" | "calm" }) {
  return (
    <div class={`mark ${tone}`} aria-hidden="true">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path pathLength="1" d={DRAWINGS[drawing]} />
      </svg>
    </div>
  );
}
