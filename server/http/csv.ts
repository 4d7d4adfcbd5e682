/** Comma-separated values by RFC 4180, safe to open in a spreadsheet. */

/** Excel reads a file as UTF-8 only when it begins with this. */
export const BYTE_ORDER_MARK = "\ufeff";

/**
 * What a spreadsheet would take for a formula, also behind blanks, which some of them skip, and in
 * the wide forms that they treat alike (OWASP, "CSV Injection").
 */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/;
/** Fields with these are quoted; semicolons and tabs too, since some spreadsheets cut there. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/** One record with its line end. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}

/** A text with an apostrophe before what would be a formula, quoted where it must be. */
function csvField(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
