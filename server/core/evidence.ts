/**
 * What a callback on an attempt's own address proves (machine §2, E1). Metadata was read by name;
 * here amounts, ids and receipts are compared, and the event of the machine is chosen.
 */
import { parseMpesaAmount } from "../../shared/money.ts";
import { nairobiDate, parseDarajaTimestamp } from "../../shared/nairobi.ts";
import { parseReceipt, type Receipt, receiptDate } from "../../shared/receipt.ts";
import { type AttemptEvent, happened } from "./events.ts";
import type { Attempt, AttemptId, Detail, Instant } from "./payment.ts";
import { classifyResultCode } from "./result-codes.ts";

/** A readable callback in our words; metadata values are as they came (machine §2 "Readable"). */
export interface CallbackNews {
  readonly checkoutRequestId: string;
  readonly merchantRequestId: string | null;
  readonly resultCode: number | string;
  readonly resultDescription: string;
  readonly amount: unknown;
  readonly receipt: unknown;
  readonly transactionDate: unknown;
}

/** What the store and the settings know beside the callback. */
export interface CallbackCircumstances {
  /** The attempt that owns the named receipt already, if any (I3). */
  readonly receiptOwner: AttemptId | null;
  /** `of_another`: the CheckoutRequestID is stored with another attempt, so it cannot be ours (I5). */
  readonly requestId: "unclaimed" | "of_another";
  /** `second_source`: unlisted address or a strict merchant; success is then held (machine §2). */
  readonly trust: "enough" | "second_source";
}

/**
 * The machine's event for a post on the attempt's own address.
 * @param news null when the body was unreadable (row 25).
 */
export function callbackEvent(
  attempt: Attempt,
  news: CallbackNews | null,
  circumstances: CallbackCircumstances,
): AttemptEvent {
  if (news === null) return happened("callback_unreadable", attempt.id);
  const told = {
    code: String(news.resultCode),
    description: news.resultDescription,
    checkoutRequestId: news.checkoutRequestId,
    merchantRequestId: news.merchantRequestId,
  };
  const other =
    attempt.checkoutRequestId !== null && attempt.checkoutRequestId !== news.checkoutRequestId;
  const foreign = other || circumstances.requestId === "of_another";
  const meaning = classifyResultCode(news.resultCode);
  switch (meaning.kind) {
    case "success":
      return successEvent(attempt, news, foreign, circumstances);
    case "failure":
      return foreign
        ? happened("callback_unreadable", attempt.id, { note: { foreignId: true } })
        : happened("callback_failure", attempt.id, told);
    case "in_doubt":
      return foreign
        ? happened("callback_unreadable", attempt.id, { note: { foreignId: true } })
        : happened("callback_in_doubt", attempt.id, told);
  }
}

function successEvent(
  attempt: Attempt,
  news: CallbackNews,
  foreign: boolean,
  { receiptOwner, requestId, trust }: CallbackCircumstances,
): AttemptEvent {
  const receipt = parseReceipt(news.receipt);
  const amountCents = parseMpesaAmount(news.amount);
  // The receipt goes with the id: both belong to the attempt that this body speaks of.
  const owned =
    requestId === "of_another" || (receiptOwner !== null && receiptOwner !== attempt.id);
  const faults = {
    ...(foreign ? { foreignId: true } : {}),
    ...(amountCents === attempt.amountCents ? {} : { amountDiffers: true }),
    ...(receipt === null ? { receiptUnreadable: true } : {}),
    ...(owned ? { receiptUsed: true } : {}),
  };
  const paidAt = parseDarajaTimestamp(news.transactionDate);
  const told = {
    code: "0",
    description: news.resultDescription,
    // A receipt that another attempt owns is named in the note only: the row could not store it (I3).
    receipt: owned ? null : receipt,
    amountCents,
    paidAt,
    checkoutRequestId: foreign ? null : news.checkoutRequestId,
    merchantRequestId: news.merchantRequestId,
    note: {
      ...faults,
      ...(owned && receipt !== null ? { receiptClaimed: receipt } : {}),
      ...(receipt === null ? {} : dateHint(receipt, paidAt)),
    },
  };
  if (Object.keys(faults).length > 0) return happened("callback_mismatch", attempt.id, told);
  return happened(trust === "enough" ? "callback_success" : "callback_unsure", attempt.id, told);
}

/** Date letters and TransactionDate are hinted; they never decide (machine §2 E1). */
function dateHint(receipt: Receipt, paidAt: Instant | null): Detail {
  const letters = receiptDate(receipt);
  if (letters === null || paidAt === null) return { receiptDateOdd: true };
  const day = nairobiDate(paidAt);
  const agrees =
    letters.year === day.year && letters.month === day.month && letters.day === day.day;
  return agrees ? {} : { receiptDateOdd: true };
}
