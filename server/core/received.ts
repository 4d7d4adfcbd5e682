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
  return without(provenReceipts, receipt);
}

/** What came under the attempt's own receipt, also while that is wanted. */
export function ownOf(attempt: Attempt): Cents {
  return cents(receivedOf(attempt) - sumOf(othersOf(attempt)));
}

/** What was counted under this receipt from a source that is believed; 0 for none. */
export function provenSum({ provenReceipts }: Attempt, receipt: Receipt): number {
  return provenReceipts.find((each) => each.receipt === receipt)?.amountCents ?? 0;
}

/** The evidence names a receipt, and it is not the one that is known: a second payment, perhaps. */
export function isOther({ receipt }: Attempt, told: Receipt | null): boolean {
  return told !== null && receipt !== null && told !== receipt;
}

/** Sources that are believed about money without a second one. */
const SURE: ReadonlySet<AttemptEvent["type"]> = new Set(["callback_success", "statement_row"]);

/** What a sure source says of money under a receipt, where it says more than is known; else null. */
export function newlyProven(attempt: Attempt, { type, told }: AttemptEvent): ProvenReceipt | null {
  const { receipt, amountCents } = told;
  if (!SURE.has(type) || receipt === null || amountCents === null) return null;
  return amountCents > provenSum(attempt, receipt) ? { receipt, amountCents } : null;
}

const without = (receipts: readonly ProvenReceipt[], receipt: Receipt | null) =>
  receipts.filter((each) => each.receipt !== receipt);

/** The attempt with its own receipt, what came under that, and all that was proven. */
function withReceipts(
  receipt: Receipt | null,
  own: Cents,
  provenReceipts: readonly ProvenReceipt[],
): Pick<Attempt, "receipt" | "receivedCents" | "provenReceipts"> {
  const received = cents(own + sumOf(without(provenReceipts, receipt)));
  return { receipt, receivedCents: received, provenReceipts };
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
  const known = without(attempt.provenReceipts, receipt);
  const seen = attempt.receivedCents === null && attempt.receipt === null ? null : ownOf(attempt);
  const isNameless = attempt.receipt === null && (seen === null || seen === amountCents);
  if (receipt !== attempt.receipt && !isNameless) {
    return withReceipts(attempt.receipt, ownOf(attempt), [...known, proven]);
  }
  const own = cents(Math.max(seen ?? 0, amountCents));
  return withReceipts(receipt, own, [...known, { receipt, amountCents: own }]);
}

/**
 * The query says that the prompt was paid, and the receipt that is known names another sum: that is
 * money beside the prompt's own, whose receipt is wanted. Null where nothing contradicts.
 */
export function paidBeside(attempt: Attempt): Partial<Attempt> | null {
  const { receipt, amountCents, provenReceipts } = attempt;
  const named = receipt === null ? 0 : provenSum(attempt, receipt);
  return named === 0 || named === amountCents
    ? null
    : withReceipts(null, amountCents, provenReceipts);
}

/**
 * The receipts of an attempt that is confirmed now. One that gives way counts on where it was
 * proven, or where a part of it was given back already; a source that wanted a second one is no
 * proof of a second payment.
 */
export function confirmedMoney(attempt: Attempt, { type, told }: AttemptEvent): Partial<Attempt> {
  const receipt = told.receipt ?? attempt.receipt;
  const proven = told.receipt === null ? 0 : provenSum(attempt, told.receipt);
  const own = cents(Math.max(told.amountCents ?? ownOf(attempt), proven));
  const isSure = SURE.has(type) || type === "operator_confirm";
  const named =
    isSure && told.receipt !== null ? [{ receipt: told.receipt, amountCents: own }] : [];
  const kept = without(attempt.provenReceipts, told.receipt);
  const former = attempt.receipt;
  const isUnproven = former !== null && former !== receipt && provenSum(attempt, former) === 0;
  const left =
    isUnproven && attempt.reversedCents > 0
      ? [{ receipt: former, amountCents: ownOf(attempt) }]
      : [];
  return withReceipts(receipt, own, [...kept, ...left, ...named]);
}

/**
 * Confirmed by a single source alone, and a sure one names the same sum under another receipt: of
 * the two the surer is the prompt's, as it is while success is only held. Null where neither gives way.
 */
export function inItsPlace(attempt: Attempt, event: AttemptEvent): Partial<Attempt> | null {
  const proven = newlyProven(attempt, event);
  const { receipt, flags, reversedCents } = attempt;
  if (proven === null || receipt === null || provenSum(attempt, receipt) > 0) return null;
  // What was given back of it was there.
  if (!flags.includes("singleSource") || reversedCents > 0) return null;
  if (proven.amountCents !== ownOf(attempt)) return null;
  return withReceipts(proven.receipt, proven.amountCents, [...attempt.provenReceipts, proven]);
}
