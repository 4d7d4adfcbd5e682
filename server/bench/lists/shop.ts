/** The payments of a busy shop, made up one after the other: same seed, same shop. */

import { type Cents, cents } from "../../../shared/money.ts";
import { nairobiDate } from "../../../shared/nairobi.ts";
import { type Receipt, receiptDateLetters } from "../../../shared/receipt.ts";
import type { AttemptState, Flag, PaymentStatus, Reason } from "../../../shared/words.ts";
import type { AttemptId, MerchantId, PaymentId } from "../../core/payment.ts";
import { createDice, type Dice } from "../../drills/dice.ts";

export const MERCHANT = "mer_simulator" as MerchantId;
/** The shop opened this long before `END`, and its payments came evenly. */
const SPAN_MS = 400 * 86_400_000;
/** Noon in Nairobi on a day of 2026, so that equal sizes are equal databases. */
export const END = Date.UTC(2026, 9, 30, 9);
const PROMPT_MS = 1_500;
/** Websites that payments come from; `rare` sells one in so many. */
export const PAGES = { common: "https://shop.co.ke", rare: "https://old.shop.co.ke" } as const;
const RARE_PAGE_EVERY = 5_000;

export interface MadeAttempt {
  readonly id: AttemptId;
  readonly createdAt: number;
  readonly resolvedAt: number | null;
  readonly state: AttemptState;
  readonly reason: Reason | null;
  readonly resultCode: string | null;
  readonly receipt: Receipt | null;
}

export interface MadePayment {
  readonly id: PaymentId;
  readonly at: number;
  readonly amountCents: Cents;
  readonly orderReference: string;
  /** Of most, the shop's; of few, another one; of some, none is known. */
  readonly page: string | null;
  /** Nine digits behind 254. */
  readonly phone: string;
  readonly status: PaymentStatus;
  readonly flags: readonly Flag[];
  readonly attempts: readonly MadeAttempt[];
}

export interface Shop {
  /** @param n from 0 to size - 1, oldest first. */
  payment(n: number): MadePayment;
  readonly size: number;
  readonly openedAt: number;
}

const FAILURES: readonly (readonly [Reason, string, number])[] = [
  ["wrong_pin", "2001", 0.3],
  ["insufficient_funds", "1", 0.25],
  ["unreachable", "1037", 0.25],
  ["timed_out", "1019", 0.12],
  ["customer_busy", "1001", 0.07],
  ["pin_locked", "8006", 0.009],
  ["merchant_setup", "2028", 0.001],
];

/** @param size how many payments; the same span whatever the size. */
export function shopOf(size: number, seed: number): Shop {
  const dice = createDice(seed);
  const openedAt = END - SPAN_MS;
  const atOf = (n: number) => openedAt + Math.floor((n * SPAN_MS) / size);
  return { payment: (n) => paymentOf(dice.fork(n), n, atOf(n)), size, openedAt };
}

/** Ids sort by time, as UUIDv7 do. */
function idOf(at: number, n: number): string {
  return at.toString(16).padStart(12, "0") + n.toString(16).padStart(20, "7");
}

function paymentOf(dice: Dice, n: number, at: number): MadePayment {
  const [status, attempts] = storyOf(dice, n, at);
  return {
    id: `pay_${idOf(at, n)}` as PaymentId,
    at,
    amountCents: amountOf(dice),
    orderReference: `${n % 50 === 0 ? "SUB" : "INV"}-${String(n).padStart(8, "0")}`,
    page: pageOf(n),
    phone: `7${String((n * 76_543_217 + 13_579_246) % 100_000_000).padStart(8, "0")}`,
    status,
    flags: flagsOf(dice, status),
    attempts,
  };
}

function pageOf(n: number): string | null {
  if (n % RARE_PAGE_EVERY === 0) return PAGES.rare;
  return n % 10 < 7 ? PAGES.common : null;
}

/** Mostly small, now and then large: few above 100,000 shillings. */
function amountOf(dice: Dice): Cents {
  const whole = dice.chance(0.002) ? 100_000 + dice.int(150_000) : 10 + dice.int(5_000);
  return cents(whole * 100);
}

function flagsOf(dice: Dice, status: PaymentStatus): readonly Flag[] {
  if (status === "in_doubt") return dice.chance(0.3) ? ["aged"] : [];
  if (status !== "confirmed" || !dice.chance(0.002)) return [];
  return [dice.pick(["late", "overpaid", "secondReceipt"] as const)];
}

function storyOf(
  dice: Dice,
  n: number,
  at: number,
): readonly [PaymentStatus, readonly MadeAttempt[]] {
  const tried = (turn: number, over: Partial<MadeAttempt>): MadeAttempt => ({
    id: idOf(at + turn * 90_000, n * 4 + turn) as AttemptId,
    createdAt: at + turn * 90_000,
    resolvedAt: at + turn * 90_000 + 6_000 + dice.int(30_000),
    state: "failed",
    reason: null,
    resultCode: null,
    receipt: null,
    ...over,
  });
  const paid = (turn: number) =>
    tried(turn, { state: "confirmed", resultCode: "0", receipt: receiptOf(at, n) });
  const failed = (turn: number) => {
    const [reason, resultCode] = failureOf(dice);
    return tried(turn, { reason, resultCode });
  };
  const lot = dice.int(1_000);
  if (lot < 780) return ["confirmed", [paid(0)]];
  if (lot < 840) return ["confirmed", [failed(0), paid(1)]];
  if (lot < 920) return ["failed", [failed(0)]];
  if (lot < 930) return ["failed", [failed(0), failed(1)]];
  if (lot < 970) return ["cancelled", [tried(0, { reason: "cancelled", resultCode: "1032" })]];
  if (lot < 999) return ["expired", []];
  if (dice.chance(0.8)) return ["expired", []];
  return ["in_doubt", [tried(0, { state: "in_doubt", resolvedAt: null })]];
}

function failureOf(dice: Dice): readonly [Reason, string] {
  let lot = dice.int(10_000) / 10_000;
  for (const [reason, code, share] of FAILURES) {
    lot -= share;
    if (lot < 0) return [reason, code];
  }
  return ["other", "9999"];
}

/** A receipt of its day; the number makes it unique. */
function receiptOf(at: number, n: number): Receipt {
  const { year, month, day } = nairobiDate(at);
  const serial = n.toString(36).toUpperCase().padStart(7, "0");
  return `${receiptDateLetters(year, month, day)}${serial}` as Receipt;
}

/** When Daraja took an attempt's prompt. */
export function acceptedAtOf({ createdAt }: MadeAttempt): number {
  return createdAt + PROMPT_MS;
}
