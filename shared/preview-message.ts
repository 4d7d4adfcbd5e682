/** What the dashboard tells the preview of the checkout: the look as it would be, not yet kept. */
import type { Locale } from "./words.ts";

export interface PreviewMessage {
  readonly lipia: 1;
  readonly type: "look";
  readonly name: string;
  /** `#rrggbb`, or null for Lipia's own green. */
  readonly accent: string | null;
  /** A `data:` address, our own address of the logo, or null. */
  readonly logo: string | null;
  readonly theme: "light" | "dark";
  readonly locale: Locale;
}
