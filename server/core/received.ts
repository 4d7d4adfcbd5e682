/**
 * What the customer's money under one prompt sums up to. A prompt has one receipt as a rule; money
 * that a sure source names under another one is a second payment, and counts as well (I15, I19):
 * else giving it back would look like giving back everything, and free the order for a new prompt.
 */
import { type Cents, cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { AttemptEvent } from "./events.ts";
import type { Attempt, OtherReceipt } from "./payment.ts";

type Received = Pick<Attempt, "receivedCents" | "amountCents" | "otherReceipts">;

const sumOf = (receipts: readonly OtherReceipt[]): number =>
  receipts.reduce((sum, { amountCents }) => sum + amountCents, 0);

/** All that came in, under every receipt; the amount asked for while no evidence names a sum. */
export function receivedOf({ receivedCents, amountCents }: Received): Cents {
  return receivedCents ?? amountCents;
}

/** Of it, what came under the attempt's own receipt. */
export function ownOf(attempt: Received): Cents {
  return cents(receivedOf(attempt) - sumOf(attempt.otherReceipts));
}

/** The evidence names a receipt, and it is not the one that is known: a second payment, perhaps. */
export function isOther({ receipt }: Pick<Attempt, "receipt">, told: Receipt | null): boolean {
  return told !== null && receipt !== null && told !== receipt;
}

/** The sum of an own part and of what came beside it. */
export function receivedWith(own: Cents, others: readonly OtherReceipt[]): Partial<Attempt> {
  return { receivedCents: cents(own + sumOf(others)), otherReceipts: others };
}

/** Was this receipt counted beside the attempt's own? */
export function isCounted({ otherReceipts }: Received, receipt: Receipt): boolean {
  return otherReceipts.some((other) => other.receipt === receipt);
}

/** Sources that are believed about money without a second one. */
const SURE: ReadonlySet<AttemptEvent["type"]> = new Set(["callback_success", "statement_row"]);

/**
 * Money that a sure source names beside a contradiction or beside money that is confirmed. Under
 * another receipt it is added, once however often it is told; where the attempt has no receipt yet,
 * or the same one, the two are one payment, of which the larger sum stands until a person decides.
 */
export function moneyBeside(attempt: Attempt, { type, told }: AttemptEvent): Partial<Attempt> {
  const { receipt, amountCents } = told;
  if (!SURE.has(type) || receipt === null || amountCents === null) return {};
  if (isOther(attempt, receipt)) {
    if (isCounted(attempt, receipt)) return {};
    return receivedWith(ownOf(attempt), [...attempt.otherReceipts, { receipt, amountCents }]);
  }
  const own = attempt.receivedCents === null ? 0 : ownOf(attempt);
  return { receipt, ...receivedWith(cents(Math.max(own, amountCents)), attempt.otherReceipts) };
}

/**
 * What stands beside the receipt that is confirmed now. One that gives way to it counts on, but not
 * while it was only held: a source that wanted a second one is no proof of a second payment.
 */
export function besideConfirmed(attempt: Attempt, told: Receipt | null): readonly OtherReceipt[] {
  const left = attempt.otherReceipts.filter(({ receipt }) => receipt !== told);
  const { receipt } = attempt;
  if (receipt === null || !isOther(attempt, told) || attempt.heldAt !== null) return left;
  return [...left, { receipt, amountCents: ownOf(attempt) }];
}
