/** An accent colour: how it is written, the ink that reads on it, and where it can hardly be seen. */

/** Relative luminance of `#rrggbb` (WCAG 2.2), with its curve drawn as a plain power. */
function luminance(hex: string): number {
  const part = (at: number) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2;
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

/** `#rgb`, `#rrggbb`, with or without `#` → `#rrggbb`; null for anything else. */
export function parseAccent(text: string | null): string | null {
  const hex = (text ?? "").trim().replace(/^#/, "").toLowerCase();
  if (/^[0-9a-f]{6}$/.test(hex)) return `#${hex}`;
  return /^[0-9a-f]{3}$/.test(hex) ? `#${hex.replace(/./g, "$&$&")}` : null;
}

/** Black or white, whichever reads better on the accent: at least 4.5 to 1 on every colour. */
export function inkOn(accent: string): "#000" | "#fff" {
  return luminance(accent) > 0.179 ? "#000" : "#fff";
}

/** The checkout's card in each theme; widget/checkout/checkout.css paints it. */
const CARDS = { light: "#ffffff", dark: "#161d19" } as const;
/** A button's shape wants 3 to 1 against what is around it (WCAG 2.2, 1.4.11). */
const SHAPE_CONTRAST_MIN = 3;

/** The themes on whose card a button of this colour is hard to make out. */
export function faintOn(accent: string): readonly (keyof typeof CARDS)[] {
  return (["light", "dark"] as const).filter((theme) => {
    const [one, other] = [luminance(accent), luminance(CARDS[theme])];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < SHAPE_CONTRAST_MIN;
  });
}
