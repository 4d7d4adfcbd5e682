/**
 * Taking a person's number out of what is kept. Digits become zeros, one for one: no number in
 * Kenya is nine zeros, JSON stays JSON, and nothing but the number is touched.
 */
import { type Phone, parsePhone } from "../../shared/phone.ts";

/** Stands where the last four digits stood; no search for digits finds it. */
export const ERASED_TAIL = "****";

/** What people and systems put between digits. */
const BETWEEN = "[\\s().\\-\\u2010-\\u2015/]{0,3}";
const NATIONAL_DIGITS = 9;
const ZEROS = "0".repeat(NATIONAL_DIGITS);
const BLANK = new RegExp(Array.from(ZEROS).join(BETWEEN));
/** A number that stands alone, however it is written. */
const ALONE = new RegExp(
  `(?<!\\d)(?:(?:(?:00)?254|0)${BETWEEN})?[17](?:${BETWEEN}\\d){8}(?!\\d)`,
  "g",
);
/** M-Pesa's name of a request ends in the nine digits of the phone. */
const REQUEST_END = /[17]\d{8}$/;
const REQUEST_NAMES = /ws_CO_\d{8,}/g;

/** The text without this number, in every spelling of it; masked forms of it stay. */
export function withoutPhone(text: string, phone: Phone): string {
  const spelled = new RegExp(Array.from(phone.slice(-NATIONAL_DIGITS)).join(BETWEEN), "g");
  return text.replace(spelled, (run) => run.replace(/\d/g, "0"));
}

/** The same where nobody knows any more which number to look for: every number goes. */
export function withoutPhones(text: string): string {
  const requests = Array.from(text.matchAll(REQUEST_NAMES), ([name]) => REQUEST_END.exec(name));
  const found = [
    ...Array.from(text.matchAll(ALONE), ([run]) => parsePhone(run)),
    ...requests.map((end) => (end === null ? null : parsePhone(end[0]))),
  ];
  return found.reduce<string>(
    (rest, phone) => (phone === null ? rest : withoutPhone(rest, phone)),
    text,
  );
}

/** M-Pesa's name of a request with the phone at its end blanked. */
export function withoutPhoneAtEnd(requestId: string): string {
  return requestId.replace(REQUEST_END, ZEROS);
}

/**
 * Was a request's name blanked at its end? Its time may hold as many zeros at midnight, which is
 * no reason to store a new name without its hash.
 */
export function endsBlanked(requestId: string): boolean {
  return requestId.endsWith(ZEROS);
}

/** Was a number taken out here? Then a keyed hash made before is all that still knows the original. */
export function isBlanked(text: string): boolean {
  return BLANK.test(text);
}
