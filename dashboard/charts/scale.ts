/** Round numbers for an axis. */

/** The smallest of 1, 2, 4, 6, 8, 10, 20, 40, … that is at least `value`: halves are round then. */
export function niceMax(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}

/** A part of a whole as an SVG length, such as "12.5%". */
export function percentOf(part: number, whole: number): string {
  return whole === 0 ? "0%" : `${Math.round((part / whole) * 10_000) / 100}%`;
}

/** Every how many columns a label stands, so that at most `labelsMax` do. */
export function labelStep(columns: number, labelsMax: number): number {
  return Math.max(1, Math.ceil(columns / labelsMax));
}
