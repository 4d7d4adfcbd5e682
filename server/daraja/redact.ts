/** Makes text from outside fit to store, show and log: no phone numbers, no tokens, no controls. */

/** Longest text of Daraja's that is kept; its own longest recorded text has 104 characters. */
const TEXT_MAX = 300;
/** Read before redacting, so that a huge body costs nothing. */
const READ_MAX = 2_000;
/** Nine digits are a national phone number; people and systems put marks between them. */
const DIGIT_RUN = /\d(?:[ .()-]{0,2}\d){8,}/g;
/** Access tokens have 28 characters, passkeys 64; no word of a message is that long. */
const TOKEN_RUN = /[A-Za-z0-9+/=_-]{24,}/g;

/**
 * One line of at most 300 characters in which runs of nine or more digits and runs that look like
 * a token are masked and control characters are gone. Anything but text becomes "".
 */
export function redacted(text: unknown): string {
  if (typeof text !== "string") return "";
  return text
    .slice(0, READ_MAX)
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .replace(DIGIT_RUN, "[number]")
    .replace(TOKEN_RUN, "[secret]")
    .slice(0, TEXT_MAX)
    .trim();
}
