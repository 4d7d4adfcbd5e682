/** Authenticated calls to one Daraja app: the shared token and its single renewal (machine §5). */
import type { Clock, Log } from "../ports.ts";
import type { TokenRefused } from "./error-envelope.ts";
import { type Exchange, exchange } from "./http.ts";
import { type OAuthAnswer, readOAuthAnswer } from "./oauth-answer.ts";
import { OAUTH_PATH } from "./requests.ts";
import { createTokenKeeper, type TokenAnswer } from "./token.ts";

/** No token was to be had, or Daraja refused a new one too: surely nothing was processed. */
export interface NoToken {
  readonly kind: "no_token";
  readonly cause: "network" | "token";
  readonly description: string;
}

export interface Post<Answer> {
  readonly path: string;
  /** Made anew for each try, so that its Timestamp is of the moment. */
  readonly body: () => string;
  readonly read: (came: Exchange) => Answer | TokenRefused;
  /** Told of each try. */
  readonly heard?: (exchanged: Exchanged) => void;
  /** What an answer may weigh, where it is more than the few words that Daraja answers with. */
  readonly answerBytesMax?: number;
  /** Ends everything, token and second try included. */
  readonly deadline: AbortSignal;
}

/** What left, what came of it, and when. */
export interface Exchanged {
  readonly sent: string;
  readonly came: Exchange;
  readonly at: number;
  readonly tookMs: number;
}

export interface Session {
  token(): Promise<TokenAnswer>;
  /** Posts once, and once more with a new token when Daraja refused the first one. */
  post<Answer extends { readonly kind: string }>(post: Post<Answer>): Promise<Answer | NoToken>;
}

export interface SessionOptions {
  readonly baseUrl: URL;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly connectTimeoutMs: number;
  readonly oauthTimeoutMs: number;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** A session of one app; every call of the app must go through the same one to share its token. */
export function createSession(options: SessionOptions): Session {
  const { baseUrl, clock, connectTimeoutMs, log } = options;
  const tokens = createTokenKeeper({ clock, fetchToken });
  const basic = Buffer.from(`${options.consumerKey}:${options.consumerSecret}`).toString("base64");

  async function fetchToken(): Promise<OAuthAnswer> {
    const came = await exchange({
      method: "GET",
      url: addressOf(baseUrl, OAUTH_PATH),
      headers: { Accept: "application/json", Authorization: `Basic ${basic}` },
      body: null,
      connectTimeoutMs,
      deadline: AbortSignal.timeout(options.oauthTimeoutMs),
    });
    const answer: OAuthAnswer =
      came.kind === "answer"
        ? readOAuthAnswer(came.status, came.body)
        : { ok: false, cause: "network", description: came.description };
    if (!answer.ok) log.warn("daraja.token_missing", { cause: answer.cause });
    return answer;
  }

  return {
    token: () => tokens.get(),
    async post<Answer extends { readonly kind: string }>(post: Post<Answer>) {
      let refusal = "";
      for (let tries = 1; tries <= 2; tries += 1) {
        const token = await within(post.deadline, tokens.get());
        if (!token.ok) return noToken(token.cause, token.description);
        const sent = post.body();
        const at = clock.now();
        const came = await exchange({
          method: "POST",
          url: addressOf(baseUrl, post.path),
          headers: {
            Accept: "application/json",
            Authorization: `Bearer ${token.token}`,
            "Content-Type": "application/json",
          },
          body: sent,
          answerBytesMax: post.answerBytesMax,
          connectTimeoutMs,
          deadline: post.deadline,
        });
        post.heard?.({ sent, came, at, tookMs: clock.now() - at });
        const answer = post.read(came);
        if (!isRefusal(answer)) return answer;
        tokens.drop(token.token);
        refusal = answer.description;
        log.warn("daraja.token_refused", { tries });
      }
      return noToken("token", refusal);
    },
  };
}

function noToken(cause: NoToken["cause"], description: string): NoToken {
  return { kind: "no_token", cause, description };
}

function isRefusal(answer: { readonly kind: string }): answer is TokenRefused {
  return answer.kind === "token_refused";
}

function addressOf(baseUrl: URL, path: string): URL {
  return new URL(baseUrl.href.replace(/\/+$/, "") + path);
}

/** A token, or none when the deadline comes first; the fetch goes on for those who share it. */
function within(deadline: AbortSignal, token: Promise<TokenAnswer>): Promise<TokenAnswer> {
  return new Promise((resolve) => {
    const giveUp = (): void =>
      resolve({ ok: false, cause: "network", description: "no token came in time" });
    if (deadline.aborted) giveUp();
    deadline.addEventListener("abort", giveUp);
    void token.then((answer) => {
      deadline.removeEventListener("abort", giveUp);
      resolve(answer);
    });
  });
}
