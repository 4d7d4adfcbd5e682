/**
 * What an answer of Daraja's may prove, by machine §1 and §5 and without the product's own reader:
 * which answers may lead to paid, which to failed, which to a second push. Everything else must
 * leave the attempt in the air.
 */
import type { OddAnswer } from "./answer-grammar.ts";
import { type Fields, isFields, oneMeaning, own } from "./one-meaning.ts";

/** The client reads no more (daraja.md: answers have under 1 kB). */
const ANSWER_BYTES_MAX = 65_536;
const FAILURE_CODES = new Set(
  "1 2001 8006 1032 1031 1037 1019 2026 1001 17 2 3 4 8 11 2040 1025 9999 26 2028 SFC_IC0003 2006 20 21 1101 1102 2008 2029".split(
    " ",
  ),
);
/** Texts that name whose fault it is (daraja.md §2). */
const KNOWN_TEXT =
  /wrong credentials|merchant does not exist|not allowed to carry out|unable to lock subscriber|iccid|bad request - invalid/i;

interface Read {
  readonly status: number;
  /** Null when nothing can be understood. */
  readonly fields: Fields | null;
  readonly empty: boolean;
}

/** What arrived; null when no whole answer did. */
function readOf({ status, body, transport }: OddAnswer): Read | null {
  if (transport !== "whole" || body.length > ANSWER_BYTES_MAX) return null;
  const bodiless = status === 204 || status === 304;
  const text = bodiless ? "" : body.toString("utf8");
  return { status, fields: oneMeaning(text), empty: text.trim() === "" };
}

function errorOf(fields: Fields): { code: string; message: string } {
  const fault = own(fields, "fault");
  if (isFields(fault)) {
    const detail = own(fault, "detail");
    const code = isFields(detail) ? own(detail, "errorcode") : "";
    return { code: String(code), message: String(own(fault, "faultstring")) };
  }
  return { code: String(own(fields, "errorCode")), message: String(own(fields, "errorMessage")) };
}

/** May this answer make a push accepted? */
export function accepts(answer: OddAnswer): boolean {
  const read = readOf(answer);
  if (read === null || read.fields === null || read.status !== 200) return false;
  const code = own(read.fields, "ResponseCode");
  return (code === "0" || code === 0) && isId(own(read.fields, "CheckoutRequestID"));
}

function isId(value: unknown): boolean {
  return typeof value === "string" && value !== "" && value.length <= 64;
}

/** May Daraja have refused the token, so that one more push is right? */
export function refusesToken(answer: OddAnswer): boolean {
  const read = readOf(answer);
  if (read === null || read.status < 400 || read.status > 499) return false;
  if (read.fields === null) return read.status === 401 && read.empty;
  const { code } = errorOf(read.fields);
  return read.status === 401 || /^(404\.001\.03|400\.003\.01|401\.)/.test(code);
}

/** May this answer end the attempt as failed? */
export function refusesPush(answer: OddAnswer): boolean {
  const read = readOf(answer);
  if (read === null) return false;
  const { status, fields, empty } = read;
  if (status === 429 || refusesToken(answer)) return true;
  if (fields === null) return empty && status === 405;
  const { code, message } = errorOf(fields);
  if (status === 200) {
    const text = `${message} ${String(own(fields, "ResponseDescription"))}`;
    return !accepts(answer) && KNOWN_TEXT.test(text);
  }
  if (status < 400) return false;
  if (/apiproduct ?match/i.test(message + code) || code.startsWith("policies.ratelimit"))
    return true;
  if (code === "500.003.02") return /spike arrest/i.test(message);
  if (code === "500.003.03") return true;
  if (code === "500.001.1001") return KNOWN_TEXT.test(message);
  return status < 500 && (status === 405 || /^(400\.002\.|404\.001\.01|405)/.test(code));
}

/** What a query's answer proves about the id that was asked. */
export type Proof =
  | { readonly kind: "paid" }
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "nothing" };

/** Success and failure want the same envelope: 200, ResponseCode "0", the id that was asked. */
export function proofOf(answer: OddAnswer, asked: string): Proof {
  const read = readOf(answer);
  const fields = read?.status === 200 ? read.fields : null;
  if (fields === null || own(fields, "ResponseCode") !== "0") return { kind: "nothing" };
  if (own(fields, "CheckoutRequestID") !== asked) return { kind: "nothing" };
  const code = own(fields, "ResultCode");
  if (code === 0 || code === "0") return { kind: "paid" };
  const verbatim = typeof code === "string" || typeof code === "number" ? String(code) : "";
  return FAILURE_CODES.has(verbatim) ? { kind: "failed", code: verbatim } : { kind: "nothing" };
}
