/** Who may call: OAuth tokens, and the Password that proves shortcode and passkey. */
import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../ports.ts";
import type { SimulatedApp, SimulatedMerchant } from "./demo.ts";
import { accessToken, type Dice } from "./ids.ts";

/** One hour, in real time: callers compare it with their own clocks. */
const TOKEN_LIFE_MS = 3_600_000;
const TOKENS_MAX = 1_000;

export interface Tokens {
  issue(): string;
  /** Whether an `Authorization` header carries a living token. */
  admits(authorization: string | undefined): boolean;
  /** Makes every token invalid at once, as Daraja was seen to do. */
  revokeAll(): void;
}

/** Tokens in memory, newest thousand. Older tokens stay valid beside new ones (daraja.md §1). */
export function createTokens(clock: Clock, dice: Dice): Tokens {
  const expiries = new Map<string, number>();
  return {
    issue() {
      const token = accessToken(dice);
      expiries.set(token, clock.now() + TOKEN_LIFE_MS);
      const oldest = expiries.keys().next().value;
      if (expiries.size > TOKENS_MAX && oldest !== undefined) expiries.delete(oldest);
      return token;
    },
    admits(authorization) {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
      return token !== undefined && (expiries.get(token) ?? 0) > clock.now();
    },
    revokeAll: () => expiries.clear(),
  };
}

/** How an `Authorization` header of the OAuth call reads. */
export function checkApp(
  authorization: string | undefined,
  app: SimulatedApp,
): "admitted" | "wrong" | "not_basic" {
  const encoded = /^Basic (\S+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return "not_basic";
  const given = Buffer.from(encoded, "base64");
  const wanted = Buffer.from(`${app.consumerKey}:${app.consumerSecret}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? "admitted" : "wrong";
}

/** Finds who a shortcode is; `null` is "Merchant does not exist". */
export type FindMerchant = (shortcode: string) => SimulatedMerchant | null;

/** Whether Password is base64(shortcode + passkey + the very same Timestamp). */
export function passwordFits(
  merchant: SimulatedMerchant,
  timestamp: string,
  password: string,
): boolean {
  const plain = `${merchant.shortcode}${merchant.passkey}${timestamp}`;
  return Buffer.from(plain).toString("base64") === password;
}
