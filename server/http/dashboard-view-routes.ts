/** A person's saved views; another person's do not exist here. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import { masked } from "../../shared/redaction.ts";
import { VIEWS_MAX } from "../../shared/view-limits.ts";
import { saveViewRequest, type ViewList } from "../../shared/views-api.ts";
import type { UserId } from "../core/payment.ts";
import type { AuditEntry, Ids, ViewStore } from "../ports.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { noBody } from "./no-body.ts";
import { fieldProblem, type Problem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";
import { viewQueryFault } from "./view-query.ts";

export interface ViewRouteDeps extends SessionDeps {
  readonly views: ViewStore;
  readonly ids: Ids;
}

const NO_SUCH_VIEW: Problem = {
  status: 404,
  type: "not_found",
  code: "view_not_found",
  message: "there is no such view of yours; it may be deleted already",
};
const NO_PLACE: Problem = {
  status: 409,
  type: "conflict",
  code: "views_full",
  message: `you have ${VIEWS_MAX} views; delete one first`,
};

export function viewRoutes(deps: ViewRouteDeps): Router {
  const router = Router();
  const { views, ids, clock } = deps;
  const list = async (userId: UserId) =>
    ok({ views: [...(await views.of(userId))] } satisfies ViewList);
  const noted = (
    actor: UserId,
    action: "view_saved" | "view_deleted",
    name: string,
  ): AuditEntry => {
    // A name is free text: what looks like a number or a token stays out of the log.
    return { at: clock.now(), actor, action, target: null, details: { name: masked(name) } };
  };
  router.get(
    pathOf(ROUTES.dashboardViews),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : list(session.user.id);
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardSaveView),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(saveViewRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const fault = viewQueryFault(request.value.query);
      if (fault !== null) return refuse(fieldProblem("query", fault));
      const userId = session.user.id;
      const view = { id: ids.row("viw"), userId, createdAt: clock.now(), ...request.value };
      switch (await views.save(view, noted(userId, "view_saved", view.name))) {
        case "saved":
          return list(userId);
        case "full":
          return refuse(NO_PLACE);
        case "gone":
          return refuse(NO_SUCH_VIEW);
      }
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardDeleteView),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const { id: userId } = session.user;
      const view = (await views.of(userId)).find(({ id }) => id === req.params.id);
      if (view === undefined) return refuse(NO_SUCH_VIEW);
      const removed = await views.remove(userId, view.id, noted(userId, "view_deleted", view.name));
      return removed ? list(userId) : refuse(NO_SUCH_VIEW);
    }),
  );
  return router;
}
