/**
 * What the customer's money under one prompt sums up to. A prompt has one receipt as a rule; money
 * that a sure source names under another one is a second payment, and counts as well (I15, I19):
 * else giving it back would look like giving back everything, and free the order for a new prompt.
 */
import { type Cents, cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { AttemptEvent } from "./events.ts";
import type { Attempt, ProvenReceipt } from "./payment.ts";

const sumOf = (receipts: readonly ProvenReceipt[]): number =>
  receipts.reduce((sum, { amountCents }) => sum + amountCents, 0);

/** All that came in, under every receipt; the amount asked for while no evidence names a sum. */
export function receivedOf({
  receivedCents,
  amountCents,
}: Pick<Attempt, "receivedCents" | "amountCents">): Cents {
  return receivedCents ?? amountCents;
}

/** What came beside the attempt's own receipt. */
export function othersOf({ receipt, provenReceipts }: Attempt): readonly ProvenReceipt[] {
  return provenReceipts.filter((each) => each.receipt !== receipt);
}

/** What came under the attempt's own receipt, also while that is wanted. */
export function ownOf(attempt: Attempt): Cents {
  return cents(receivedOf(attempt) - sumOf(othersOf(attempt)));
}

/** Was money under this receipt counted from a source that is believed? */
export function isProven({ provenReceipts }: Attempt, receipt: Receipt): boolean {
  return provenReceipts.some((each) => each.receipt === receipt);
}

/** The evidence names a receipt, and it is not the one that is known: a second payment, perhaps. */
export function isOther({ receipt }: Attempt, told: Receipt | null): boolean {
  return told !== null && receipt !== null && told !== receipt;
}

/** Sources that are believed about money without a second one. */
const SURE: ReadonlySet<AttemptEvent["type"]> = new Set(["callback_success", "statement_row"]);

/** What a sure source says of money under a receipt; null from any other, and where it is known. */
export function newlyProven(attempt: Attempt, { type, told }: AttemptEvent): ProvenReceipt | null {
  const { receipt, amountCents } = told;
  if (!SURE.has(type) || receipt === null || amountCents === null) return null;
  return isProven(attempt, receipt) ? null : { receipt, amountCents };
}

/** The attempt with its own receipt, what came under that, and all that was proven. */
function withReceipts(
  receipt: Receipt | null,
  own: Cents,
  provenReceipts: readonly ProvenReceipt[],
): Pick<Attempt, "receipt" | "receivedCents" | "provenReceipts"> {
  const others = provenReceipts.filter((each) => each.receipt !== receipt);
  return { receipt, receivedCents: cents(own + sumOf(others)), provenReceipts };
}

/**
 * Money that a sure source names beside a contradiction, or beside what is settled. Under another
 * receipt it is added, once however often it is told; so is another sum where no receipt is known.
 * Else it is the money that was seen already, of which the larger sum stands.
 */
export function moneyBeside(attempt: Attempt, event: AttemptEvent): Partial<Attempt> {
  const proven = newlyProven(attempt, event);
  if (proven === null) return {};
  const { receipt, amountCents } = proven;
  const seen = attempt.receivedCents === null && attempt.receipt === null ? null : ownOf(attempt);
  const isNameless = attempt.receipt === null && (seen === null || seen === amountCents);
  if (receipt !== attempt.receipt && !isNameless) {
    return withReceipts(attempt.receipt, ownOf(attempt), [...attempt.provenReceipts, proven]);
  }
  const own = cents(Math.max(seen ?? 0, amountCents));
  return withReceipts(receipt, own, [...attempt.provenReceipts, { receipt, amountCents: own }]);
}

/**
 * The receipts of an attempt that is confirmed now. One that gives way counts on where it was
 * proven, or where a part of it was given back already; a source that wanted a second one is no
 * proof of a second payment.
 */
export function confirmedMoney(attempt: Attempt, { type, told }: AttemptEvent): Partial<Attempt> {
  const own = told.amountCents ?? ownOf(attempt);
  const receipt = told.receipt ?? attempt.receipt;
  const isSure = SURE.has(type) || type === "operator_confirm";
  const named =
    isSure && told.receipt !== null ? [{ receipt: told.receipt, amountCents: own }] : [];
  const kept = attempt.provenReceipts.filter((each) => each.receipt !== told.receipt);
  const former = attempt.receipt;
  const staysHeld =
    former !== null &&
    former !== receipt &&
    !isProven(attempt, former) &&
    attempt.reversedCents > 0;
  const left = staysHeld ? [{ receipt: former, amountCents: ownOf(attempt) }] : [];
  return withReceipts(receipt, own, [...kept, ...left, ...named]);
}

/**
 * Confirmed by a single source alone, and a sure one names the same sum under another receipt: of
 * the two the surer is the prompt's, as it is while success is only held.
 */
export function givesWay(attempt: Attempt, event: AttemptEvent): boolean {
  const proven = newlyProven(attempt, event);
  const { receipt, flags } = attempt;
  if (proven === null || receipt === null || isProven(attempt, receipt)) return false;
  return flags.includes("singleSource") && proven.amountCents === ownOf(attempt);
}

/** The surer receipt in the place of the one that gave way; the sum stays. */
export function inItsPlace(attempt: Attempt, event: AttemptEvent): Partial<Attempt> {
  const proven = newlyProven(attempt, event);
  if (proven === null) return {};
  const { receipt, amountCents } = proven;
  return withReceipts(receipt, amountCents, [...attempt.provenReceipts, proven]);
}
