/** Who may enter the dashboard: session, sign-in, sign-out, set-up. */
import { Router } from "express";
import { ROUTES, setUpRequest, signInRequest } from "../../shared/api.ts";
import { setUpTicket } from "../../shared/people-api.ts";
import { type SetUpGate, setUp, whyNoSetUp } from "../flows/set-up.ts";
import { type SignInDeps, signIn } from "../flows/sign-in.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { type EnteringDeps, enter, leave, sessionView } from "./entering.ts";
import { knownDevice } from "./known-devices.ts";
import { noBody } from "./no-body.ts";
import { type Problem, tooManyTries } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import { clearedCookie } from "./sessions.ts";

export interface PeopleRouteDeps extends EnteringDeps, SignInDeps {
  readonly seal: SignInDeps["seal"];
  readonly gate: SetUpGate;
}

const WRONG_CREDENTIALS: Problem = {
  status: 401,
  type: "authentication",
  code: "wrong_credentials",
  message: "this e-mail address and password do not fit together",
};

/** The password was right: the page asks for the code and sends all three. */
const CODE_WANTED: Problem = {
  status: 401,
  type: "authentication",
  code: "code_wanted",
  message: "prove yourself by your second factor as well",
  param: "code",
};
const WRONG_CODE: Problem = {
  status: 401,
  type: "authentication",
  code: "wrong_code",
  message: "this code is not right, or it was used already",
  param: "code",
};

/** Sign-in, sign-out, set-up and the session's own view. */
export function peopleRoutes(deps: PeopleRouteDeps): Router {
  const router = Router();
  router.get(
    pathOf(ROUTES.dashboardSession),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(await sessionView(deps, session.user));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardSignIn),
    route(async (req, res) => {
      const request = parse(signInRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { email } = request.value;
      const device = knownDevice(deps, req.headers.cookie, email);
      const place = { address: req.ip ?? "", device };
      const outcome = await signIn(deps, request.value, place);
      switch (outcome.kind) {
        case "signed_in":
          return enter(deps, req, res, outcome.user);
        case "wrong":
          return refuse(WRONG_CREDENTIALS);
        case "code_wanted":
          return refuse({ ...CODE_WANTED, factors: outcome.factors });
        case "wrong_code":
          return refuse(WRONG_CODE);
        case "throttled":
          return refuse(tooManyTries(outcome.retryAfterSeconds));
      }
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardSignOut),
    noBody,
    route(async (req, res) => {
      await leave(deps, req);
      res.append("Set-Cookie", clearedCookie(deps.publicUrl));
      return { status: 204, body: null };
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardSetUp),
    route(async (req, res) => {
      // Open to everybody for as long as the server runs: no reading on behalf of a stranger.
      const ticket = parse(setUpTicket, req.body);
      if (!ticket.ok) return refuse(ticket.problem);
      const why = await whyNoSetUp(deps, ticket.value.token);
      if (why !== null) return refuse(NO_SET_UP[why]);
      const request = parse(setUpRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const outcome = await setUp(deps, request.value);
      return outcome.kind === "created"
        ? enter(deps, req, res, outcome.user)
        : refuse(NO_SET_UP[outcome.kind]);
    }),
  );
  return router;
}

const NO_SET_UP: Readonly<Record<"done_before" | "wrong_token", Problem>> = {
  done_before: {
    status: 409,
    type: "conflict",
    code: "set_up_done",
    message: "this installation has its owner already; sign in instead",
  },
  wrong_token: {
    status: 403,
    type: "permission",
    code: "set_up_token_wrong",
    message: "this set-up link is not valid any more; use the one the server printed last",
  },
};
