/** The access token of one Daraja app: shared, one refresh in flight, 60 s early (machine §9). */
import type { Clock } from "../ports.ts";
import type { OAuthAnswer } from "./oauth-answer.ts";

/** A token this near its end could expire on the way. */
const EARLY_MS = 60_000;

export type TokenAnswer =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly cause: "network" | "token"; readonly description: string };

export interface TokenKeeper {
  /** The cached token, or a fetched one; callers at the same moment share one fetch. */
  get(): Promise<TokenAnswer>;
  /**
   * Forgets a token that Daraja refused. A newer token stays, so that many refusals of one old
   * token cause one refresh.
   */
  drop(token: string): void;
}

/** Keeps the token that `fetchToken` brings; `fetchToken` must not reject. */
export function createTokenKeeper(options: {
  clock: Pick<Clock, "now">;
  fetchToken: () => Promise<OAuthAnswer>;
}): TokenKeeper {
  const { clock, fetchToken } = options;
  let cached: { readonly token: string; readonly freshUntil: number } | null = null;
  let inFlight: Promise<TokenAnswer> | null = null;

  async function refresh(): Promise<TokenAnswer> {
    // Its life is counted from before the request, since Daraja counts from before its answer.
    const askedAt = clock.now();
    const answer = await fetchToken();
    if (!answer.ok) return answer;
    cached = { token: answer.token, freshUntil: askedAt + answer.lifeMs - EARLY_MS };
    return { ok: true, token: answer.token };
  }

  return {
    get() {
      if (cached !== null && clock.now() < cached.freshUntil) {
        return Promise.resolve({ ok: true, token: cached.token });
      }
      inFlight ??= refresh().finally(() => {
        inFlight = null;
      });
      return inFlight;
    },
    drop(token) {
      if (cached?.token === token) cached = null;
    },
  };
}
