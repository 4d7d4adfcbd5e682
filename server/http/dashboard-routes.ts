/** The dashboard's own API under /dashboard/api: sign-in, set-up, and payments to look at. */
import { json, Router } from "express";
import { type DashboardPayment, type DashboardPaymentDetail, ROUTES } from "../../shared/api.ts";
import type { Environment } from "../../shared/words.ts";
import type { MerchantId, PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import type { PaymentStore, StoredTimelineLine } from "../ports.ts";
import { dashboardGuard } from "./dashboard-guard.ts";
import { listRoutes } from "./dashboard-list-routes.ts";
import { type PeopleRouteDeps, peopleRoutes } from "./dashboard-people-routes.ts";
import { badJson, noStore, pathOf, signedIn } from "./dashboard-seams.ts";
import type { Problem } from "./problem.ts";
import { ok, refuse, route } from "./route.ts";
import { sameSiteOnly } from "./same-site.ts";

/** Sign-in and set-up are the largest bodies here, well under a kilobyte. */
const BODY_MAX = "16kb";
const PAYMENT_ID = /^pay_[0-9a-f]{32}$/;

export interface DashboardDeps extends PeopleRouteDeps {
  readonly payments: PaymentStore;
  readonly merchantId: MerchantId;
  readonly environment: Environment;
  /** The routes of further rooms, behind the same parser and cross-site protection. */
  readonly rooms: readonly Router[];
  /** The payment as a signed-in person may see it: no token, no full phone number. */
  readonly view: (payment: PaymentWithAttempts) => DashboardPayment;
}

const NO_SUCH_PAYMENT: Problem = {
  status: 404,
  type: "not_found",
  code: "payment_not_found",
  message: "there is no payment with this id",
};

/** Every ROUTES.dashboard* route, with its own cross-site protection, guard and body parser. */
export function dashboardRoutes(deps: DashboardDeps): Router {
  const router = Router();
  router.use("/dashboard/api", noStore, sameSiteOnly(deps.publicUrl));
  router.use(dashboardGuard(deps));
  router.use("/dashboard/api", json({ limit: BODY_MAX }));
  router.use(peopleRoutes(deps));
  for (const room of deps.rooms) router.use(room);
  router.use(listRoutes(deps));
  router.get(
    pathOf(ROUTES.dashboardPayment),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const detail = await paymentDetail(deps, String(req.params.id));
      return detail === null ? refuse(NO_SUCH_PAYMENT) : ok(detail);
    }),
  );
  router.use("/dashboard/api", badJson);
  return router;
}

async function paymentDetail(
  deps: DashboardDeps,
  id: string,
): Promise<DashboardPaymentDetail | null> {
  if (!PAYMENT_ID.test(id)) return null;
  const found = await deps.payments.load(id as PaymentId);
  if (found === null) return null;
  const { payment } = found;
  if (payment.merchantId !== deps.merchantId || payment.environment !== deps.environment) {
    return null;
  }
  const lines = await deps.payments.timeline(payment.id);
  return { payment: deps.view(found), timeline: lines.map(timelineEntry) };
}

function timelineEntry(line: StoredTimelineLine): DashboardPaymentDetail["timeline"][number] {
  return {
    id: line.id,
    at: new Date(line.at).toISOString(),
    kind: line.kind,
    attemptId: line.attemptId,
    from: line.from,
    to: line.to,
    status: line.status,
    detail: line.detail,
  };
}
