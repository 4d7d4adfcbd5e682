/**
 * Lines of a statement beside our attempts (machine §2 E3, rows 15 and 16). A line is money that
 * M-Pesa itself wrote down: with the right attempt it is the strongest proof, and a complete window
 * without it is the only proof of absence. Whatever is less than certain stays a suggestion.
 */
import type { Cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import { namesOneOrder } from "./account-reference.ts";
import type { Attempt, Instant, PaymentWithAttempts } from "./payment.ts";
import { ownOf, provenSum } from "./received.ts";
import { pushedAt } from "./schedule.ts";

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

/** M-Pesa's clock was seen up to three minutes away from others (daraja.md §2). */
const CLOCKS_MS = 5 * 60_000;
/**
 * A send may be dated by a clock that was put right since: by the three hours of Nairobi's zone, or
 * by an AM taken for a PM. Only money from before all that surely came before the prompt.
 */
const WRONG_CLOCK_MS = 12 * 3_600_000;

/** How long after a prompt money under a reference that is used again may still be meant for it. */
const SOON_MS = 24 * 3_600_000;

/** References are compared as a customer may have typed them: letters and digits, upper case. */
export function plainReference(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, "");
}

/** Whose a line without a known receipt is, as far as its reference tells. */
export type LineFit =
  | { readonly kind: "fits"; readonly attempt: Attempt }
  /** The reference and the phone are ours, but the money came before every prompt. */
  | { readonly kind: "older" }
  /** Money that came later under a reference which is used again and again. */
  | { readonly kind: "later" }
  | { readonly kind: "nobody" };

/**
 * The attempt that a line without a known receipt pays for. The reference must name one payment
 * only and the phone's digits must agree (machine §2), and money that is older than the prompt was
 * paid for something else: an account's reference is used again and again. Of several prompts on
 * that phone the unresolved one is meant, else the last that lacks its receipt; where all have
 * theirs, the money came a second time and is told to the last (I15).
 */
export function attemptOfLine(
  line: StatementLine,
  ofReference: readonly PaymentWithAttempts[],
): LineFit {
  const [only, second] = ofReference;
  const { phoneEnd } = line;
  if (only === undefined || second !== undefined || phoneEnd === null) return NOBODY;
  const sent = only.attempts.filter(
    ({ sentAt, phoneTail }) => sentAt !== null && phoneTail.endsWith(phoneEnd),
  );
  const inTime = sent.filter(({ sentAt }) => isInTime(line, sentAt));
  if (sent.length > 0 && inTime.length === 0) return { kind: "older" };
  const { accountReference, orderReference } = only.payment;
  const soon = namesOneOrder(accountReference, orderReference)
    ? inTime
    : inTime.filter((attempt) => isSoonAfter(line, attempt));
  if (inTime.length > 0 && soon.length === 0) return { kind: "later" };
  const attempt = soon.findLast(isUnresolved) ?? soon.findLast(lacksReceipt) ?? soon.at(-1);
  return attempt === undefined ? NOBODY : { kind: "fits", attempt };
}

/** A prompt's money comes within minutes; a day is left for clocks and for a customer who pays by hand. */
function isSoonAfter({ paidAt }: StatementLine, attempt: Attempt): boolean {
  return paidAt === null || paidAt <= (attempt.resolvedAt ?? pushedAt(attempt)) + SOON_MS;
}

const NOBODY: LineFit = { kind: "nobody" };

/** May a prompt sent then have brought this money? A line that bears no date may be anybody's. */
export function isInTime({ paidAt }: StatementLine, sentAt: Instant | null): boolean {
  return sentAt !== null && (paidAt === null || paidAt >= sentAt - CLOCKS_MS);
}

function isUnresolved({ state }: Attempt): boolean {
  return state === "sending" || state === "pending" || state === "in_doubt";
}

function lacksReceipt({ receipt, state }: Attempt): boolean {
  return receipt === null && state !== "reversed";
}

/**
 * The lines an attempt is told of those that mean it, its own money first. A single line is told,
 * whatever its amount: what differs goes to a person. Of several only the sum can tell which is the
 * attempt's, and of equal sums the code that its customer named (machine §8.4); where neither does,
 * nothing moves. The others are money that came a second time. Money that is confirmed is told all
 * of them, also while its receipt is wanted: whichever is its own, the other was paid beside it.
 */
export function linesToTell(
  attempt: Attempt,
  lines: readonly StatementLine[],
): readonly StatementLine[] {
  const settled = !isUnresolved(attempt) && attempt.receipt !== null;
  if (settled || lines.length === 1) return lines;
  const wanted = ownOf(attempt);
  const like = lines.filter((line) => line.amountCents === wanted);
  const named = like.find(({ receipt }) => receipt === attempt.customerCode);
  const isAny = like.length === 1 || attempt.state === "confirmed";
  const own = named ?? (isAny ? like[0] : undefined);
  if (own === undefined) return [];
  return [own, ...lines.filter((line) => line !== own)];
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
        attempt.receipt !== line.receipt ||
        attempt.flags.includes("singleSource") ||
        line.amountCents > ownOf(attempt)
      );
    case "review":
      return line.amountCents > provenSum(attempt, line.receipt);
    case "reversed": {
      const isOwn = attempt.receipt === line.receipt;
      return line.amountCents > (isOwn ? ownOf(attempt) : provenSum(attempt, line.receipt));
    }
  }
}

/** From when on a fetch may prove that a prompt sent then was never paid. */
export function mayBeAbsentAt(sentAt: Instant): Instant {
  return sentAt + 2 * SETTLING_MS;
}

/**
 * Does the window prove that this prompt was never paid? It must be whole, reach from before the
 * send, also by a clock that was wrong then, to ten minutes after it, be fetched ten minutes later
 * still, and hold no line that could be it.
 */
export function provesAbsence(
  window: StatementWindow,
  lines: readonly StatementLine[],
  attempt: Attempt,
  accountReference: string,
): boolean {
  const { sentAt } = attempt;
  if (!window.whole || sentAt === null || sentAt - WRONG_CLOCK_MS < window.from) return false;
  if (sentAt + SETTLING_MS > window.to || mayBeAbsentAt(sentAt) > window.fetchedAt) return false;
  return !lines.some((line) => mayBe(line, attempt, accountReference));
}

/** Might this line be the prompt's money? Generous on purpose: what might be keeps it in doubt. */
export function mayBe(line: StatementLine, attempt: Attempt, accountReference: string): boolean {
  const { sentAt } = attempt;
  const surelyOlder =
    sentAt !== null && line.paidAt !== null && line.paidAt < sentAt - WRONG_CLOCK_MS;
  if (surelyOlder) return false;
  if (plainReference(line.reference) === accountReference) return true;
  const samePhone = line.phoneEnd === null || attempt.phoneTail.endsWith(line.phoneEnd);
  return samePhone && line.amountCents === attempt.amountCents;
}

/**
 * Is the line surely the money of another attempt, which holds its receipt? Contested money may
 * still be this one's. So may a receipt that is known from evidence alone, which may have come in
 * at a wrong door, unless the line itself names the other payment's reference.
 */
export function isOthers(
  line: StatementLine,
  attempt: Attempt,
  holder: { readonly attempt: Attempt; readonly accountReference: string },
): boolean {
  const { id, paymentId, state, receipt } = holder.attempt;
  if (id === attempt.id || (state !== "confirmed" && state !== "reversed")) return false;
  if (receipt === line.receipt) return true;
  const named = plainReference(line.reference) === holder.accountReference;
  return named && paymentId !== attempt.paymentId;
}
