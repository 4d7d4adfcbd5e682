/**
 * Whether a change touches what the rollups count. Most changes of a payment that waits are looks
 * which found nothing; they need not count it anew.
 */
import { isDeepStrictEqual } from "node:util";
import type { Attempt, Change, Payment, PaymentWithAttempts } from "../core/payment.ts";

/** No count depends on these. Whatever is not named here is thought to count. */
const UNCOUNTED_OF_PAYMENT: ReadonlySet<keyof Payment> = new Set([
  "flags",
  "receipt",
  "paidAt",
  "retryAt",
  "version",
  "updatedAt",
]);
const UNCOUNTED_OF_ATTEMPT: ReadonlySet<keyof Attempt> = new Set([
  "merchantRequestId",
  "checkoutRequestId",
  "laterResultCode",
  "receipt",
  "customerCode",
  "flags",
  "heldAt",
  "successSeen",
  "looks",
  "lastLookAt",
  "nextLookAt",
  "wakeAt",
  "queryFailureCode",
  "queryFailureAt",
  "queryReachedAt",
]);

/** @param before the rows that the change was decided on, and whose version guards its commit. */
export function countsAlike(before: PaymentWithAttempts, change: Change): boolean {
  return (
    change.created === null &&
    alike(before.payment, change.payment, UNCOUNTED_OF_PAYMENT) &&
    change.attempts.every((after) => {
      const old = before.attempts.find(({ id }) => id === after.id);
      return old !== undefined && alike(old, after, UNCOUNTED_OF_ATTEMPT);
    })
  );
}

function alike<Row extends object>(
  before: Row,
  after: Row,
  uncounted: ReadonlySet<keyof Row>,
): boolean {
  const keys = Object.keys(after) as (keyof Row)[];
  return keys.every((key) => uncounted.has(key) || isDeepStrictEqual(before[key], after[key]));
}
