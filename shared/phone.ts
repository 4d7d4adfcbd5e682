/**
 * Kenyan mobile numbers. Operator prefixes never refuse a number: numbers are ported between
 * networks (contract §4), so only the shape is checked.
 */
declare const phoneBrand: unique symbol;

/** `254` + `7` or `1` + eight digits: what Daraja calls PartyA. */
export type Phone = string & { readonly [phoneBrand]: true };

const CANONICAL = /^254[17]\d{8}$/;
/** Everything people put between digits: spaces (also non-breaking), dots, dashes, brackets, slashes. */
const SEPARATORS = /[\s\u00a0\u2000-\u200d\u202f\u2060\ufeff().\-\u2010-\u2015/]+/g;

/**
 * Normalises what a person types: 0712 345 678, 712345678, +254 712…, 00254712…, 2540712….
 * @returns the canonical number, or null when it cannot be a Kenyan mobile number.
 */
export function parsePhone(input: string): Phone | null {
  if (input.length > 40) return null;
  const compact = input.replace(SEPARATORS, "");
  if (!/^\+?\d{9,16}$/.test(compact)) return null;
  const digits = compact.replace(/^\+/, "").replace(/^00(?=254)/, "");
  const national = digits.replace(/^254(?=0?[17]\d{8}$)/, "").replace(/^0(?=[17]\d{8}$)/, "");
  const canonical = `254${national}`;
  return CANONICAL.test(canonical) ? (canonical as Phone) : null;
}

/** Last four digits: the only part of a number that lists, logs and screens may show. */
export function phoneTail(phone: Phone): string {
  return phone.slice(-4);
}

/** `254*****5678` from the last four digits. */
export function maskedPhone(tail: string): string {
  return `254*****${tail}`;
}

/** `0712 345 678`, the way a Kenyan reads a number back to check it. */
export function readablePhone(phone: Phone): string {
  const local = `0${phone.slice(3)}`;
  return `${local.slice(0, 4)} ${local.slice(4, 7)} ${local.slice(7)}`;
}
