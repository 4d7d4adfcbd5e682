/** Identifiers in the forms that Daraja was seen to use (daraja.md §2, §8; recorded samples). */
import { randomInt } from "node:crypto";
import { darajaTimestamp, nairobiDate } from "../../shared/nairobi.ts";
import { type Receipt, receiptDateLetters } from "../../shared/receipt.ts";

/** A whole number from 0 up to, but not including, `below`. */
export type Dice = (below: number) => number;

export const cryptoDice: Dice = (below) => randomInt(below);

const HEX = "0123456789abcdef";
const DIGITS = "0123456789";
const UPPER_ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const ALNUM = `${UPPER_ALNUM}abcdefghijklmnopqrstuvwxyz`;

function drawn(dice: Dice, alphabet: string, length: number): string {
  let text = "";
  for (let i = 0; i < length; i += 1) text += alphabet.charAt(dice(alphabet.length));
  return text;
}

/** `ws_CO_` + DDMMYYYYHHmmss + milliseconds + the last nine digits of the payer's phone. */
export function checkoutRequestId(at: number, phone: string): string {
  const stamp = darajaTimestamp(at);
  const [year, month, day] = [stamp.slice(0, 4), stamp.slice(4, 6), stamp.slice(6, 8)];
  const millis = String(at % 1000).padStart(3, "0");
  return `ws_CO_${day}${month}${year}${stamp.slice(8)}${millis}${phone.slice(-9)}`;
}

/** 4-4-4-4 hex digits with a decimal tail, for example 2e9c-429c-a95c-b4cd653531a313000. */
export function merchantRequestId(dice: Dice): string {
  const quad = () => drawn(dice, HEX, 4);
  return `${quad()}-${quad()}-${quad()}-${drawn(dice, HEX, 12)}${drawn(dice, DIGITS, 5)}`;
}

/** Ten characters; the first three name the Nairobi day. */
export function receiptCode(at: number, dice: Dice): Receipt {
  const { year, month, day } = nairobiDate(at);
  return `${receiptDateLetters(year, month, day)}${drawn(dice, UPPER_ALNUM, 7)}` as Receipt;
}

/** 28 characters, as every recorded access token. */
export function accessToken(dice: Dice): string {
  return drawn(dice, ALNUM, 28);
}

/** Our own short name of a prompt, for the handset's addresses. */
export function promptId(dice: Dice): string {
  return `prm_${drawn(dice, HEX, 16)}`;
}
