/** The shop's wishes for the look: theme and accent, with contrast kept whatever the shop wishes. */

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
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

/** Applies theme and accent to the document; unknown values are ignored. */
export function dress(theme: string | null, accent: string | null): void {
  const root = document.documentElement;
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const colour = parseAccent(accent);
  if (colour === null) return;
  root.style.setProperty("--accent", colour);
  root.style.setProperty("--accent-ink", inkOn(colour));
}
