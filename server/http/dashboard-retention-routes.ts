/** For how long a merchant keeps numbers: what is set, what the next run would take, and changing it. */
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
import { whoseChange } from "../flows/whose-change.ts";
import type { KnownMerchant, Scope } from "../ports.ts";
import { type ChoiceDeps, chosenMerchant } from "./chosen-merchant.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { STALE } from "./dashboard-settings-routes.ts";
import { fieldProblem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface RetentionRouteDeps
  extends SessionDeps,
    ChoiceDeps,
    Pick<AgeOutDeps, "ageing" | "bookmarks" | "clock" | "log"> {}

const OTHER_NAME = fieldProblem("shop", "this is not the name of your shop; look at both again");

export function retentionRoutes(deps: RetentionRouteDeps): Router {
  const router = Router();
  const { ageing, clock, log } = deps;
  router.get(
    pathOf(ROUTES.dashboardRetention),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const merchant = await chosenMerchant(deps, req);
      return "problem" in merchant ? merchant : ok(await viewOf(deps, merchant));
    }),
  );
  router.get(
    pathOf(ROUTES.dashboardRetentionCount),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const query = parse(retentionQuery, req.query);
      if (!query.ok) return refuse(query.problem);
      const merchant = await chosenMerchant(deps, req);
      if ("problem" in merchant) return merchant;
      const count = await countDue(deps, scopeOf(merchant), query.value.days);
      return ok(count satisfies RetentionCount);
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardChangeRetention),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(retentionRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const merchant = await chosenMerchant(deps, req);
      if ("problem" in merchant) return merchant;
      const { version, days, shop } = request.value;
      const before = await ageing.retentionOf(merchant.id);
      if (goesSooner(before.days, days) && shop !== merchant.name.trim()) {
        return refuse(OTHER_NAME);
      }
      const at = clock.now();
      const changed = await ageing.setRetention(merchant.id, days, version, {
        at,
        actor: session.user.id,
        action: "retention_changed",
        target: merchant.id,
        details: { ...whoseChange(merchant), from: before.days ?? "always", to: days ?? "always" },
      });
      if (!changed) return refuse(STALE);
      await waitForNight(deps, scopeOf(merchant), at);
      log.info("retention_changed", { userId: session.user.id });
      return ok(await viewOf(deps, merchant));
    }),
  );
  return router;
}

function goesSooner(before: RetentionDays | null, after: RetentionDays | null): boolean {
  return after !== null && (before === null || after < before);
}

function scopeOf({ id, environment }: KnownMerchant): Scope {
  return { merchantId: id, environment };
}

async function viewOf(deps: RetentionRouteDeps, merchant: KnownMerchant): Promise<RetentionView> {
  const [kept, ranAt] = await Promise.all([
    deps.ageing.retentionOf(merchant.id),
    lastRun(deps, scopeOf(merchant)),
  ]);
  return { ...kept, lastRunAt: ranAt === null ? null : new Date(ranAt).toISOString() };
}
