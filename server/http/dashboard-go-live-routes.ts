/** The way to real money: the list of steps, and the two trials that a person may start. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import type { TrialAnswer } from "../../shared/go-live-api.ts";
import { type GoLiveDeps, goLiveView, noteProof, type Trial } from "../flows/go-live.ts";
import { type WalkDeps, walkOut } from "../flows/walk-out.ts";
import type { Daraja, Log } from "../ports.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { type Answer, ok, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface GoLiveRouteDeps extends SessionDeps, GoLiveDeps, WalkDeps {
  readonly log: Log;
  readonly daraja: Pick<Daraja, "ready">;
}

/** Reading for everybody who is let in; trials for whom the guard lets try. */
export function goLiveRoutes(deps: GoLiveRouteDeps): Router {
  const router = Router();
  router.get(
    pathOf(ROUTES.dashboardGoLive),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(await goLiveView(deps));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardTryCallback),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const walked = await walkOut(deps, deps.callbackBase());
      const detail = walked.kind === "passed" ? "" : walked.detail;
      return trialled(deps, "callback", walked.kind, detail);
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardTryCredentials),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const ready = await deps.daraja.ready();
      if (ready.ok) return trialled(deps, "credentials", "passed", "");
      const result = ready.cause === "network" ? "unreachable" : "refused";
      return trialled(deps, "credentials", result, ready.description);
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
