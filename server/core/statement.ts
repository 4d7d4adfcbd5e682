/**
 * Lines of a statement beside our attempts (machine §2 E3, rows 15 and 16). A line is money that
 * M-Pesa itself wrote down: with the right attempt it is the strongest proof, and a complete window
 * without it is the only proof of absence. Whatever is less than certain stays a suggestion.
 */
import type { Cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { Attempt, Instant, PaymentWithAttempts } from "./payment.ts";

/** One line: money that came in. */
export interface StatementLine {
  readonly receipt: Receipt;
  readonly amountCents: Cents;
  /** The account reference as it stands there; "" for tills and where it is left out. */
  readonly reference: string;
  /** The last three or four digits of the payer's number; null where it is hashed or left out. */
  readonly phoneEnd: string | null;
  readonly paidAt: Instant | null;
}

/** What one fetch covered. */
export interface StatementWindow {
  readonly from: Instant;
  readonly to: Instant;
  readonly fetchedAt: Instant;
  /** Everything of the window was read: no page was missing or unreadable. */
  readonly whole: boolean;
}

/** A window says nothing of its last minutes, and money may come this long after the send (machine §2). */
export const SETTLING_MS = 10 * 60_000;

/** References are compared as a customer may have typed them: letters and digits, upper case. */
export function plainReference(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, "");
}

/**
 * The attempt that a line without a known receipt pays for, or null. The reference must name one
 * payment only and the phone's digits must agree (machine §2); of several prompts on that phone the
 * unresolved one is meant, else the last.
 */
export function attemptOfLine(
  line: StatementLine,
  ofReference: readonly PaymentWithAttempts[],
): Attempt | null {
  const [only, second] = ofReference;
  if (only === undefined || second !== undefined || line.phoneEnd === null) return null;
  const { phoneEnd } = line;
  const sent = only.attempts.filter(
    ({ sentAt, phoneTail, receipt }) =>
      sentAt !== null && phoneTail.endsWith(phoneEnd) && receipt === null,
  );
  return sent.findLast(isUnresolved) ?? sent.at(-1) ?? null;
}

function isUnresolved({ state }: Attempt): boolean {
  return state === "sending" || state === "pending" || state === "in_doubt";
}

/** Does this line tell its attempt anything that its row does not hold already? Windows overlap. */
export function isNewsTo(attempt: Attempt, line: StatementLine): boolean {
  switch (attempt.state) {
    case "created":
    case "sending":
    case "pending":
    case "in_doubt":
    case "failed":
      return true;
    case "confirmed":
      return (
        attempt.receipt === null ||
        attempt.receipt !== line.receipt ||
        attempt.flags.includes("singleSource")
      );
    case "review":
      return attempt.receipt === null;
    case "reversed":
      return false;
  }
}

/** From when on a fetch may prove that a prompt sent then was never paid. */
export function mayBeAbsentAt(sentAt: Instant): Instant {
  return sentAt + 2 * SETTLING_MS;
}

/**
 * Does the window prove that this prompt was never paid? It must be whole, reach from the send to
 * ten minutes after it, be fetched ten minutes later still, and hold no line that could be it.
 */
export function provesAbsence(
  window: StatementWindow,
  lines: readonly StatementLine[],
  attempt: Attempt,
  accountReference: string,
): boolean {
  const { sentAt } = attempt;
  if (!window.whole || sentAt === null || sentAt < window.from) return false;
  if (sentAt + SETTLING_MS > window.to || mayBeAbsentAt(sentAt) > window.fetchedAt) return false;
  return !lines.some((line) => mayBe(line, attempt, accountReference));
}

/** Generous on purpose: what might be this prompt's money keeps it in doubt. */
function mayBe(line: StatementLine, attempt: Attempt, accountReference: string): boolean {
  if (plainReference(line.reference) === accountReference) return true;
  const samePhone = line.phoneEnd === null || attempt.phoneTail.endsWith(line.phoneEnd);
  return samePhone && line.amountCents === attempt.amountCents;
}
