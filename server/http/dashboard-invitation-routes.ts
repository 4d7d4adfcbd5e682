/** Invitations: making and revoking one, and the two steps of whoever holds its link. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import {
  type InviteAnswer,
  inviteRequest,
  joinRequest,
  type ReadInvitationAnswer,
  readInvitationRequest,
} from "../../shared/people-api.ts";
import { invitationLink, invitationOf, invite, join, revokeInvitation } from "../flows/invite.ts";
import type { AskPassword } from "./confirmation.ts";
import { aboveYou, peopleView } from "./dashboard-person-routes.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { type EnteringDeps, enter } from "./entering.ts";
import { noBody } from "./no-body.ts";
import type { Problem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";

export interface InvitationRouteDeps extends EnteringDeps {
  readonly askPassword: AskPassword;
}

const GONE: Problem = {
  status: 404,
  type: "not_found",
  code: "invitation_gone",
  message: "this invitation is used, revoked or older than three days; ask for another one",
};
const HERE_ALREADY: Problem = {
  status: 409,
  type: "conflict",
  code: "here_already",
  message: "somebody with this e-mail address can sign in already",
  param: "email",
};

export function invitationRoutes(deps: InvitationRouteDeps): Router {
  const router = Router();
  router.post(
    pathOf(ROUTES.dashboardInvite),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(inviteRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { email, role, password } = request.value;
      const problem = await deps.askPassword(session.user, password, req);
      if (problem !== null) return problem;
      const outcome = await invite(deps, session.user, { email, role });
      switch (outcome.kind) {
        case "invited": {
          const link = invitationLink(deps.publicUrl, outcome.token);
          const people = await peopleView(deps, session.user);
          return { status: 201, body: { link, people } satisfies InviteAnswer };
        }
        case "above":
          return refuse(aboveYou(outcome.role));
        case "here_already":
          return refuse(HERE_ALREADY);
      }
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardRevokeInvitation),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const outcome = await revokeInvitation(deps, session.user, String(req.params.id));
      switch (outcome.kind) {
        case "revoked":
          return ok(await peopleView(deps, session.user));
        case "above":
          return refuse(aboveYou(outcome.role));
        case "gone":
          return refuse(GONE);
      }
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardReadInvitation),
    route(async (req) => {
      const request = parse(readInvitationRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const invitation = await invitationOf(deps, request.value.token);
      if (invitation === null) return refuse(GONE);
      const { email, role, expiresAt } = invitation;
      const ends = new Date(expiresAt).toISOString();
      const merchantName = await deps.merchantName();
      const answer = { email, role, merchantName, expiresAt: ends };
      return ok(answer satisfies ReadInvitationAnswer);
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardJoin),
    route(async (req, res) => {
      const request = parse(joinRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const outcome = await join(deps, request.value);
      switch (outcome.kind) {
        case "joined":
          return enter(deps, req, res, outcome.user);
        case "gone":
          return refuse(GONE);
        case "here_already":
          return refuse(HERE_ALREADY);
      }
    }),
  );
  return router;
}
