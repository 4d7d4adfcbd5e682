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
import { type Footprints, WALK_PATH } from "../flows/walk-out.ts";
import type { Tokens } from "../tokens.ts";
import { pathOf } from "./dashboard-seams.ts";

export interface CallbackRouteDeps extends CallbackDeps {
  readonly tokens: Tokens;
  /** The caller's address, behind trusted proxies. */
  readonly peer: (req: IncomingMessage) => string;
  /** Told of our own calls that came home. */
  readonly footprints: Pick<Footprints, "came">;
}

/** More than this is read past; its beginning is kept as evidence. A callback has under 2 KiB (daraja.md §4). */
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
/**
 * An attempt's own address, whatever stands before it: MPESA_CALLBACK_URL may name any base, and a
 * proxy may add or take away a prefix. The mac proves it, not the place.
 */
const OWN_ADDRESS = /\/([0-9a-f]{32})\/([0-9a-f]{64})\/?$/;
/** A trial of the way here, whatever stands before it. */
const OWN_WALK = new RegExp(`/${WALK_PATH}([0-9a-f]{32})/?$`);
const KEPT = JSON.stringify({ ResultCode: 0, ResultDesc: "Success" });
const NOT_KEPT = JSON.stringify({ ResultCode: 1, ResultDesc: "Not kept, send it again" });

/** `cut`: too large or broken off; only its beginning came. */
type Body = { readonly kind: "whole" | "cut"; readonly text: string };
/** Ends what was cut, so that its beginning alone is never read as a message, now or later. */
const CUT = "…";

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
    const own = OWN_ADDRESS.exec(path);
    const [, word = null] = OWN_WALK.exec(path) ?? [];
    const ours =
      own !== null || word !== null || path.startsWith(CALLBACK_PREFIX) || path === LEGACY_PATH;
    if (req.method !== "POST" || !ours) return false;
    if (word !== null) deps.footprints.came(word);
    const [, attempt = "", mac = ""] = own ?? [];
    const attemptId = deps.tokens.attemptOfPath(attempt, mac);
    take(deps, req, attemptId, strays)
      .catch((error: unknown) => {
        deps.log.error("callback_fault", { error: text(error) });
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
  if (attemptId !== null) {
    // What was cut cannot be read, but Daraja may be asked (row 25).
    const kept = body.kind === "whole" ? body.text : body.text + CUT;
    return takeCallback(deps, attemptId, kept, deps.peer(req));
  }
  // Unproven: nothing of it must be kept, so nothing that fails here is worth a 503 (E0).
  await stray(body).catch((error: unknown) => {
    deps.log.error("callback_fault", { error: text(error) });
  });
  return "kept" as const;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : "unknown fault";
}

function send(res: ServerResponse, status: 200 | 503): void {
  if (res.headersSent || res.destroyed) return;
  const answer = status === 200 ? KEPT : NOT_KEPT;
  res.writeHead(status, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": Buffer.byteLength(answer),
  });
  res.end(answer);
}

/** Reads up to the limit and drains the rest, so that the sender always gets its answer. */
function readBody(req: IncomingMessage): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let room = BODY_MAX_BYTES;
    const finish = (kind: Body["kind"]) => {
      clearTimeout(timer);
      resolve({ kind, text: Buffer.concat(chunks).toString("utf8") });
    };
    const timer = setTimeout(() => finish("cut"), BODY_MAX_MS);
    req.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (room > 0) chunks.push(chunk.subarray(0, room));
      room -= Math.min(room, chunk.length);
    });
    req.on("end", () => finish(size <= BODY_MAX_BYTES ? "whole" : "cut"));
    req.on("error", () => finish("cut"));
    req.on("close", () => finish("cut"));
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
