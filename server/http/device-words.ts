/**
 * What a browser calls itself, in the words by which people know their own devices. Every browser
 * claims to be several others, so the order matters; a guess is enough, since nothing hangs on it.
 */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bOPR\/|\bOPiOS\/|Opera Mini/, "Opera"],
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/Chrome\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMac OS X\b|\bMacintosh\b/, "Mac"],
  [/\bLinux\b/, "Linux"],
];
/** Longer names are nobody's browser. */
const NAME_MAX = 1_024;

/** "Chrome, Android", one of the two where the other is not known, or null. */
export function deviceWords(userAgent: string | undefined): string | null {
  const name = (userAgent ?? "").slice(0, NAME_MAX);
  const known = [BROWSERS, SYSTEMS].flatMap((list) => {
    const found = list.find(([pattern]) => pattern.test(name));
    return found === undefined ? [] : [found[1]];
  });
  return known.length === 0 ? null : known.join(", ");
}
