/** Reading the answer to a push: the table of machine §5, row by row. */
import type { PushAnswer } from "../ports.ts";
import {
  type ErrorEnvelope,
  lacksProduct,
  readErrorEnvelope,
  refusesRate,
  refusesToken,
  type TokenRefused,
} from "./error-envelope.ts";
import { type JsonObject, member, parseJsonObject, textMember } from "./json.ts";
import { redacted } from "./redact.ts";

type Rejected = Extract<PushAnswer, { kind: "rejected" }>;

/** A push's answer, or the token refusal that allows one more try inside the same attempt. */
export type PushReading = PushAnswer | TokenRefused;

/** Longest id Daraja may give us; it is stored as opaque text (daraja.md §2). */
const ID_MAX = 64;

/**
 * Texts that name whose fault a refusal is (daraja.md §2). 500.001.1001 covers at least six
 * situations and in the query means "still pending", so only these texts make it a refusal.
 */
const KNOWN_TEXTS: readonly (readonly [RegExp, Rejected["cause"]])[] = [
  [/wrong credentials/i, "merchant_setup"],
  [/merchant does not exist/i, "merchant_setup"],
  [/merchant not allowed to carry out transaction type/i, "merchant_setup"],
  [/unable to lock subscriber/i, "customer_busy"],
  [/no iccid found|missing iccid/i, "customer_account"],
];

/** Which field a 400.002.02 blames decides who can mend it (daraja.md §2). */
const BLAMED_FIELD = /bad request - invalid (\w+)/i;
const FIELD_CAUSES: ReadonlyMap<string, Rejected["cause"]> = new Map([
  ["businessshortcode", "merchant_setup"],
  ["password", "merchant_setup"],
  ["transactiontype", "merchant_setup"],
  ["partyb", "merchant_setup"],
  ["callbackurl", "merchant_setup"],
  ["partya", "customer_account"],
  ["phonenumber", "customer_account"],
]);

/**
 * Classifies what came back after a push was sent. Whatever is not surely a refusal is `unknown`:
 * the prompt may still appear, and a wrong "rejected" would invite a second charge.
 */
export function readPushAnswer(status: number, bodyText: string): PushReading {
  const body = parseJsonObject(bodyText);
  const error = body === null ? NO_ENVELOPE : readErrorEnvelope(body);
  const description = descriptionOf(status, error, body);
  if (refusesRate(status, error)) return { kind: "not_sent", cause: "rate_limited", description };
  if (body === null && bodyText.trim() !== "") return { kind: "unknown", description };
  if (status === 200 && body !== null) return readOk(body, error, description);
  if (status < 400) return { kind: "unknown", description };
  if (refusesToken(status, error)) return { kind: "token_refused", description };
  const cause = refusalCause(status, error);
  if (cause === null) return { kind: "unknown", description };
  return { kind: "rejected", code: error.code || String(status), description, cause };
}

const NO_ENVELOPE: ErrorEnvelope = { envelope: "none", code: "", message: "" };

function readOk(body: JsonObject, error: ErrorEnvelope, description: string): PushReading {
  const code = member(body, "ResponseCode");
  const merchantRequestId = textMember(body, "MerchantRequestID", ID_MAX);
  const checkoutRequestId = textMember(body, "CheckoutRequestID", ID_MAX);
  // Accepting is not yet paying, so the number 0 (never recorded) may pass for the text "0".
  const accepted = code === "0" || code === 0;
  if (accepted && merchantRequestId !== null && checkoutRequestId !== null) {
    const customerMessage = redacted(member(body, "CustomerMessage"));
    return { kind: "accepted", merchantRequestId, checkoutRequestId, customerMessage };
  }
  if (accepted && checkoutRequestId !== null)
    return { kind: "unknown", description, checkoutRequestId };
  const cause = accepted ? null : textCause(description);
  if (cause === null) return { kind: "unknown", description };
  const verdict = error.code || (typeof code === "string" ? redacted(code) : "");
  return { kind: "rejected", code: verdict || "200", description, cause };
}

/** Whose fault a refusal is, or null when it is not surely a refusal. */
function refusalCause(status: number, error: ErrorEnvelope): Rejected["cause"] | null {
  if (lacksProduct(error)) return status <= 499 ? "merchant_setup" : null;
  if (error.code === "500.001.1001") return textCause(error.message);
  // A code of 5xx under a status of 4xx contradicts it: the prompt may be on its way.
  if (status > 499 || error.code.startsWith("50")) return null;
  if (status === 405) return "request";
  if (error.code.startsWith("400.002.")) return textCause(error.message) ?? "request";
  return error.code === "404.001.01" || error.code.startsWith("405.") ? "request" : null;
}

function textCause(text: string): Rejected["cause"] | null {
  const known = KNOWN_TEXTS.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return known[1];
  const field = BLAMED_FIELD.exec(text)?.[1];
  return field === undefined ? null : (FIELD_CAUSES.get(field.toLowerCase()) ?? "request");
}

function descriptionOf(status: number, error: ErrorEnvelope, body: JsonObject | null): string {
  if (body === null) return `HTTP ${status} with a body that is not Daraja's JSON`;
  const text = redacted(error.message) || redacted(member(body, "ResponseDescription"));
  return text || `HTTP ${status}`;
}
