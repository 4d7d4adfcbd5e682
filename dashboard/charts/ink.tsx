/** The two inks of every chart: full for what was paid, hatched for what was not. */

export const INKS = ["paid", "unpaid"] as const;
export type Ink = (typeof INKS)[number];

/** The hatching, under an id of the drawing's own. */
export function Hatching({ id }: { readonly id: string }) {
  return (
    <defs>
      <pattern
        id={id}
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect class="ink-ground" width="6" height="6" />
        <rect class="ink-line" width="2.4" height="6" />
      </pattern>
    </defs>
  );
}

/** How a part is filled: its class gives the colour, the hatching the texture. */
export function inkOf(ink: Ink, hatching: string): { class: string; fill?: string } {
  return ink === "paid"
    ? { class: "ink ink-paid" }
    : { class: "ink ink-unpaid", fill: `url(#${hatching})` };
}
