/** `POST /mpesa/stkpushquery/v1/query` (daraja.md §3). */
import type { Request, Response } from "express";
import type { Prompt } from "./ledger.ts";
import { checkSigned, type DarajaParts } from "./parts.ts";
import { invalidField, REFUSALS, sendRefusal, sendSpikeArrest } from "./refusals.ts";
import { readQuery } from "./requests.ts";

/** What is known of a prompt; pending is 4999 with HTTP 200. */
export function answerQuery(parts: DarajaParts, req: Request, res: Response): void {
  if (!parts.queries.admits()) {
    sendSpikeArrest(res, parts.queries.perMinute());
    return;
  }
  const request = readQuery(req.body);
  const refusal = request.ok ? checkSigned(parts, request.value) : request.refusal;
  if (refusal !== null || !request.ok) {
    sendRefusal(res, refusal ?? REFUSALS.payload, parts.dice);
    return;
  }
  const prompt = parts.ledger.byCheckoutRequestId(request.value.checkoutRequestId);
  if (prompt === null || prompt.shortcode !== request.value.shortcode) {
    sendRefusal(res, invalidField("CheckoutRequestID"), parts.dice);
    return;
  }
  res.status(200).json(queryBody(prompt));
}

function queryBody(prompt: Readonly<Prompt>): object {
  const known = prompt.query === "truth" ? prompt.outcome : null;
  return {
    ResponseCode: "0",
    ResponseDescription: "The service request has been accepted successfully",
    MerchantRequestID: prompt.merchantRequestId,
    CheckoutRequestID: prompt.checkoutRequestId,
    // Text here, a number in callbacks (daraja.md §3).
    ResultCode: String(known?.code ?? 4999),
    ResultDesc: known?.description ?? "The transaction is still under processing",
  };
}
