/** What Daraja says, as recorded (daraja.md §§2–4): statuses, bodies, callbacks. */
import { darajaTimestamp } from "../../shared/nairobi.ts";
import type { Debit, Prompt } from "./mpesa.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
}

const error = (status: number, errorCode: string, errorMessage: string): Answer => ({
  status,
  body: JSON.stringify({ requestId: "11728-2929992-1", errorCode, errorMessage }),
});

export const HTML_PAGE: Answer = {
  status: 403,
  body: "<html><body>Request unsuccessful. Incapsula incident ID: 1-2</body></html>",
};
const GATEWAY_DOWN: Answer = { status: 503, body: "" };
const SYSTEM_BUSY = error(500, "500.003.02", "System is busy. Please try again in few minutes.");

export const LOCKED = error(
  500,
  "500.001.1001",
  "Unable to lock subscriber, a transaction is already in process for the current subscriber",
);
export const REJECTIONS: readonly Answer[] = [
  LOCKED,
  error(400, "400.002.02", "Bad Request - Invalid PhoneNumber"),
  error(400, "400.002.02", "Bad Request - Invalid Amount"),
  error(500, "500.001.1001", "[MerchantValidate] - Wrong credentials"),
  error(404, "404.001.01", "Resource not found"),
  error(404, "404.001.03", "Invalid Access Token"),
];
/** After these nobody knows whether the customer is being asked. */
export const UNCLEAR_PUSHES: readonly Answer[] = [
  HTML_PAGE,
  GATEWAY_DOWN,
  SYSTEM_BUSY,
  error(500, "500.001.1001", "Request failed: Output data invalid"),
  error(500, "500.003.1001", "Internal Server Error"),
  { status: 200, body: "" },
  { status: 200, body: '{"ResponseCode":"0"}' },
  { status: 502, body: "<html>Bad Gateway</html>" },
];
export const RATE_LIMITED: Answer = {
  status: 429,
  body: JSON.stringify({
    fault: {
      faultstring:
        "Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, periodInMicroseconds=60000000, maxBurstMessageCount=1.0}",
      detail: { errorcode: "policies.ratelimit.SpikeArrestViolation" },
    },
  }),
};
export const UNREACHABLE: readonly Answer[] = [HTML_PAGE, GATEWAY_DOWN, SYSTEM_BUSY];
export const UNKNOWN_ID = error(400, "400.002.02", "Bad Request - Invalid CheckoutRequestID");

export const accepted = (prompt: Prompt): Answer => ({
  status: 200,
  body: JSON.stringify({
    MerchantRequestID: prompt.merchantRequestId,
    CheckoutRequestID: prompt.checkoutRequestId,
    ResponseCode: "0",
    ResponseDescription: "Success. Request accepted for processing",
    CustomerMessage: "Success. Request accepted for processing",
  }),
});
/** The query's answer: codes are texts here (daraja.md §3). */
export const result = (CheckoutRequestID: string, ResultCode: string): Answer => ({
  status: 200,
  body: JSON.stringify({
    ResponseCode: "0",
    ResponseDescription: "The service request has been accepted successsfully",
    MerchantRequestID: "4a1b-0",
    CheckoutRequestID,
    ResultCode,
    ResultDesc: "The service request is processed.",
  }),
});
export const processing = (checkoutRequestId: string): readonly Answer[] => [
  result(checkoutRequestId, "4999"),
  error(500, "500.001.1001", "The transaction is being processed"),
];

export interface CallbackWords {
  readonly checkoutRequestId: string;
  readonly merchantRequestId: string;
  readonly code: string | number;
  /** Present on success only. */
  readonly paid: Pick<Debit, "receipt" | "amount" | "at"> | null;
  readonly phone: string;
}

/** A callback's body (daraja.md §4). */
export function callbackBody(words: CallbackWords): string {
  const { paid } = words;
  return JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: words.merchantRequestId,
        CheckoutRequestID: words.checkoutRequestId,
        ResultCode: words.code,
        ResultDesc: "The service request is processed.",
        ...(paid === null ? {} : { CallbackMetadata: { Item: items(paid, words.phone) } }),
      },
    },
  });
}

function items(paid: NonNullable<CallbackWords["paid"]>, phone: string) {
  return [
    { Name: "Amount", Value: paid.amount },
    { Name: "MpesaReceiptNumber", Value: paid.receipt },
    { Name: "Balance" },
    { Name: "TransactionDate", Value: Number(darajaTimestamp(paid.at)) },
    { Name: "PhoneNumber", Value: Number(phone) },
  ];
}

export const RUBBISH: readonly string[] = [
  "",
  "{",
  "null",
  "[]",
  "<html></html>",
  '{"Body":{}}',
  '{"Body":{"stkCallback":[]}}',
  '{"Body":{"stkCallback":{"CheckoutRequestID":7,"ResultCode":0}}}',
];
