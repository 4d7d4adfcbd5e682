/**
 * M-Pesa receipt codes carry their date (daraja.md §8, 2,690 of 2,690 recorded receipts): first
 * letter = year (A = 2006), second = month (A–L), third = day (1–9, then A = 10 … V = 31), EAT.
 * The letters catch typing errors; they never decide about money.
 */
import { nairobiDay } from "./nairobi.ts";

declare const receiptBrand: unique symbol;

/** Ten characters A–Z 0–9, upper case. */
export type Receipt = string & { readonly [receiptBrand]: true };

/** Checked before upper-casing, which makes two letters of a German ß. */
const SHAPE = /^[A-Za-z0-9]{10}$/;
const FIRST_YEAR = 2006;
const DAYS = "123456789ABCDEFGHIJKLMNOPQRSTUV";

/** Trims and upper-cases; null when what is left is not a receipt code. */
export function parseReceipt(input: unknown): Receipt | null {
  if (typeof input !== "string") return null;
  const code = input.trim();
  return SHAPE.test(code) ? (code.toUpperCase() as Receipt) : null;
}

/** The code in what a person typed or pasted: the code alone, or the whole SMS around it. */
export function receiptIn(text: string): Receipt | null {
  const alone = parseReceipt(text.replace(/\s/g, ""));
  if (alone !== null) return alone;
  const words = text.match(/(?<![A-Za-z0-9])[A-Za-z0-9]{10}(?![A-Za-z0-9])/g) ?? [];
  const codes = words.map(parseReceipt).filter((code) => code !== null);
  return codes.find((code) => receiptDate(code) !== null) ?? null;
}

/** The Nairobi day a receipt names, or null when its letters name no day. */
export function receiptDate(receipt: Receipt): { year: number; month: number; day: number } | null {
  const year = receipt.charCodeAt(0) - 65;
  const month = receipt.charCodeAt(1) - 65;
  const day = DAYS.indexOf(receipt.charAt(2)) + 1;
  if (year < 0 || year > 25 || month < 0 || month > 11 || day < 1) return null;
  return { year: FIRST_YEAR + year, month: month + 1, day };
}

/**
 * Do the letters name a day from one moment to another, in Nairobi? They catch typing errors; a
 * person who has the statement before them may know better.
 */
export function receiptDayFits(receipt: Receipt, from: number, to: number): boolean {
  const named = receiptDate(receipt);
  if (named === null) return false;
  const day = Math.floor(Date.UTC(named.year, named.month - 1, named.day) / 86_400_000);
  return day >= nairobiDay(from) && day <= nairobiDay(to);
}

/** The three date letters for a Nairobi calendar day, as the simulator and tests need them. */
export function receiptDateLetters(year: number, month: number, day: number): string {
  return (
    String.fromCharCode(65 + year - FIRST_YEAR) +
    String.fromCharCode(64 + month) +
    DAYS.charAt(day - 1)
  );
}
