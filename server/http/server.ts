/** The HTTP server by hand: callbacks first, then Express with its headers, limits and routes. */
import { createServer, type Server } from "node:http";
import express, { type ErrorRequestHandler, type RequestHandler, type Router } from "express";
import type { Clock, Ids, Log, Store } from "../ports.ts";
import type { Assets } from "./assets.ts";
import { shallowOnly } from "./body-depth.ts";
import type { callbackListener } from "./callback-routes.ts";
import { type Problem, sendProblem } from "./problem.ts";
import { securityHeaders } from "./security.ts";

export interface HttpDeps {
  readonly publicUrl: URL;
  readonly trustProxy: number | readonly string[];
  readonly callbacks: ReturnType<typeof callbackListener>;
  readonly assets: Assets;
  readonly store: Store;
  /** False once the database was found damaged. */
  readonly isSound: () => boolean;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Answer before the JSON parser: the simulator parses its own bodies. */
  readonly early: readonly (readonly [path: string, router: Router])[];
  readonly routers: readonly Router[];
  readonly patience?: Patience;
}

/** How long a slow client is waited for, in ms. */
export interface Patience {
  readonly headersMs: number;
  readonly requestMs: number;
  /** Neither reads nor sends: an answer takes 25 s at most. */
  readonly idleMs: number;
  /** How often Node looks for those that exceed the first two. */
  readonly checkMs: number;
}

/** A payment request has under 4 KiB; the largest metadata fits many times over. */
const BODY_MAX = "64kb";
/** A client that needs longer to send its headers or body is not one of ours. */
const PATIENCE: Patience = {
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 60_000,
  checkMs: 5_000,
};
/** Node's own limit, in words: a session cookie and a token fit many times over. */
const HEADERS_MAX_BYTES = 16_384;

const JSON_PATHS = /^\/(v1|api|checkout)\//;

/** Builds the server; it does not listen yet. */
export function createHttpServer(deps: HttpDeps): Server {
  const app = express();
  app.disable("x-powered-by");
  app.set(
    "trust proxy",
    typeof deps.trustProxy === "number" ? deps.trustProxy : [...deps.trustProxy],
  );
  app.set("query parser", "simple");
  app.use(requestStory(deps));
  app.use(securityHeaders(deps.publicUrl));
  app.use(deps.assets.handler);
  app.use(health(deps));
  for (const [path, router] of deps.early) app.use(path, router);
  app.use(jsonOnly, express.json({ limit: BODY_MAX, strict: true }), shallowOnly);
  for (const router of deps.routers) app.use(router);
  app.use((_req, res) => sendProblem(res, NOTHING_HERE));
  app.use(faults(deps.log));
  const patience = deps.patience ?? PATIENCE;
  const limits = {
    maxHeaderSize: HEADERS_MAX_BYTES,
    headersTimeout: patience.headersMs,
    requestTimeout: patience.requestMs,
    connectionsCheckingInterval: patience.checkMs,
  };
  const server = createServer(limits, (req, res) => {
    if (!deps.callbacks(req, res)) app(req, res);
  });
  server.timeout = patience.idleMs;
  return server;
}

const NOTHING_HERE: Problem = {
  status: 404,
  type: "not_found",
  code: "no_such_address",
  message: "There is nothing at this address.",
};
const NOT_JSON: Problem = {
  status: 415,
  type: "invalid_request",
  code: "json_required",
  message: "Send JSON with the header Content-Type: application/json.",
};
const BAD_JSON: Problem = {
  status: 400,
  type: "invalid_request",
  code: "malformed_json",
  message: "The body is not readable JSON.",
};
const BAD_REQUEST: Problem = {
  status: 400,
  type: "invalid_request",
  code: "malformed_request",
  message: "The request is not readable; check how its address is encoded.",
};
const TOO_LARGE: Problem = {
  status: 413,
  type: "invalid_request",
  code: "body_too_large",
  message: `The body is larger than ${BODY_MAX}.`,
};
const NOT_STORED: Problem = {
  status: 503,
  type: "internal",
  code: "storage_unavailable",
  message: "The database takes no writes just now. Read the payment, then ask again in a moment.",
  retryAfterSeconds: 5,
};
const OUR_FAULT: Problem = {
  status: 500,
  type: "internal",
  code: "internal",
  message: "Something went wrong on our side. Quote the request id when you report it.",
};

/** Path segments that open something: they are masked in logs (I23). */
function loggedPath(path: string): string {
  return path
    .replace(/\/pay\/[^/]+/i, "/pay/…")
    .replace(/\/callbacks\/.*/i, "/callbacks/…")
    .replace(/\/[0-9a-f]{32}\/[0-9a-f]{64}.*/i, "/…");
}

/** Gives every answer its Request-Id and every request one line in the log. */
function requestStory({ ids, clock, log }: HttpDeps): RequestHandler {
  return (req, res, next) => {
    const requestId = ids.row("req");
    res.locals.requestId = requestId;
    res.setHeader("Request-Id", requestId);
    const startedAt = clock.now();
    const path = loggedPath(req.path);
    res.on("finish", () => {
      const durationMs = clock.now() - startedAt;
      const quiet = path.startsWith("/assets/") || path.startsWith("/simulator/");
      if (quiet) return;
      const { method, ip } = req;
      const line = { requestId, method, path, status: res.statusCode, durationMs };
      // Nobody is locked out for guessing: who guesses is named instead.
      if (res.statusCode === 401) log.warn("request", { ...line, address: ip });
      else log.info("request", line);
    });
    next();
  };
}

/** A body of another type would be silently ignored by the parser; say so instead. */
const jsonOnly: RequestHandler = (req, res, next) => {
  const hasBody =
    req.headers["content-length"] !== "0" &&
    (req.headers["content-length"] !== undefined || req.headers["transfer-encoding"] !== undefined);
  const isJson = /^application\/json *(;|$)/i.test(req.headers["content-type"] ?? "");
  if (req.method === "POST" && JSON_PATHS.test(req.path) && hasBody && !isJson) {
    sendProblem(res, NOT_JSON);
    return;
  }
  next();
};

/** Liveness and readiness: up; able to write with migrations done, and whole (contract §8). */
function health({ store, isSound }: Pick<HttpDeps, "store" | "isSound">): Router {
  const router = express.Router();
  router.get("/healthz", (_req, res) => {
    res.json({ status: "up" });
  });
  router.get("/readyz", async (_req, res) => {
    const ready = isSound() && (await store.writable());
    res.status(ready ? 200 : 503).json({ status: ready ? "ready" : "not_ready" });
  });
  return router;
}

/** The last word: parser faults are the caller's, everything else is a bug of ours. */
function faults(log: Log): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const kind = typeof error === "object" && error !== null && "type" in error ? error.type : null;
    const status =
      typeof error === "object" && error !== null && "status" in error ? error.status : null;
    if (kind === "entity.too.large") return sendProblem(res, TOO_LARGE);
    if (kind === "charset.unsupported" || kind === "encoding.unsupported")
      return sendProblem(res, NOT_JSON);
    if (kind === "entity.parse.failed") return sendProblem(res, BAD_JSON);
    if (status === 400) return sendProblem(res, BAD_REQUEST);
    const stack = error instanceof Error ? error.stack : undefined;
    log.error("fault", { requestId: String(res.locals.requestId), stack });
    sendProblem(res, isStorageFault(error) ? NOT_STORED : OUR_FAULT);
  };
}

/** A full or failing disk is no bug of ours: SQLite names it, and asking again makes sense. */
function isStorageFault(error: unknown): boolean {
  const code: unknown = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" && /^SQLITE_(FULL|IOERR|BUSY|READONLY|CANTOPEN)/.test(code);
}
