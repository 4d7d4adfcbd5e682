/** What the handset page calls: read the prompts, watch them, answer one. */
import { json, type NextFunction, type Request, type Response, Router } from "express";
import { z } from "zod";
import { HANDSET_ACTIONS, type HandsetState } from "../../shared/handset-view.ts";
import { fieldProblem, type Problem, sendProblem } from "../http/problem.ts";
import { parse } from "../http/route.ts";
import type { Desk } from "./handset-desk.ts";
import type { Stage } from "./stage.ts";

/** One page is one watcher; more than this is a mistake. */
const WATCHERS_MAX = 100;
/** Keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 20_000;

/** The PIN is looked at here, for its shape, and goes no further: never kept, never logged. */
const answerRequest = z.strictObject({
  action: z.enum(HANDSET_ACTIONS, `action must be one of ${HANDSET_ACTIONS.join(", ")}`),
  pin: z
    .string("pin must be text of four digits")
    .regex(/^\d{4}$/, "pin must be four digits")
    .optional(),
});

const GONE: Problem = {
  status: 404,
  type: "not_found",
  code: "prompt_not_found",
  message: "This prompt is no longer on the phone.",
};
const BUSY: Problem = {
  status: 409,
  type: "conflict",
  code: "prompt_answered",
  message: "This prompt was answered already.",
};
const TOO_MANY: Problem = {
  status: 429,
  type: "rate_limited",
  code: "too_many_watchers",
  message: `At most ${WATCHERS_MAX} handset pages can watch at once; close some.`,
};

/** Routes under `/handset`. JSON only, so that no other site's page can post here unasked. */
export function handsetRouter(desk: Desk, stage: Stage): Router {
  const router = Router();
  router.get("/prompts", (_req, res) => {
    res.set("Cache-Control", "no-store").json(desk.state());
  });
  router.get("/events", (req, res) => stream(desk, req, res));
  router.post("/prompts/:id/answer", json({ limit: "4kb" }), (req, res) => {
    const problem = answer(stage, req);
    if (problem === null) res.json(desk.state());
    else sendProblem(res, problem);
  });
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (!(error instanceof Error && "status" in error)) return next(error);
    sendProblem(res, fieldProblem("", "the body must be JSON"));
  });
  return router;
}

function answer(stage: Stage, req: Request): Problem | null {
  if (!req.is("application/json")) {
    return fieldProblem("", "send JSON with Content-Type: application/json");
  }
  const request = parse(answerRequest, req.body);
  if (!request.ok) return request.problem;
  switch (stage.act(String(req.params.id), request.value.action)) {
    case "done":
      return null;
    case "gone":
      return GONE;
    case "busy":
      return BUSY;
  }
}

/** Server-Sent Events: the whole state at once and after every change. */
function stream(desk: Desk, req: Request, res: Response): void {
  if (desk.watchers() >= WATCHERS_MAX) {
    sendProblem(res, TOO_MANY);
    return;
  }
  res.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    Connection: "close",
  });
  const tell = (state: HandsetState) => res.write(`data: ${JSON.stringify(state)}\n\n`);
  tell(desk.state());
  const stop = desk.watch(tell, () => res.end());
  const heartbeat = setInterval(() => res.write(": still here\n\n"), HEARTBEAT_MS);
  heartbeat.unref();
  req.on("close", () => {
    clearInterval(heartbeat);
    stop();
  });
}
