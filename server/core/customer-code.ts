/**
 * The code that a customer reads from M-Pesa's SMS (machine §8.4): checked, never believed. It
 * moves no money. It tells a person, and a statement's line, which attempt the customer means.
 */
import { type Receipt, receiptDayFits } from "../../shared/receipt.ts";
import type { Attempt, Instant } from "./payment.ts";
import { pushedAt } from "./schedule.ts";
import { isInTime, type StatementLine } from "./statement.ts";

export type CodeFit =
  | { readonly kind: "fits"; readonly attempt: Attempt }
  /** The code's letters name a day on which none of these prompts could be paid. */
  | { readonly kind: "other_day" }
  /** Nothing here waits for a code: no prompt was sent, or its receipt is known. */
  | { readonly kind: "not_needed" };

/** Which prompt a code may belong to: the newest of its days, unresolved ones first. */
export function attemptOfCode(
  attempts: readonly Attempt[],
  receipt: Receipt,
  at: Instant,
): CodeFit {
  const waiting = attempts.filter(waitsForCode);
  if (waiting.length === 0) return { kind: "not_needed" };
  const ofDay = waiting.filter((attempt) => receiptDayFits(receipt, pushedAt(attempt), at));
  const attempt = ofDay.findLast(({ state }) => state !== "failed") ?? ofDay.at(-1);
  return attempt === undefined ? { kind: "other_day" } : { kind: "fits", attempt };
}

/** A failed prompt too: a failure is provisional until a statement says so. */
function waitsForCode({ state, receipt, sentAt }: Attempt): boolean {
  switch (state) {
    case "pending":
    case "in_doubt":
    case "failed":
    case "review":
      return receipt === null && sentAt !== null;
    case "created":
    case "sending":
    case "confirmed":
    case "reversed":
      return false;
  }
}

/**
 * The attempt that a statement's line pays for by the word of its customer: exactly one customer
 * named this receipt, and what M-Pesa itself wrote down agrees in amount, phone and time. Less than
 * all of that is left to a person (machine §2 E3).
 */
export function attemptThatNamed(line: StatementLine, naming: readonly Attempt[]): Attempt | null {
  const [only, second] = naming;
  if (only === undefined || second !== undefined || line.phoneEnd === null) return null;
  const { sentAt, amountCents, phoneTail } = only;
  const agrees = amountCents === line.amountCents && phoneTail.endsWith(line.phoneEnd);
  return agrees && isInTime(line, sentAt) ? only : null;
}
