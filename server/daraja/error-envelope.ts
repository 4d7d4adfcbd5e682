/**
 * Daraja's two error envelopes (daraja.md §2, "Synchronous answers"): its own
 * `{requestId, errorCode, errorMessage}` and the gateway's
 * `{fault: {faultstring, detail: {errorcode}}}`.
 */
import { type JsonObject, objectMember, textMember } from "./json.ts";

/** Codes and texts longer than these are not Daraja's. */
const CODE_MAX = 100;
const MESSAGE_MAX = 2_000;
const MINUTE_MICROS = 60_000_000;

export interface ErrorEnvelope {
  readonly envelope: "error" | "fault" | "none";
  readonly code: string;
  readonly message: string;
}

/** What an answer says when Daraja refused the token: nothing was processed. */
export interface TokenRefused {
  readonly kind: "token_refused";
  readonly description: string;
}

/** Reads either envelope; a body that is neither has empty code and message. */
export function readErrorEnvelope(body: JsonObject): ErrorEnvelope {
  const fault = objectMember(body, "fault");
  if (fault !== null) {
    const detail = objectMember(fault, "detail");
    return {
      envelope: "fault",
      code: (detail === null ? null : textMember(detail, "errorcode", CODE_MAX)) ?? "",
      message: textMember(fault, "faultstring", MESSAGE_MAX) ?? "",
    };
  }
  const code = textMember(body, "errorCode", CODE_MAX);
  const message = textMember(body, "errorMessage", MESSAGE_MAX);
  const envelope = code === null && message === null ? "none" : "error";
  return { envelope, code: code ?? "", message: message ?? "" };
}

/**
 * True when the gateway refused the access token, so that nothing was processed (machine §5):
 * 404.001.03, any 401.*, 400.003.01 (daraja.md §1), or a bare 401 of the gateway.
 */
export function refusesToken(status: number, error: ErrorEnvelope): boolean {
  if (status < 400 || status > 499 || lacksProduct(error)) return false;
  if (error.code === "404.001.03" || error.code === "400.003.01") return true;
  return error.code.startsWith("401.") || status === 401;
}

/** True when the product is not enabled for these keys (daraja.md §1, last row). */
export function lacksProduct(error: ErrorEnvelope): boolean {
  if (error.envelope !== "fault") return false;
  return /no ?apiproduct ?match/i.test(error.message) || /NoApiProductMatch/i.test(error.code);
}

/** True when the gateway refused for our rate or quota: the request went no further. */
export function refusesRate(status: number, error: ErrorEnvelope): boolean {
  if (status === 429) return true;
  if (status < 400) return false;
  if (error.code === "500.003.03") return true;
  if (error.code === "500.003.02") return /spike arrest/i.test(error.message);
  return error.code.startsWith("policies.ratelimit.");
}

/**
 * The rate a spike-arrest fault names, in requests a minute:
 * `messagesPerPeriod=5, periodInMicroseconds=60000000` is 5. Undefined when it names none.
 */
export function namedRatePerMinute(message: string): number | undefined {
  const messages = /messagesPerPeriod=(\d{1,9}(?:\.\d{1,9})?)/.exec(message);
  const period = /periodInMicroseconds=(\d{1,15})/.exec(message);
  if (messages === null || period === null) return undefined;
  const rate = (Number(messages[1]) * MINUTE_MICROS) / Number(period[1]);
  return Number.isFinite(rate) && rate > 0 ? rate : undefined;
}
