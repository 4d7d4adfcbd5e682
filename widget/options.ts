/** What a shop may wish, and what is wrong with a wish. */

/** What `data-*` can say; `Lipia.open` takes the same names (`data-success-url` is `successUrl`). */
export interface LipiaOptions {
  token?: string;
  mode?: string;
  label?: string;
  locale?: string;
  theme?: string;
  accent?: string;
  phone?: string;
  successUrl?: string;
  cancelUrl?: string;
  /** A selector: where the button or the inline frame goes. */
  target?: string;
  /** Publishable key: the way in that is not available yet. */
  key?: string;
}

/** The shop's page. One short name, since a minifier cannot shorten a global. */
export const page = document;

/** What the button and the frame are called, in the shop's wish or the page's language. */
export function labelOf({ label, locale }: LipiaOptions): string {
  const wish = locale === "auto" ? "" : locale;
  const swahili = /^sw/.test(wish || page.documentElement.lang || navigator.language);
  return label || (swahili ? "Lipa kwa M-Pesa" : "Pay with M-Pesa");
}

/** Where the shop wants it; null when its selector matches nothing. */
export function placeOf({ target }: LipiaOptions): Element | null {
  return target ? page.querySelector(target) : page.body;
}

/** What is wrong with the options: its code, and what the shop's developer should do. */
export function faultOf(options: LipiaOptions): [code: string, whatToDo: string] | undefined {
  if (!/^(inline|overlay)?$/.test(options.mode || ""))
    return ["mode_not_available", "set data-mode to overlay or inline"];
  if (options.key && !options.token)
    return ["way_not_available", "use data-token: data-key comes later"];
  if (!/^ct_[\w.-]+$/.test(options.token || ""))
    return ["bad_token", "set data-token to a checkoutToken of POST /v1/payments"];
  if (!placeOf(options)) return ["bad_target", "data-target matches nothing"];
  return undefined;
}
