/** Callbacks in the recorded shape (daraja.md §4). */
import { darajaTimestamp, nairobiDate } from "../../shared/nairobi.ts";
import { receiptDateLetters } from "../../shared/receipt.ts";
import type { Push } from "./counting-daraja.ts";

type Asked = Pick<Push, "merchantRequestId" | "checkoutRequestId" | "amount" | "phone">;

/** A receipt of today; equal numbers give equal receipts. */
export function receiptOf(sequence: number, at = Date.now()): string {
  const { year, month, day } = nairobiDate(at);
  const serial = sequence.toString(36).toUpperCase().padStart(7, "0");
  return receiptDateLetters(year, month, day) + serial;
}

/** The customer paid. */
export function paidBody(asked: Asked, receipt: string, at = Date.now()): string {
  return JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: asked.merchantRequestId,
        CheckoutRequestID: asked.checkoutRequestId,
        ResultCode: 0,
        ResultDesc: "The service request is processed successfully.",
        CallbackMetadata: {
          Item: [
            { Name: "Amount", Value: asked.amount },
            { Name: "MpesaReceiptNumber", Value: receipt },
            { Name: "Balance" },
            { Name: "TransactionDate", Value: Number(darajaTimestamp(at)) },
            { Name: "PhoneNumber", Value: Number(asked.phone) },
          ],
        },
      },
    },
  });
}

/** It came to nothing. */
export function failedBody(asked: Asked, code: number | string, description: string): string {
  return JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: asked.merchantRequestId,
        CheckoutRequestID: asked.checkoutRequestId,
        ResultCode: code,
        ResultDesc: description,
      },
    },
  });
}
