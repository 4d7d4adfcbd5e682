/** What a shop's name and logo may be: asked by the server and by the form before it sends. */

export const BRAND_NAME_MAX = 60;
/** A logo is 40 px wide on the page; a larger file would only make customers wait. */
export const LOGO_MAX_BYTES = 65_536;

export const LOGO_TYPES = ["image/png", "image/jpeg", "image/webp"] as const;
export type LogoType = (typeof LOGO_TYPES)[number];

/** Why a file is not taken as a logo; the dashboard has a word for each. */
export const LOGO_FAULTS = ["logo_kind", "logo_large", "logo_pixels", "logo_shape"] as const;
export type LogoFault = (typeof LOGO_FAULTS)[number];

/** Below this it is a smear; above, a few kilobytes could unpack to gigabytes on a phone. */
const PIXELS_MIN = 32;
const PIXELS_MAX = 1024;
/** The longer side over the shorter: a wider picture would be a sliver in its square. */
const ASPECT_MAX = 4 / 3;

/** What is wrong with a picture of this size, in pixels; null when nothing is. */
export function sizeFault(width: number, height: number): LogoFault | null {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (short < PIXELS_MIN || long > PIXELS_MAX) return "logo_pixels";
  return long / short > ASPECT_MAX ? "logo_shape" : null;
}
