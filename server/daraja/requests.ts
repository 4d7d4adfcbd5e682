/** What we send: the bodies of push and query, and what is refused before it leaves us. */
import { darajaTimestamp, nairobiTime } from "../../shared/nairobi.ts";
import { parsePhone } from "../../shared/phone.ts";
import type { PushOrder } from "../ports.ts";

/** Where Daraja lives (daraja.md §1). The simulator has an address of its own. */
export const DARAJA_BASE_URLS = {
  sandbox: "https://sandbox.safaricom.co.ke",
  production: "https://api.safaricom.co.ke",
} as const;

export const OAUTH_PATH = "/oauth/v1/generate?grant_type=client_credentials";
/** The Kenyan path is still v1; v3 belongs to Safaricom Ethiopia (daraja.md §2). */
export const PUSH_PATH = "/mpesa/stkpush/v1/processrequest";
export const QUERY_PATH = "/mpesa/stkpushquery/v1/query";
/** The samples carry a body and public clients post, whatever the documentation's GET says (daraja.md §7). */
export const PULL_PATH = "/pulltransactions/v1/query";

/** Longest TransactionDesc and AccountReference the documentation allows (daraja.md §2). */
const DESCRIPTION_MAX = 13;
const ACCOUNT_REFERENCE = /^[A-Za-z0-9]{1,12}$/;
/** Longer addresses than this are not ours; Daraja names no limit. */
const CALLBACK_URL_MAX = 500;

export interface DarajaAccount {
  readonly shortcode: string;
  readonly passkey: string;
  readonly transactionType: "CustomerPayBillOnline" | "CustomerBuyGoodsOnline";
  /** The shortcode again, or the till number for Buy Goods. */
  readonly partyB: string;
}

/**
 * TransactionDesc: the first 13 plain letters, digits and spaces of a description, accents taken
 * off, else "Payment". Daraja refuses a push without one, whatever its documentation says
 * (daraja.md §2).
 */
export function plainDescription(description: string | null): string {
  const plain = (description ?? "")
    .slice(0, 500)
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9 ]+/g, (odd) => (/\s/.test(odd) ? " " : ""))
    .replace(/ +/g, " ")
    .trim()
    .slice(0, DESCRIPTION_MAX)
    .trim();
  return plain === "" ? "Payment" : plain;
}

/** The body of a push at an instant (epoch ms); Timestamp is EAT and the Password holds it too. */
export function pushBody(account: DarajaAccount, order: PushOrder, at: number): string {
  return JSON.stringify({
    ...signature(account, at),
    TransactionType: account.transactionType,
    Amount: order.amount,
    PartyA: order.phone,
    PartyB: account.partyB,
    PhoneNumber: order.phone,
    CallBackURL: order.callbackUrl,
    AccountReference: order.accountReference,
    TransactionDesc: plainDescription(order.description),
  });
}

/** The body of a query for one CheckoutRequestID. */
export function queryBody(account: DarajaAccount, checkoutRequestId: string, at: number): string {
  return JSON.stringify({ ...signature(account, at), CheckoutRequestID: checkoutRequestId });
}

/** The body of a pull: a window in EAT and the row to begin with. */
export function pullBody(
  { shortcode }: DarajaAccount,
  window: { readonly from: number; readonly to: number },
  offset: number,
): string {
  return JSON.stringify({
    ShortCode: shortcode,
    StartDate: nairobiTime(window.from),
    EndDate: nairobiTime(window.to),
    OffSetValue: String(offset),
  });
}

/** A body of ours without its password, for what is kept. */
export function withoutPassword(body: string): string {
  const { Password: _, ...rest } = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify(rest);
}

/** Password must be made of the very Timestamp beside it, else "Wrong credentials". */
function signature(account: DarajaAccount, at: number): Record<string, string> {
  const timestamp = darajaTimestamp(at);
  const password = `${account.shortcode}${account.passkey}${timestamp}`;
  return {
    BusinessShortCode: account.shortcode,
    Password: Buffer.from(password, "utf8").toString("base64"),
    Timestamp: timestamp,
  };
}

/**
 * What makes an order unfit to send, in words without the value at fault; null when it is fit.
 * Plain-http callback addresses pass only towards a Daraja on loopback (contract §2).
 */
export function orderFault(order: PushOrder, baseUrl: URL): string | null {
  if (!Number.isSafeInteger(order.amount) || order.amount < 1) {
    return "the amount must be a whole number of shillings, 1 or more";
  }
  if (parsePhone(order.phone) !== order.phone) return "the phone number is not canonical";
  if (!ACCOUNT_REFERENCE.test(order.accountReference)) {
    return "the account reference must be 1 to 12 letters and digits";
  }
  return isFitCallback(order.callbackUrl, baseUrl) ? null : "the callback address is unfit";
}

function isFitCallback(address: string, baseUrl: URL): boolean {
  if (address.length > CALLBACK_URL_MAX || !/^[\x21-\x7e]+$/.test(address)) return false;
  if (/[<>"\\^`{|}]/.test(address) || !URL.canParse(address)) return false;
  const { protocol } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && isLoopback(baseUrl));
}

/** True for localhost, 127.0.0.0/8 and ::1. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname;
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
