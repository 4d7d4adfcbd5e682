/**
 * Reading a page of Pull Transactions (daraja.md §7). Only documentation describes it, so every row
 * is read field by field, and a page with an unreadable row is not whole: it proves no absence.
 */
import { parseMpesaAmount } from "../../shared/money.ts";
import { parseNairobiTime } from "../../shared/nairobi.ts";
import { parseReceipt } from "../../shared/receipt.ts";
import type { StatementLine } from "../core/statement.ts";
import type { SilentAnswer } from "../ports.ts";
import {
  namedRatePerMinute,
  readErrorEnvelope,
  refusesRate,
  refusesToken,
  type TokenRefused,
} from "./error-envelope.ts";
import { isObject, type JsonObject, member, parseJsonObject } from "./json.ts";
import { redacted } from "./redact.ts";

/** One page: how many rows stood there, those that could be read, and whether that was all of them. */
export interface PullPage {
  readonly kind: "page";
  readonly rows: number;
  readonly lines: readonly StatementLine[];
  readonly readable: "all" | "some";
}

/** ResponseCode of an answer with rows, and of one that has none. */
const FOUND = "1000";
const NOTHING_FOUND = "1001";
const REFERENCE_MAX = 64;

/** A page, silence with its cause, or the token refusal that allows one more try. */
export function readPullAnswer(
  status: number,
  bodyText: string,
): PullPage | SilentAnswer | TokenRefused {
  const body = parseJsonObject(bodyText);
  if (body === null) {
    const cause = status === 429 ? "rate_limited" : "unreachable";
    return silent(cause, `HTTP ${status} with a body that is not Daraja's JSON`);
  }
  const error = readErrorEnvelope(body);
  const words = redacted(error.message) || `HTTP ${status}`;
  if (refusesRate(status, error)) {
    return {
      ...silent("rate_limited", words),
      ratePerMinute: namedRatePerMinute(error.message),
    };
  }
  if (refusesToken(status, error)) return { kind: "token_refused", description: words };
  if (status !== 200) return silent(status >= 500 ? "unreachable" : "nonsense", words);
  return readPage(body);
}

function readPage(body: JsonObject): PullPage | SilentAnswer {
  const code = member(body, "ResponseCode");
  if (code === NOTHING_FOUND) return { kind: "page", rows: 0, lines: [], readable: "all" };
  const rows = code === FOUND ? rowsIn(member(body, "Response")) : null;
  if (rows === null) {
    return silent("nonsense", redacted(member(body, "ResponseMessage")) || "no ResponseCode 1000");
  }
  const lines = rows.map(lineOf).filter((line) => line !== null);
  const readable = lines.length === rows.length ? "all" : "some";
  return { kind: "page", rows: rows.length, lines, readable };
}

/** An array inside an array, as recorded; a flat one is read too. */
function rowsIn(response: unknown): readonly unknown[] | null {
  return Array.isArray(response) ? response.flat() : null;
}

function lineOf(row: unknown): StatementLine | null {
  if (!isObject(row)) return null;
  const receipt = parseReceipt(member(row, "transactionId"));
  const amountCents = parseMpesaAmount(member(row, "amount"));
  if (receipt === null || amountCents === null) return null;
  const reference = member(row, "billreference");
  return {
    receipt,
    amountCents,
    reference: typeof reference === "string" ? reference.slice(0, REFERENCE_MAX) : "",
    phoneEnd: phoneEndOf(member(row, "msisdn")),
    paidAt: parseNairobiTime(member(row, "trxDate")),
  };
}

/** The last three or four digits of a number, whole or masked; a hash has none (daraja.md §7). */
function phoneEndOf(msisdn: unknown): string | null {
  const text = typeof msisdn === "number" ? String(msisdn) : msisdn;
  if (typeof text !== "string" || !/^\+?[\d* ]{6,20}$/.test(text)) return null;
  return /\d{3,4}$/.exec(text)?.[0] ?? null;
}

function silent(cause: SilentAnswer["cause"], description: string): SilentAnswer {
  return { kind: "silent", cause, description };
}
