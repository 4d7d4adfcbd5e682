/**
 * The client of Daraja: token, push and query (daraja.md §§1–3). A push is sent once; the one
 * exception is a token refusal, after which nothing was processed (machine §5, I8).
 */

import type { AttemptId } from "../core/payment.ts";
import type {
  Clock,
  Daraja,
  DarajaCall,
  Log,
  LookAnswer,
  PullAnswer,
  PullSource,
  PushAnswer,
  PushOrder,
  Ready,
  SilentAnswer,
} from "../ports.ts";
import { DARAJA_TIMEOUTS, type DarajaTimeouts, sessionOf } from "./connection.ts";
import type { Exchange } from "./http.ts";
import { type PullPage, readPullAnswer } from "./pull-answer.ts";
import { type PushReading, readPushAnswer } from "./push-answer.ts";
import { type PushRest, pushRest } from "./push-rest.ts";
import { type QueryReading, readQueryAnswer } from "./query-answer.ts";
import {
  type DarajaAccount,
  orderFault,
  PULL_PATH,
  PUSH_PATH,
  pullBody,
  pushBody,
  QUERY_PATH,
  queryBody,
  withoutPassword,
} from "./requests.ts";
import type { Exchanged, Session } from "./session.ts";

/** How many rows a page has is not documented (daraja.md §7): twenty thousand and more fit. */
const PULL_BYTES_MAX = 8 * 1_048_576;

/** However long the customer waited before, a push that leaves has this much of its time. */
const PUSH_LEAST = 0.25;
/** Daraja's own answers have under 1 KB; the firewall's page says little after this. */
const ANSWER_KEPT_MAX = 4_000;
/** More than a slow answer: one of the two clocks is wrong. */
const CLOCKS_DIFFER_MS = 2 * 60_000;

export interface DarajaOptions extends DarajaAccount {
  /** Scheme and host, with a path prefix where the simulator has one. */
  readonly baseUrl: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly timeouts?: Partial<DarajaTimeouts>;
  /** Of the same app, where several shortcodes use it: they share its token. */
  readonly session?: Session;
  /** `one` where Daraja is this machine's simulator, whose clock cannot differ. */
  readonly clocks?: "one" | "two";
  /** Told of each push and query once it has ended. */
  readonly heard?: (call: DarajaCall) => void;
}

interface Wiring {
  readonly options: DarajaOptions;
  readonly baseUrl: URL;
  readonly timeouts: DarajaTimeouts;
  readonly session: Session;
  readonly rest: PushRest;
}

function resting(restMs: number): Ready {
  const seconds = Math.ceil(restMs / 1_000);
  const description = `Daraja asked for fewer prompts; the next may leave in ${seconds} s`;
  return { ok: false, cause: "rate_limited", description, restMs };
}

/**
 * A client for one Daraja app. It holds no connection and needs no closing; one client per app,
 * since its token is shared. Its functions never reject for what the network or Daraja can do.
 * @throws TypeError when `baseUrl` is no http or https address: a fault of configuration.
 */
export function createDaraja(options: DarajaOptions): Daraja & PullSource {
  const baseUrl = new URL(options.baseUrl);
  if (!/^https?:$/.test(baseUrl.protocol)) throw new TypeError("baseUrl must be http or https");
  const timeouts = { ...DARAJA_TIMEOUTS, ...options.timeouts };
  const session = options.session ?? sessionOf(options);
  const rest = pushRest(options.clock);
  const wiring: Wiring = { options, baseUrl, timeouts, session, rest };
  return {
    async ready() {
      const restMs = rest.leftMs();
      if (restMs > 0) return resting(restMs);
      const token = await session.token();
      return token.ok ? { ok: true } : token;
    },
    push: (order) => push(wiring, order),
    query: (checkoutRequestId, attemptId) => query(wiring, checkoutRequestId, attemptId),
    pull: (from, to, offset) => pull(wiring, { from, to }, offset),
  };
}

async function push(wiring: Wiring, order: PushOrder): Promise<PushAnswer> {
  const { options, session, timeouts } = wiring;
  const fault = orderFault(order, wiring.baseUrl);
  if (fault !== null) return { kind: "not_sent", cause: "invalid", description: fault };
  const startedAt = options.clock.now();
  const outcome = await session.post<PushAnswer>({
    path: PUSH_PATH,
    body: () => pushBody(options, order, options.clock.now()),
    read: readPush,
    heard: (exchanged) => options.heard?.(callOf("push", order.attemptId, exchanged)),
    deadline: AbortSignal.timeout(pushPatience(timeouts.pushMs, order.waitedMs)),
  });
  const answer: PushAnswer =
    outcome.kind === "no_token"
      ? { kind: "not_sent", cause: outcome.cause, description: outcome.description }
      : outcome;
  wiring.rest.heard(answer);
  options.log.info("daraja.push", {
    attemptId: order.attemptId,
    outcome: answer.kind,
    durationMs: options.clock.now() - startedAt,
  });
  return answer;
}

/** In whole ms, as a signal wants them. */
const pushPatience = (wholeMs: number, waitedMs: number): number =>
  Math.ceil(Math.max(PUSH_LEAST * wholeMs, wholeMs - waitedMs));

async function query(
  wiring: Wiring,
  checkoutRequestId: string,
  attemptId: AttemptId,
): Promise<LookAnswer> {
  const { options, session, timeouts } = wiring;
  const outcome = await session.post<LookAnswer>({
    path: QUERY_PATH,
    body: () => queryBody(options, checkoutRequestId, options.clock.now()),
    read: (came) => readQuery(came, checkoutRequestId),
    heard: (exchanged) => options.heard?.(callOf("query", attemptId, exchanged)),
    deadline: AbortSignal.timeout(timeouts.queryMs),
  });
  if (outcome.kind !== "no_token") return outcome;
  return { kind: "silent", cause: "unreachable", description: outcome.description };
}

/** What is kept of a call. The password opens the shop's account, so it is not. */
function callOf(
  call: DarajaCall["call"],
  attemptId: AttemptId,
  { sent, came, at, tookMs }: Exchanged,
): DarajaCall {
  const answered = came.kind === "answer";
  return {
    attemptId,
    call,
    at,
    tookMs,
    sent: withoutPassword(sent),
    status: answered ? came.status : null,
    answer: answered ? came.body.slice(0, ANSWER_KEPT_MAX) : null,
    fault: answered ? null : came.description,
  };
}

/**
 * One page. A window that was asked for by a wrong clock is not whole: it looks at other hours than
 * those in which the money moved.
 */
async function pull(
  { options, session, timeouts }: Wiring,
  window: { readonly from: number; readonly to: number },
  offset: number,
): Promise<PullAnswer> {
  let clocks: Clocks = "agree";
  const outcome = await session.post<PullPage | SilentAnswer>({
    path: PULL_PATH,
    body: () => pullBody(options, window, offset),
    read: (came) => {
      if (came.kind !== "answer") {
        return { kind: "silent", cause: "unreachable", description: came.description };
      }
      clocks = clocksOf(options, came.saidAt);
      return readPullAnswer(came.status, came.body);
    },
    answerBytesMax: PULL_BYTES_MAX,
    deadline: AbortSignal.timeout(timeouts.queryMs),
  });
  if (outcome.kind === "page") {
    const { kind, rows, lines, readable } = outcome;
    return { kind, rows, lines, whole: readable === "all" && clocks === "agree" };
  }
  if (outcome.kind !== "no_token") return outcome;
  return { kind: "silent", cause: "unreachable", description: outcome.description };
}

type Clocks = "agree" | "differ";

function clocksOf({ clock, clocks, log }: DarajaOptions, saidAt: number | null): Clocks {
  if (clocks === "one") return "agree";
  if (saidAt !== null && Math.abs(saidAt - clock.now()) <= CLOCKS_DIFFER_MS) return "agree";
  const seconds = saidAt === null ? null : Math.round((clock.now() - saidAt) / 1_000);
  log.error("daraja.clocks_differ", { count: seconds });
  return "differ";
}

function readPush(came: Exchange): PushReading {
  switch (came.kind) {
    case "answer":
      return readPushAnswer(came.status, came.body);
    case "not_sent":
      return { kind: "not_sent", cause: "network", description: came.description };
    case "lost":
      return { kind: "unknown", description: came.description };
  }
}

function readQuery(came: Exchange, askedCheckoutRequestId: string): QueryReading {
  if (came.kind === "answer") {
    return readQueryAnswer(came.status, came.body, askedCheckoutRequestId);
  }
  return { kind: "silent", cause: "unreachable", description: came.description };
}
