/** The dashboard's own API under /dashboard/api: sign-in, set-up, and payments to look at. */
import { json, Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import type { AuditStore, PaymentStore } from "../ports.ts";
import { shallowOnly } from "./body-depth.ts";
import { brandBody } from "./dashboard-brand-routes.ts";
import { exportRoutes } from "./dashboard-export-routes.ts";
import { dashboardGuard } from "./dashboard-guard.ts";
import { listRoutes } from "./dashboard-list-routes.ts";
import { type PeopleRouteDeps, peopleRoutes } from "./dashboard-people-routes.ts";
import { badJson, noStore, pathOf, signedIn } from "./dashboard-seams.ts";
import { type DetailDeps, NO_SUCH_PAYMENT, paymentDetail } from "./payment-detail.ts";
import { ok, refuse, route } from "./route.ts";
import { sameSiteOnly } from "./same-site.ts";

/** Sign-in and set-up are the largest bodies here, well under a kilobyte. */
const BODY_MAX = "16kb";

export interface DashboardDeps extends PeopleRouteDeps {
  readonly payments: PaymentStore;
  readonly audit: Pick<AuditStore, "append">;
  /** The routes of further rooms, behind the same parser and cross-site protection. */
  readonly rooms: readonly Router[];
  readonly detail: DetailDeps;
}

/** Every ROUTES.dashboard* route, with its own cross-site protection, guard and body parser. */
export function dashboardRoutes(deps: DashboardDeps): Router {
  const router = Router();
  router.use("/dashboard/api", noStore, sameSiteOnly(deps.publicUrl));
  router.use(dashboardGuard(deps));
  router.use(brandBody());
  router.use("/dashboard/api", json({ limit: BODY_MAX }), shallowOnly);
  router.use(peopleRoutes(deps));
  for (const room of deps.rooms) router.use(room);
  const listing = { ...deps.detail, ...deps, view: deps.detail.view };
  router.use(listRoutes(listing));
  router.use(exportRoutes(listing));
  router.get(
    pathOf(ROUTES.dashboardPayment),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const { detail } = deps;
      const found = await paymentDetail(detail, String(req.params.id), session.user);
      return found === null ? refuse(NO_SUCH_PAYMENT) : ok(found);
    }),
  );
  router.use("/dashboard/api", badJson);
  return router;
}
