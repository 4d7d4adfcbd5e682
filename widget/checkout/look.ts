/** The shop's wishes for the look: theme and accent, with contrast kept whatever the shop wishes. */

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

/** Applies theme and accent to the document; unknown values are as good as none. */
export function dress(theme: string | null, accent: string | null): void {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const wear = () => {
    const system = dark.matches ? "dark" : "light";
    root.dataset.theme = theme === "light" || theme === "dark" ? theme : system;
  };
  wear();
  dark.onchange = wear;
  const colour = parseAccent(accent);
  if (colour === null) return;
  root.style.setProperty("--accent", colour);
  root.style.setProperty("--accent-ink", inkOn(colour));
}
