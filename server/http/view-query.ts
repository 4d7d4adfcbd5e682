/** What may be kept of a filter: what the list itself takes, and never a whole phone number. */
import { dashboardFilterQuery } from "../../shared/payments-list-api.ts";
import { parsePhone } from "../../shared/phone.ts";

/** What people put between the digits of a number. */
const SEPARATORS = /[\s()./+\-\u00a0\u2010-\u2015]+/g;
/** The shortest way to write a whole Kenyan number: 712345678. */
const WHOLE_NUMBER = /\d{9}/;

const NO_NUMBERS =
  "query must hold no whole phone number; filter by the last digits of the phone instead";

/** Is a text of a filter, however it is written, somebody's whole phone number or more? */
export function holdsWholeNumber(text: string): boolean {
  return WHOLE_NUMBER.test(text.replace(SEPARATORS, ""));
}

/** What is wrong with the query of a view, in words, or null. */
export function viewQueryFault(text: string): string | null {
  const pairs = [...new URLSearchParams(text)];
  const fields = Object.fromEntries(pairs);
  const unknown = Object.keys(fields).some((name) => !(name in dashboardFilterQuery.shape));
  if (unknown) return "query holds something that is no filter of the list";
  if (pairs.length !== Object.keys(fields).length) return "query holds a filter twice";
  if (pairs.every(([, value]) => value.trim() === "")) return "query holds no filter";
  const read = dashboardFilterQuery.safeParse(fields);
  if (!read.success) return `query: ${read.error.issues[0]?.message ?? "cannot be read"}`;
  const { q = "", orderReference = "", code = "", page = "" } = read.data;
  if (holdsWholeNumber(q)) return NO_NUMBERS;
  const texts = [orderReference, code, page.replace(/^https?:\/\//, "")];
  return texts.every((each) => parsePhone(each) === null) ? null : NO_NUMBERS;
}
