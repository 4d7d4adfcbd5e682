/** Reading the answer to a query: only a success and a known definite failure are verdicts. */
import { classifyResultCode } from "../core/result-codes.ts";
import type { LookAnswer } from "../ports.ts";
import {
  type ErrorEnvelope,
  namedRatePerMinute,
  readErrorEnvelope,
  refusesRate,
  refusesToken,
  type TokenRefused,
} from "./error-envelope.ts";
import { type JsonObject, member, parseJsonObject } from "./json.ts";
import { redacted } from "./redact.ts";

type Silent = Extract<LookAnswer, { kind: "silent" }>;

/** A query's answer, or the token refusal that allows one more try. */
export type QueryReading = LookAnswer | TokenRefused;

/** Says "still under processing"; stands in no official list (daraja.md §3). */
const STILL_PROCESSING = "4999";

/**
 * Classifies what a query answered. Success needs HTTP 200, ResponseCode "0", a ResultCode of
 * exactly 0 or "0", and the id that was asked (machine §1); everything that is neither that nor a
 * code known as definite failure is silence with its cause (daraja.md §3).
 */
export function readQueryAnswer(
  status: number,
  bodyText: string,
  askedCheckoutRequestId: string,
): QueryReading {
  const body = parseJsonObject(bodyText);
  if (body === null) return readWithoutJson(status, bodyText);
  const error = readErrorEnvelope(body);
  if (refusesRate(status, error)) {
    const ratePerMinute = namedRatePerMinute(error.message);
    return {
      ...silent("rate_limited", redacted(error.message) || `HTTP ${status}`),
      ratePerMinute,
    };
  }
  if (refusesToken(status, error)) {
    return { kind: "token_refused", description: redacted(error.message) || `HTTP ${status}` };
  }
  return status === 200 ? readResult(body, askedCheckoutRequestId) : readError(status, error);
}

function readResult(body: JsonObject, asked: string): LookAnswer {
  if (member(body, "ResponseCode") !== "0") {
    return silent("nonsense", redacted(member(body, "ResponseDescription")) || "no ResponseCode 0");
  }
  if (member(body, "CheckoutRequestID") !== asked) {
    return silent("nonsense", "the answer speaks of another CheckoutRequestID");
  }
  const code = member(body, "ResultCode");
  if (typeof code !== "string" && typeof code !== "number") {
    return silent("nonsense", "the answer has no ResultCode");
  }
  const description = redacted(member(body, "ResultDesc"));
  const verbatim = String(code);
  if (verbatim === STILL_PROCESSING) return silent("processing", description);
  const meaning = classifyResultCode(code);
  switch (meaning.kind) {
    case "success":
      return { kind: "success" };
    case "failure":
      return { kind: "failure", code: verbatim, description };
    case "in_doubt":
      return silent("nonsense", `code ${redacted(verbatim)}: ${description}`);
  }
}

function readError(status: number, error: ErrorEnvelope): Silent {
  const description = redacted(error.message) || `HTTP ${status}`;
  if (error.code === "500.001.1001" && /being processed/i.test(error.message)) {
    return silent("processing", description);
  }
  if (error.code === "400.002.02" && /invalid checkoutrequestid/i.test(error.message)) {
    return silent("unknown_id", description);
  }
  return silent(status >= 500 || status === 403 ? "unreachable" : "nonsense", description);
}

/** An HTML page is the web firewall's, whatever its status says (daraja.md §1). */
function readWithoutJson(status: number, bodyText: string): QueryReading {
  const description = `HTTP ${status} with a body that is not Daraja's JSON`;
  if (status === 429) return silent("rate_limited", description);
  if (status === 401 && bodyText.trim() === "") return { kind: "token_refused", description };
  const page = bodyText.trimStart().startsWith("<");
  return silent(page || status === 403 || status >= 500 ? "unreachable" : "nonsense", description);
}

function silent(cause: Silent["cause"], description: string): Silent {
  return { kind: "silent", cause, description };
}
