/** Who may enter the dashboard: session, sign-in, sign-out, set-up. */
import { type Request, type Response, Router } from "express";
import { ROUTES, type SessionView, setUpRequest, signInRequest } from "../../shared/api.ts";
import type { Environment } from "../../shared/words.ts";
import { type SetUpGate, setUp } from "../flows/set-up.ts";
import { signIn } from "../flows/sign-in.ts";
import { signInThrottle } from "../flows/sign-in-throttle.ts";
import type { Ids, Log, User } from "../ports.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import type { Problem } from "./problem.ts";
import { type Answer, ok, parse, refuse, route } from "./route.ts";
import { clearedCookie, openSession, type SessionDeps, sessionOf } from "./sessions.ts";

export interface PeopleRouteDeps extends SessionDeps {
  readonly ids: Ids;
  readonly log: Log;
  readonly gate: SetUpGate;
  readonly merchantName: string;
  readonly environment: Environment;
  /** Cuts the sockets of a session that has ended. */
  readonly onSessionEnded: (idHash: string) => void;
}

const WRONG_CREDENTIALS: Problem = {
  status: 401,
  type: "authentication",
  code: "wrong_credentials",
  message: "this e-mail address and password do not fit together",
};

/** Sign-in, sign-out, set-up and the session's own view. */
export function peopleRoutes(deps: PeopleRouteDeps): Router {
  const router = Router();
  const throttle = signInThrottle(() => deps.clock.now());
  router.get(
    pathOf(ROUTES.dashboardSession),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(sessionView(deps, session.user));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardSignIn),
    route(async (req, res) => {
      const request = parse(signInRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const outcome = await signIn({ ...deps, throttle }, request.value, req.ip ?? "");
      switch (outcome.kind) {
        case "signed_in":
          return enter(deps, req, res, outcome.user);
        case "wrong":
          return refuse(WRONG_CREDENTIALS);
        case "throttled":
          return refuse(tooManyTries(outcome.retryAfterSeconds));
      }
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardSignOut),
    route(async (req, res) => {
      await leave(deps, req);
      res.append("Set-Cookie", clearedCookie(deps.publicUrl));
      return { status: 204, body: null };
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardSetUp),
    route(async (req, res) => {
      const request = parse(setUpRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const outcome = await setUp(deps, request.value);
      switch (outcome.kind) {
        case "created":
          return enter(deps, req, res, outcome.user);
        case "done_before":
          return refuse(SET_UP_DONE);
        case "wrong_token":
          return refuse(WRONG_TOKEN);
      }
    }),
  );
  return router;
}

const SET_UP_DONE: Problem = {
  status: 409,
  type: "conflict",
  code: "set_up_done",
  message: "this installation has its owner already; sign in instead",
};
const WRONG_TOKEN: Problem = {
  status: 403,
  type: "permission",
  code: "set_up_token_wrong",
  message: "this set-up link is not valid any more; use the one the server printed last",
};

/** Opens a session and hands over its cookie; whatever session the browser had before ends. */
async function enter(
  deps: PeopleRouteDeps,
  req: Request,
  res: Response,
  user: User,
): Promise<Answer> {
  await leave(deps, req);
  res.append("Set-Cookie", await openSession(deps, user.id));
  return ok(sessionView(deps, user));
}

async function leave(deps: PeopleRouteDeps, req: Request): Promise<void> {
  const session = await sessionOf(deps, req);
  if (session === null) return;
  await deps.people.endSession(session.idHash);
  deps.onSessionEnded(session.idHash);
  deps.log.info("signed_out", { userId: session.user.id });
}

function sessionView(deps: PeopleRouteDeps, user: User): SessionView {
  return {
    user: { email: user.email, role: user.role },
    environment: deps.environment,
    merchantName: deps.merchantName,
  };
}

/** 429 that says in minutes when to come back. */
export function tooManyTries(retryAfterSeconds: number): Problem {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / 60));
  return {
    status: 429,
    type: "rate_limited",
    code: "too_many_tries",
    message: `too many tries; try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`,
    retryAfterSeconds,
  };
}
