/** For how long numbers are kept: what is set, what the next run would take, and changing it. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import {
  type RetentionCount,
  type RetentionView,
  retentionQuery,
  retentionRequest,
} from "../../shared/privacy-api.ts";
import type { RetentionDays } from "../../shared/retention-words.ts";
import { type AgeOutDeps, countDue, lastRun, waitForNight } from "../flows/age-out.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { STALE } from "./dashboard-settings-routes.ts";
import { fieldProblem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface RetentionRouteDeps extends SessionDeps, Omit<AgeOutDeps, "audit"> {
  readonly merchantName: () => Promise<string>;
}

const OTHER_NAME = fieldProblem("shop", "this is not the name of your shop; look at both again");

export function retentionRoutes(deps: RetentionRouteDeps): Router {
  const router = Router();
  const { ageing, scope, clock, log } = deps;
  router.get(
    pathOf(ROUTES.dashboardRetention),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(await viewOf(deps));
    }),
  );
  router.get(
    pathOf(ROUTES.dashboardRetentionCount),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const query = parse(retentionQuery, req.query);
      if (!query.ok) return refuse(query.problem);
      return ok((await countDue(deps, query.value.days)) satisfies RetentionCount);
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardChangeRetention),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(retentionRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { version, days, shop } = request.value;
      const before = await ageing.retentionOf(scope.merchantId);
      if (goesSooner(before.days, days) && shop !== (await deps.merchantName()).trim()) {
        return refuse(OTHER_NAME);
      }
      const at = clock.now();
      const changed = await ageing.setRetention(scope.merchantId, days, version, {
        at,
        actor: session.user.id,
        action: "retention_changed",
        target: scope.merchantId,
        details: { from: before.days ?? "always", to: days ?? "always" },
      });
      if (!changed) return refuse(STALE);
      await waitForNight(deps, at);
      log.info("retention_changed", { userId: session.user.id });
      return ok(await viewOf(deps));
    }),
  );
  return router;
}

function goesSooner(before: RetentionDays | null, after: RetentionDays | null): boolean {
  return after !== null && (before === null || after < before);
}

async function viewOf(deps: RetentionRouteDeps): Promise<RetentionView> {
  const [kept, ranAt] = await Promise.all([
    deps.ageing.retentionOf(deps.scope.merchantId),
    lastRun(deps),
  ]);
  return { ...kept, lastRunAt: ranAt === null ? null : new Date(ranAt).toISOString() };
}
