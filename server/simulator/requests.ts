/** Reads Daraja's request bodies and refuses, field by field, what Daraja refuses (daraja.md §2, §3). */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { parseDarajaTimestamp } from "../../shared/nairobi.ts";
import { invalidField, REFUSALS, type Refusal } from "./refusals.ts";

export interface Signed {
  readonly shortcode: string;
  readonly password: string;
  readonly timestamp: string;
}
export interface PushRequest extends Signed {
  readonly amount: number;
  readonly phone: string;
  readonly callbackUrl: string;
  readonly accountReference: string;
}
export interface QueryRequest extends Signed {
  readonly checkoutRequestId: string;
}

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** Very long texts are refused; 39 characters were recorded as accepted. */
const DESCRIPTION_MAX = 100;
const URL_MAX = 2_048;

export const SHORTCODE = /^\d{5,7}$/;
const PHONE = /^254[17]\d{8}$/;

/** Daraja takes numbers and strings alike; everything is compared as text. */
export function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

type Fields = Readonly<Record<string, unknown>>;
type Check = readonly [field: string, passes: (fields: Fields) => boolean];

const SIGNED: readonly Check[] = [
  ["BusinessShortCode", (body) => SHORTCODE.test(text(body.BusinessShortCode))],
  ["Password", (body) => /^[A-Za-z0-9+/]+=*$/.test(text(body.Password))],
  ["Timestamp", (body) => parseDarajaTimestamp(text(body.Timestamp)) !== null],
];

const PUSH: readonly Check[] = [
  ...SIGNED,
  [
    "TransactionType",
    (body) => /^Customer(PayBill|BuyGoods)Online$/.test(text(body.TransactionType)),
  ],
  ["Amount", (body) => /^[1-9]\d{0,8}$/.test(text(body.Amount))],
  ["PartyA", (body) => PHONE.test(text(body.PartyA))],
  ["PartyB", (body) => SHORTCODE.test(text(body.PartyB))],
  ["PhoneNumber", (body) => PHONE.test(text(body.PhoneNumber))],
  ["CallBackURL", (body) => isCallbackAddress(text(body.CallBackURL))],
  // Recorded: both a missing AccountReference and a missing TransactionDesc are "Remarks".
  ["Remarks", (body) => text(body.AccountReference) !== ""],
  ["Remarks", (body) => isBetween(text(body.TransactionDesc).length, 1, DESCRIPTION_MAX)],
];

const QUERY: readonly Check[] = [
  ...SIGNED,
  ["CheckoutRequestID", (body) => isBetween(text(body.CheckoutRequestID).length, 1, 64)],
];

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** Parses the text of a body; anything but a JSON object is no payload. */
export function fieldsOf(body: unknown): Fields | null {
  try {
    const parsed: unknown = typeof body === "string" ? JSON.parse(body) : body;
    const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Fields) : null;
  } catch {
    return null;
  }
}

function read<T>(body: unknown, checks: readonly Check[], take: (fields: Fields) => T): Read<T> {
  const fields = fieldsOf(body);
  if (fields === null) return { ok: false, refusal: REFUSALS.payload };
  const failed = checks.find(([, passes]) => !passes(fields));
  if (failed !== undefined) return { ok: false, refusal: invalidField(failed[0]) };
  return { ok: true, value: take(fields) };
}

function signed(fields: Fields): Signed {
  return {
    shortcode: text(fields.BusinessShortCode),
    password: text(fields.Password),
    timestamp: text(fields.Timestamp),
  };
}

/** The body of a push, or Daraja's refusal naming the first field at fault. */
export function readPush(body: unknown): Read<PushRequest> {
  return read(body, PUSH, (fields) => ({
    ...signed(fields),
    amount: Number(text(fields.Amount)),
    phone: text(fields.PhoneNumber),
    callbackUrl: text(fields.CallBackURL),
    accountReference: text(fields.AccountReference),
  }));
}

/** The body of a query, or Daraja's refusal naming the first field at fault. */
export function readQuery(body: unknown): Read<QueryRequest> {
  return read(body, QUERY, (fields) => ({
    ...signed(fields),
    checkoutRequestId: text(fields.CheckoutRequestID),
  }));
}

/**
 * https to a public host, as Daraja wants it; and, because the simulator runs on this machine,
 * http or https to a loopback address. Spaces and template brackets are refused as recorded.
 */
export function isCallbackAddress(address: string): boolean {
  if (address.length > URL_MAX || /[\s<>]/.test(address) || !URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol !== "https:" && protocol !== "http:") return false;
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isLoopback(host)) return true;
  return protocol === "https:" && isPublic(host);
}

function isLoopback(host: string): boolean {
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  return isIP(host) !== 0 && ipaddr.process(host).range() === "loopback";
}

function isPublic(host: string): boolean {
  if (isIP(host) !== 0) return ipaddr.process(host).range() === "unicast";
  return /^[^.]+(\.[^.]+)+\.?$/.test(host) && !/\.(local|internal|test|invalid)\.?$/.test(host);
}
