/** Makes text from outside fit to store, show and log: no phone numbers, no tokens, no controls. */

import { masked } from "../../shared/redaction.ts";

/** Longest text of Daraja's that is kept; its own longest recorded text has 104 characters. */
const TEXT_MAX = 300;
/** Read before redacting, so that a huge body costs nothing. */
const READ_MAX = 2_000;

/**
 * One line of at most 300 characters in which runs of nine or more digits and runs that look like
 * a token are masked and control characters are gone. Anything but text becomes "".
 */
export function redacted(text: unknown): string {
  if (typeof text !== "string") return "";
  return masked(text.slice(0, READ_MAX).replace(/[\p{C}\p{Z}]+/gu, " "))
    .slice(0, TEXT_MAX)
    .trim();
}
