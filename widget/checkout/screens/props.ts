import type { CheckoutView } from "../../../shared/api.ts";
import type { Locale } from "../../../shared/words.ts";
import type { Words } from "../dictionary.ts";
import type { Surroundings } from "../frame.ts";
import type { Model } from "../machine.ts";
import type { Session } from "../session.ts";

/** What every screen is given; `now` is server time, ms. */
export interface ScreenProps {
  readonly model: Model;
  readonly view: CheckoutView;
  readonly words: Words;
  readonly locale: Locale;
  readonly now: number;
  readonly session: Session;
  readonly mode: Surroundings["mode"];
  /** What the server said about the number, in words; null when it said nothing. */
  readonly problem: string | null;
  /** Leaves for the shop; null where there is no way to go. */
  readonly leave: { readonly success: (() => void) | null; readonly cancel: (() => void) | null };
}
