/**
 * Daraja → Lipia (contract §5). A plain listener, asked before Express: it must answer 200 to any
 * body of any type once what must be kept is durable, and it is the hot path.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ROUTES } from "../../shared/api.ts";
import { happened } from "../core/events.ts";
import type { AttemptId } from "../core/payment.ts";
import { advance } from "../flows/advance.ts";
import { type CallbackDeps, takeCallback } from "../flows/take-callback.ts";
import type { Tokens } from "../tokens.ts";
import { pathOf } from "./dashboard-seams.ts";

export interface CallbackRouteDeps extends CallbackDeps {
  readonly tokens: Tokens;
}

/** More than this is read past and thrown away; a callback has under 2 KiB (daraja.md §4). */
const BODY_MAX_BYTES = 256 * 1024;
/** A body that trickles in longer than this is not Daraja's. */
const BODY_MAX_MS = 10_000;
/** At most one look per attempt in this time on unproven news (machine §2, E0). */
const HINT_SPACING_MS = 30_000;
const HINTS_MAX = 10_000;
/** Unproven posts are logged up to this many a minute, so that a flood cannot fill the disk. */
const STRAYS_LOGGED_A_MINUTE = 30;

export const CALLBACK_PREFIX = "/daraja/callbacks/";
const LEGACY_PATH = pathOf(ROUTES.legacyCallback);
const ANSWER = JSON.stringify({ ResultCode: 0, ResultDesc: "Success" });

type Body = { readonly kind: "whole"; readonly text: string } | { readonly kind: "rubbish" };

/**
 * Answers callback requests.
 * @returns true when the request was a callback's and is being answered here.
 */
export function callbackListener(
  deps: CallbackRouteDeps,
): (req: IncomingMessage, res: ServerResponse) => boolean {
  const strays = strayDesk(deps);
  return (req, res) => {
    const path = (req.url ?? "").split("?", 1)[0] ?? "";
    const own = path.startsWith(CALLBACK_PREFIX);
    if (req.method !== "POST" || !(own || path === LEGACY_PATH)) return false;
    const [attempt = "", mac = "", ...rest] = own
      ? path.slice(CALLBACK_PREFIX.length).split("/")
      : [];
    const attemptId = rest.length === 0 ? deps.tokens.attemptOfPath(attempt, mac) : null;
    take(deps, req, attemptId, strays)
      .catch((error: unknown) => {
        deps.log.error("callback_fault", {
          error: error instanceof Error ? error.message : "fault",
        });
        return "not_kept" as const;
      })
      .then((taken) => send(res, taken === "kept" ? 200 : 503));
    return true;
  };
}

async function take(
  deps: CallbackRouteDeps,
  req: IncomingMessage,
  attemptId: AttemptId | null,
  stray: (body: Body) => Promise<void>,
) {
  const body = await readBody(req);
  if (attemptId !== null && body.kind === "whole") {
    return takeCallback(deps, attemptId, body.text, req.socket.remoteAddress ?? "");
  }
  // Unproven, or too large to be a callback: it moves nothing, but Daraja may be asked (E0, row 25).
  if (attemptId === null) await stray(body);
  else await takeCallback(deps, attemptId, "", req.socket.remoteAddress ?? "");
  return "kept" as const;
}

function send(res: ServerResponse, status: 200 | 503): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(status, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": Buffer.byteLength(ANSWER),
  });
  res.end(ANSWER);
}

/** Reads up to the limit and drains the rest, so that the sender always gets its answer. */
function readBody(req: IncomingMessage): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => finish({ kind: "rubbish" }), BODY_MAX_MS);
    const finish = (body: Body) => {
      clearTimeout(timer);
      resolve(body);
    };
    req.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_MAX_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    req.on("end", () =>
      finish(
        size <= BODY_MAX_BYTES
          ? { kind: "whole", text: Buffer.concat(chunks).toString("utf8") }
          : { kind: "rubbish" },
      ),
    );
    req.on("error", () => finish({ kind: "rubbish" }));
    req.on("close", () => finish({ kind: "rubbish" }));
  });
}

/** What is done about posts that prove nothing: a capped log line, and at most a hint to look. */
function strayDesk(deps: CallbackRouteDeps): (body: Body) => Promise<void> {
  const hintedAt = new Map<AttemptId, number>();
  let minute = 0;
  let logged = 0;
  return async (body) => {
    const at = deps.clock.now();
    const thisMinute = Math.floor(at / 60_000);
    if (thisMinute !== minute) [minute, logged] = [thisMinute, 0];
    logged += 1;
    if (logged <= STRAYS_LOGGED_A_MINUTE) deps.log.warn("callback_stray", { kind: body.kind });
    const news = body.kind === "whole" ? deps.read(body.text) : null;
    if (news === null) return;
    const attemptId = await deps.payments.attemptByCheckoutRequest(
      deps.environment,
      news.checkoutRequestId,
    );
    if (attemptId === null || at - (hintedAt.get(attemptId) ?? 0) < HINT_SPACING_MS) return;
    if (hintedAt.size >= HINTS_MAX) hintedAt.clear();
    hintedAt.set(attemptId, at);
    await hint(deps, attemptId);
  };
}

async function hint(deps: CallbackRouteDeps, attemptId: AttemptId): Promise<void> {
  const paymentId = await deps.payments.paymentOfAttempt(attemptId);
  if (paymentId === null) return;
  const done = await advance(deps, paymentId, happened("stray", attemptId));
  if (done.kind === "unchanged" && done.why.hint) {
    deps.ask(attemptId, "repeat").catch(() => deps.log.warn("look_failed", { attemptId }));
  }
}
