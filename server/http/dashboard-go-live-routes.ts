/** The way to real money: the list of steps, and the two trials that a person may start. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import type { TrialAnswer } from "../../shared/go-live-api.ts";
import { type GoLiveDeps, goLiveView, noteProof, type Trial } from "../flows/go-live.ts";
import { type WalkDeps, walkOut } from "../flows/walk-out.ts";
import type { DarajaApps, Log } from "../ports.ts";
import { chosenMerchant } from "./chosen-merchant.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { noBody } from "./no-body.ts";
import { type Answer, ok, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface GoLiveRouteDeps extends SessionDeps, GoLiveDeps, WalkDeps {
  readonly log: Log;
  readonly apps: DarajaApps;
}

/** Reading for everybody who is let in; trials for whom the guard lets try. */
export function goLiveRoutes(deps: GoLiveRouteDeps): Router {
  const router = Router();
  router.get(
    pathOf(ROUTES.dashboardGoLive),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const merchant = await chosenMerchant(deps, req);
      return "problem" in merchant ? merchant : ok(await goLiveView({ ...deps, merchant }));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardTryCallback),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const merchant = await chosenMerchant(deps, req);
      if ("problem" in merchant) return merchant;
      const walked = await walkOut(deps, deps.callbackBase());
      const detail = walked.kind === "passed" ? "" : walked.detail;
      return trialled({ ...deps, merchant }, "callback", walked.kind, detail);
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardTryCredentials),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const merchant = await chosenMerchant(deps, req);
      if ("problem" in merchant) return merchant;
      const { daraja } = await deps.apps.of(merchant.id);
      const ready = await daraja.ready();
      if (ready.ok) return trialled({ ...deps, merchant }, "credentials", "passed", "");
      const result = ready.cause === "network" ? "unreachable" : "refused";
      return trialled({ ...deps, merchant }, "credentials", result, ready.description);
    }),
  );
  return router;
}

async function trialled(
  deps: GoLiveRouteDeps,
  trial: Trial,
  result: TrialAnswer["result"],
  detail: string,
): Promise<Answer> {
  if (result === "passed") await noteProof(deps, trial);
  deps.log.info("trial", { kind: trial, cause: result });
  const answer: TrialAnswer = { result, detail, view: await goLiveView(deps) };
  return ok(answer);
}
