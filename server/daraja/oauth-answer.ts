/** Reading the answer of `/oauth/v1/generate` (daraja.md §1). */
import { readErrorEnvelope } from "./error-envelope.ts";
import { member, parseJsonObject } from "./json.ts";
import { redacted } from "./redact.ts";

/** Visible ASCII only: the token goes into a header. Recorded tokens have 28 characters. */
const TOKEN_SHAPE = /^[\x21-\x7e]{1,2048}$/;
/** Daraja's tokens live an hour; a longer promise is not believed. */
const LIFE_MAX_SECONDS = 3_600;
/** A token whose life cannot be read is used for a short while only. */
const LIFE_UNREAD_SECONDS = 300;

export type OAuthAnswer =
  | { readonly ok: true; readonly token: string; readonly lifeMs: number }
  | { readonly ok: false; readonly cause: "network" | "token"; readonly description: string };

/**
 * The token and its life in ms. `token` as cause means that Daraja refuses the credentials (it
 * says so with HTTP 400 and an empty body, or with 400.008.01); `network` covers the firewall's
 * page, rate limits and outages, which pass by themselves.
 */
export function readOAuthAnswer(status: number, bodyText: string): OAuthAnswer {
  const body = parseJsonObject(bodyText);
  if (status === 200) {
    const token = body === null ? undefined : member(body, "access_token");
    if (body === null || typeof token !== "string" || !TOKEN_SHAPE.test(token)) {
      return refused("network", "HTTP 200 without a token");
    }
    return { ok: true, token, lifeMs: lifeSeconds(member(body, "expires_in")) * 1_000 };
  }
  const message = body === null ? "" : redacted(readErrorEnvelope(body).message);
  const page = body === null && bodyText.trim() !== "";
  if (!page && (status === 400 || status === 401)) {
    return refused("token", message || `HTTP ${status}: consumer key or secret refused`);
  }
  return refused("network", message || `HTTP ${status}${page ? " with a page, not JSON" : ""}`);
}

function refused(cause: "network" | "token", description: string): OAuthAnswer {
  return { ok: false, cause, description };
}

/** `expires_in` is the text "3599" on the wire and the number 3599 in the documentation. */
function lifeSeconds(value: unknown): number {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || !/^\d{1,9}$/.test(text)) return LIFE_UNREAD_SECONDS;
  return Math.min(Number(text), LIFE_MAX_SECONDS);
}
