/** One's own sessions and password. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import { changePasswordRequest, type SessionList } from "../../shared/people-api.ts";
import {
  changePassword,
  endOwnSession,
  endSessionsOf,
  type Seat,
  type SessionEndDeps,
  sessionName,
} from "../flows/end-sessions.ts";
import type { AskPassword } from "./confirmation.ts";
import { toTheHour } from "./dashboard-person-routes.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { noBody } from "./no-body.ts";
import type { Problem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps, SignedIn } from "./sessions.ts";

export interface SessionRouteDeps extends SessionDeps, SessionEndDeps {
  readonly askPassword: AskPassword;
}

const NO_SUCH_SESSION: Problem = {
  status: 404,
  type: "not_found",
  code: "session_not_found",
  message: "there is no such session of yours; it may have ended already",
};

export function sessionRoutes(deps: SessionRouteDeps): Router {
  const router = Router();
  router.get(
    pathOf(ROUTES.dashboardSessions),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(await sessionList(deps, seatOf(session)));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardEndOtherSessions),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      await endSessionsOf(deps, session.user.id, session.idHash, session.user.id);
      return ok(await sessionList(deps, seatOf(session)));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardEndSession),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const outcome = await endOwnSession(deps, seatOf(session), String(req.params.id));
      if (outcome === "unknown") return refuse(NO_SUCH_SESSION);
      return ok(await sessionList(deps, seatOf(session)));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardPassword),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(changePasswordRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { password, next } = request.value;
      const problem = await deps.askPassword(session.user, password, req);
      if (problem !== null) return problem;
      await changePassword(deps, seatOf(session), next);
      return ok(await sessionList(deps, seatOf(session)));
    }),
  );
  return router;
}

function seatOf({ user, idHash }: SignedIn): Seat {
  return { userId: user.id, idHash };
}

async function sessionList({ people, clock }: SessionRouteDeps, seat: Seat): Promise<SessionList> {
  const sessions = await people.sessionsOf(seat.userId, clock.now());
  return {
    sessions: sessions.map((session) => ({
      id: sessionName(session),
      device: session.device,
      createdAt: new Date(session.createdAt).toISOString(),
      lastUsedAt: toTheHour(session.usedAt),
      isThis: session.id === seat.idHash,
    })),
  };
}
