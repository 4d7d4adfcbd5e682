/**
 * The one door of /dashboard/api: asks the table of entrances before a route runs. What the table
 * does not list ends here, so a route that somebody forgot there is missing, not open.
 */
import { type RequestHandler, Router } from "express";
import { type DashboardRoute, ROUTES } from "../../shared/api.ts";
import { may, type Permission, rolesThatMay, type UserRole } from "../../shared/permissions.ts";
import { signedIn } from "./dashboard-seams.ts";
import { ENTRANCES, type Entrance } from "./entrances.ts";
import { type Problem, sendProblem } from "./problem.ts";
import { keepSession, type SessionDeps } from "./sessions.ts";
import { type StepUpDeps, stepUpProblem } from "./step-up.ts";

const NOTHING_HERE: Problem = {
  status: 404,
  type: "not_found",
  code: "no_such_address",
  message: "There is nothing at this address.",
};

/** Guards every ROUTES.dashboard* route; mount it before them. */
export function dashboardGuard(deps: SessionDeps & StepUpDeps): Router {
  const router = Router();
  for (const name of exactFirst(Object.keys(ENTRANCES) as DashboardRoute[])) {
    const [method = "", path = ""] = ROUTES[name].split(" ");
    const guard = guardOf(deps, name);
    switch (method) {
      case "GET":
        router.get(path, guard);
        break;
      case "POST":
        router.post(path, guard);
        break;
      default:
        throw new TypeError(`the dashboard speaks GET and POST, and ${name} is ${method}`);
    }
  }
  router.use("/dashboard/api", (_req, res) => sendProblem(res, NOTHING_HERE));
  return router;
}

/** The first that fits decides: `payments/totals` must not be taken for the id of a payment. */
function exactFirst(names: readonly DashboardRoute[]): readonly DashboardRoute[] {
  const isExact = (name: DashboardRoute) => !ROUTES[name].includes(":");
  return [...names.filter(isExact), ...names.filter((name) => !isExact(name))];
}

function guardOf(deps: SessionDeps & StepUpDeps, name: DashboardRoute): RequestHandler {
  const entrance: Entrance = ENTRANCES[name];
  return async (req, res, next) => {
    if (entrance === "everybody") return next("router");
    const session = await signedIn(deps, req);
    if ("problem" in session) return sendProblem(res, session.problem);
    if (entrance !== "signed_in" && !may(session.user.role, entrance)) {
      return sendProblem(res, notAllowed(entrance));
    }
    const unproved = await stepUpProblem(deps, name, session);
    if (unproved !== null) return sendProblem(res, unproved);
    keepSession(req, session);
    next("router");
  };
}

const PLURALS: Readonly<Record<UserRole, string>> = {
  owner: "owners",
  manager: "managers",
  operator: "operators",
  viewer: "viewers",
};

/** 403 for a role that lacks a permission. */
export function notAllowed(permission: Permission): Problem {
  return onlyFor(rolesThatMay(permission));
}

/** 403 that says whose role may do it. */
export function onlyFor(roles: readonly UserRole[]): Problem {
  const names = roles.map((role) => PLURALS[role]);
  const all = [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");
  const ask = roles.length === 1 ? `ask an ${roles[0]}` : "ask one of them";
  return {
    status: 403,
    type: "permission",
    code: "not_allowed",
    message: `only ${all} may do this; ${ask}`,
    roles,
  };
}
