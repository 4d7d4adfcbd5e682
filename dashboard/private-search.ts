/**
 * Searches for a phone number. Addresses are kept in histories and in the logs of proxies, so none
 * may hold a customer's number: it stays in this tab's memory, and the address has a mark for it.
 */
import { parsePhone } from "../shared/phone.ts";

/** A number that is being typed: most of its digits say whose it is. */
const BEGINNING = /^(?:(?:00|\+)?254|0)[17]\d{4,}$/;
const SEPARATORS = /[\s().-]+/g;
const MARK = /^…(\d{3})?(?:\.\d+)?$/;
const TAIL_DIGITS = 3;

const textOfMark = new Map<string, string>();
const markOfText = new Map<string, string>();

/** May this search stand in no address? */
export function isPrivate(search: string): boolean {
  return parsePhone(search) !== null || BEGINNING.test(search.replace(SEPARATORS, ""));
}

/** What the address says of a search: the search, or a mark with a number's last three digits. */
export function inAddress(search: string): string {
  if (!isPrivate(search)) return search;
  const known = markOfText.get(search);
  if (known !== undefined) return known;
  const tail = parsePhone(search)?.slice(-TAIL_DIGITS) ?? "";
  let mark = `…${tail}`;
  // Two numbers may end alike, and must not be one address.
  for (let n = 2; textOfMark.has(mark); n++) mark = `…${tail}.${n}`;
  textOfMark.set(mark, search);
  markOfText.set(search, mark);
  return mark;
}

/** What the search of an address means here; where its number is not known, its last digits. */
export function searchMeant(text: string): { readonly search: string; readonly phoneTail: string } {
  const [whole, tail = ""] = MARK.exec(text) ?? [];
  if (whole === undefined) return { search: text, phoneTail: "" };
  const known = textOfMark.get(whole);
  return known === undefined ? { search: "", phoneTail: tail } : { search: known, phoneTail: "" };
}

/** Whoever signs in next in this tab has not searched for anybody. */
export function forgetSearches(): void {
  textOfMark.clear();
  markOfText.clear();
}
