/** What the load is made of: callbacks of paid prompts, each for another attempt. */
import { darajaTimestamp, nairobiDate } from "../../shared/nairobi.ts";
import { receiptDateLetters } from "../../shared/receipt.ts";

/** One request as the load client sends it. */
export interface Post {
  readonly path: string;
  readonly body: string;
  /** The receipt in the body: once acknowledged, it must stand in the database. */
  readonly receipt: string;
}

/** What one callback tells. */
export interface PaidPrompt {
  /** Counts from 1 through the whole run: makes ids, phones and receipts unique. */
  readonly sequence: number;
  readonly checkoutRequestId: string;
  readonly merchantRequestId: string;
  readonly phone: string;
  /** Whole shillings. */
  readonly amount: number;
}

/** M-Pesa's largest single payment (daraja.md §7). */
export const AMOUNT_MAX = 250_000;
const PHONES = 100_000_000;

/** The prompts of one endpoint's run, one after the other. */
export function* paidPrompts(seed: number): Generator<PaidPrompt, never> {
  const amounts = shillings(seed);
  for (let sequence = 1; ; sequence += 1) {
    const tail = String(sequence).padStart(9, "0");
    const phone = `2547${String(sequence % PHONES).padStart(8, "0")}`;
    yield {
      sequence,
      checkoutRequestId: `ws_CO_${darajaTimestamp(Date.now())}${tail}`,
      merchantRequestId: `29115-${tail}-1`,
      phone,
      amount: amounts.next().value,
    };
  }
}

/** A linear congruential generator (Numerical Recipes): repeatable is all it has to be. */
function* shillings(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield 1 + (state % AMOUNT_MAX);
  }
}

/** The callback of a paid prompt in the recorded shape (daraja.md §4), posted to `path`. */
export function paidPost(prompt: PaidPrompt, path: string): Post {
  const at = Date.now();
  const receipt = receiptOf(prompt.sequence, at);
  const body = JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: prompt.merchantRequestId,
        CheckoutRequestID: prompt.checkoutRequestId,
        ResultCode: 0,
        ResultDesc: "The service request is processed successfully.",
        CallbackMetadata: {
          Item: [
            { Name: "Amount", Value: prompt.amount },
            { Name: "MpesaReceiptNumber", Value: receipt },
            { Name: "Balance" },
            { Name: "TransactionDate", Value: Number(darajaTimestamp(at)) },
            { Name: "PhoneNumber", Value: Number(prompt.phone) },
          ],
        },
      },
    },
  });
  return { path, body, receipt };
}

function receiptOf(sequence: number, at: number): string {
  const { year, month, day } = nairobiDate(at);
  return (
    receiptDateLetters(year, month, day) + sequence.toString(36).toUpperCase().padStart(7, "0")
  );
}
