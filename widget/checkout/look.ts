/** The shop's wishes for the look: theme and accent, with contrast kept whatever the shop wishes. */
import { inkOn, parseAccent } from "../../shared/accent.ts";

/**
 * Applies theme and accent to the document; unknown values are as good as none. The merchant's own
 * colour is worn where the shop's page wishes no other.
 */
export function dress(theme: string | null, accent: string | null, own?: string | null): void {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const wear = () => {
    const system = dark.matches ? "dark" : "light";
    root.dataset.theme = theme === "light" || theme === "dark" ? theme : system;
  };
  wear();
  dark.onchange = wear;
  const colour = parseAccent(accent) ?? own;
  if (!colour) return;
  root.style.setProperty("--accent", colour);
  root.style.setProperty("--accent-ink", inkOn(colour));
}
