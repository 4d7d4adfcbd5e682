/** How long Daraja is waited for, and the session that the clients of one app share. */
import { createSession, type Session, type SessionOptions } from "./session.ts";

export interface DarajaTimeouts {
  /** Until a connection stands, TLS included. */
  readonly connectMs: number;
  readonly oauthMs: number;
  /** A whole push, from when the customer asked: token, request, answer, second try after a token refusal. */
  readonly pushMs: number;
  /** A whole query, likewise. */
  readonly queryMs: number;
}

/** Machine §5 fixes connect and push. */
export const DARAJA_TIMEOUTS: DarajaTimeouts = {
  connectMs: 5_000,
  oauthMs: 10_000,
  pushMs: 20_000,
  queryMs: 10_000,
};

/** The session of an app, for the clients that share it or a call without one. */
export function sessionOf(
  options: Omit<SessionOptions, "baseUrl" | "connectTimeoutMs" | "oauthTimeoutMs"> & {
    readonly baseUrl: string;
    readonly timeouts?: Partial<DarajaTimeouts>;
  },
): Session {
  const { baseUrl, consumerKey, consumerSecret, clock, log } = options;
  const { connectMs, oauthMs } = { ...DARAJA_TIMEOUTS, ...options.timeouts };
  return createSession({
    ...{ baseUrl: new URL(baseUrl), consumerKey, consumerSecret, clock, log },
    ...{ connectTimeoutMs: connectMs, oauthTimeoutMs: oauthMs },
  });
}
