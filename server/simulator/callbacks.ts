/**
 * Daraja → shop: the recorded callback shapes (daraja.md §4), posted by real HTTP. Nothing is
 * signed and nothing is retried later: what fails here is lost, as in life.
 */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { darajaTimestamp } from "../../shared/nairobi.ts";
import type { Prompt } from "./ledger.ts";

/** How long Daraja is believed to wait for the shop's answer; real time, whatever the speed. */
const ANSWER_TIMEOUT_MS = 15_000;
const USER_AGENT = "ReactorNetty/1.2.9";

interface Item {
  readonly Name: string;
  readonly Value?: string | number;
}

/**
 * The body for what is now true of a prompt, as text: equal calls give equal bytes.
 * @param merchantRequestId another one than the prompt's, where Daraja was seen to change it.
 */
export function callbackBody(prompt: Prompt, merchantRequestId = prompt.merchantRequestId): string {
  const { outcome, debit } = prompt;
  if (outcome === null) throw new Error("a callback needs a settled prompt");
  const item = debit === null ? null : metadata(prompt, debit);
  return JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: merchantRequestId,
        CheckoutRequestID: prompt.checkoutRequestId,
        ResultCode: outcome.code,
        ResultDesc: outcome.description,
        ...(item === null ? {} : { CallbackMetadata: { Item: item } }),
      },
    },
  });
}

function metadata(prompt: Prompt, debit: NonNullable<Prompt["debit"]>): readonly Item[] {
  return [
    { Name: "Amount", Value: debit.amount },
    { Name: "MpesaReceiptNumber", Value: debit.receipt },
    ...balance(prompt.sequence),
    { Name: "TransactionDate", Value: Number(darajaTimestamp(debit.at)) },
    { Name: "PhoneNumber", Value: Number(prompt.phone) },
  ];
}

/** Balance was recorded in three forms, so item positions shift: no Value, no item, a Java map. */
function balance(sequence: number): readonly Item[] {
  if (sequence % 3 === 0) return [{ Name: "Balance" }];
  if (sequence % 3 === 1) return [];
  const minimum = "{Amount={CurrencyCode=KES, MinimumAmount=10848800, BasicAmount=108488.00}}";
  return [{ Name: "Balance", Value: minimum }];
}

/**
 * Posts once. Redirects are not followed.
 * @returns the receiver's HTTP status, or `unreachable` when none came.
 */
export function postCallback(
  url: string,
  body: string,
  shortcode: string,
  signal: AbortSignal,
): Promise<number | "unreachable"> {
  const send = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const bytes = Buffer.from(body);
    const outgoing = send(url, {
      method: "POST",
      agent: false,
      signal,
      timeout: ANSWER_TIMEOUT_MS,
      headers: {
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json;charset=UTF-8",
        "Content-Length": bytes.length,
        Businessshortcode: shortcode,
      },
    });
    outgoing.on("response", (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? "unreachable");
    });
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", () => resolve("unreachable"));
    outgoing.on("close", () => resolve("unreachable"));
    outgoing.end(bytes);
  });
}
