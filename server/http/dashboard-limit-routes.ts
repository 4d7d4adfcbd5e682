/** A merchant's prompt limits: read by whoever sees the settings, changed by owners. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import { PROMPT_LIMIT_NAMES, type PromptLimits } from "../../shared/prompt-limits.ts";
import { type PromptLimitsView, promptLimitsRequest } from "../../shared/prompt-limits-api.ts";
import type { MerchantId } from "../core/payment.ts";
import { whoseChange } from "../flows/whose-change.ts";
import type { AuditDetails, LimitStore, Log } from "../ports.ts";
import { type ChoiceDeps, chosenMerchant } from "./chosen-merchant.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { STALE } from "./dashboard-settings-routes.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface LimitRouteDeps extends SessionDeps, ChoiceDeps {
  readonly limits: LimitStore;
  readonly log: Log;
  readonly testPhones: PromptLimitsView["testPhones"];
}

export function limitRoutes(deps: LimitRouteDeps): Router {
  const router = Router();
  const { limits, log, clock } = deps;
  const view = async (id: MerchantId) => {
    const kept = await limits.limitsOf(id);
    return ok({ ...kept, testPhones: deps.testPhones } satisfies PromptLimitsView);
  };
  router.get(
    pathOf(ROUTES.dashboardLimits),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const merchant = await chosenMerchant(deps, req);
      return "problem" in merchant ? merchant : view(merchant.id);
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardChangeLimits),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(promptLimitsRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const merchant = await chosenMerchant(deps, req);
      if ("problem" in merchant) return merchant;
      const { version, ...wanted } = request.value;
      const before = await limits.limitsOf(merchant.id);
      const changed = await limits.setLimits(merchant.id, wanted, version, {
        at: clock.now(),
        actor: session.user.id,
        action: "limits_changed",
        target: merchant.id,
        details: { ...whoseChange(merchant), ...changesOf(before.limits, wanted) },
      });
      if (!changed) return refuse(STALE);
      log.info("limits_changed", { userId: session.user.id });
      return view(merchant.id);
    }),
  );
  return router;
}

/** "3 → 2" for each that is another than before. */
function changesOf(before: PromptLimits, after: PromptLimits): AuditDetails {
  return Object.fromEntries(
    PROMPT_LIMIT_NAMES.filter((name) => before[name] !== after[name]).map((name) => [
      name,
      `${before[name]} → ${after[name]}`,
    ]),
  );
}
