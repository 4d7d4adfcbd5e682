/** The merchants of this installation: everybody's to see, the owners' to add and to pause. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import {
  addMerchantRequest,
  credentialsRequest,
  type MerchantsView,
  type MerchantView,
  pauseMerchantRequest,
} from "../../shared/merchants-api.ts";
import {
  type AddMerchantDeps,
  addMerchant,
  changeCredentials,
  type NotKept,
} from "../flows/add-merchant.ts";
import type { KnownMerchant, MerchantStore } from "../ports.ts";
import { type ChoiceDeps, NO_SUCH_MERCHANT, ownMerchant } from "./chosen-merchant.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { STALE } from "./dashboard-settings-routes.ts";
import { fieldProblem, type Problem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface MerchantsRouteDeps extends SessionDeps, ChoiceDeps, AddMerchantDeps {
  readonly merchant: ChoiceDeps["merchant"] & AddMerchantDeps["merchant"];
  readonly merchants: MerchantStore;
  readonly viewMerchant: (merchant: KnownMerchant) => MerchantView;
}

/** A merchant as people see it; the environment knows the default one's till. */
export function merchantViews(defaultTill: string | null) {
  return (merchant: KnownMerchant): MerchantView => {
    const { id, name, shortcode, origin, pausedAt } = merchant;
    const till = origin === "default" ? defaultTill : merchant.till;
    return {
      ...{ id, name, shortcode, till, origin },
      kind: till === null ? "paybill" : "till",
      pausedAt: pausedAt === null ? null : new Date(pausedAt).toISOString(),
    };
  };
}

/** Reading, adding, pausing and resuming. */
export function merchantsRoutes(deps: MerchantsRouteDeps): Router {
  const router = Router();
  router.get(
    pathOf(ROUTES.dashboardMerchants),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(await merchantsView(deps));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardAddMerchant),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(addMerchantRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { kind, till, credentials, pull, ...wish } = request.value;
      const full = {
        ...wish,
        till: kind === "till" ? (till ?? null) : null,
        credentials: credentials ?? null,
        pull: pull && kind === "paybill" ? ("asked" as const) : ("off" as const),
      };
      const added = await addMerchant(deps, full, session.user.id);
      if (added.kind !== "added") return refuse(notKeptProblem(added));
      return { status: 201, body: await merchantsView(deps) };
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardMerchantCredentials),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(credentialsRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const found = await ownMerchant(deps, String(req.params.id));
      if (found === null) return refuse(NO_SUCH_MERCHANT);
      const changed = await changeCredentials(deps, found, request.value, session.user.id);
      if (changed.kind !== "changed") return refuse(notKeptProblem(changed));
      return ok(await merchantsView(deps));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardPauseMerchant),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(pauseMerchantRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const found = await ownMerchant(deps, String(req.params.id));
      if (found === null) return refuse(NO_SUCH_MERCHANT);
      const { paused } = request.value;
      const at = deps.clock.now();
      const set = await deps.merchants.setPaused(found.id, paused ? at : null, {
        at,
        actor: session.user.id,
        action: paused ? "merchant_paused" : "merchant_resumed",
        target: found.id,
        details: { name: found.name },
      });
      if (!set) return refuse(STALE);
      deps.log.info(paused ? "merchant_paused" : "merchant_resumed", {
        userId: session.user.id,
        merchantId: found.id,
      });
      return ok(await merchantsView(deps));
    }),
  );
  return router;
}

async function merchantsView({
  merchants,
  merchant,
  viewMerchant,
}: MerchantsRouteDeps): Promise<MerchantsView> {
  return { merchants: (await merchants.ofEnvironment(merchant.environment)).map(viewMerchant) };
}

/** Beside the field that is at fault. */
function notKeptProblem(because: NotKept): Problem {
  switch (because.kind) {
    case "taken":
      return coded("merchant_taken", "shortcode", "a merchant with this number is here already");
    case "credentials_missing":
      return coded("credentials_missing", "consumerKey", "a merchant needs its M-Pesa credentials");
    case "credentials_unwanted":
      return coded(
        "credentials_unwanted",
        "consumerKey",
        "this merchant takes no credentials here",
      );
    case "till_is_store":
      return coded(
        "till_is_store",
        "shortcode",
        "this is the till number again; the store number is another one, given at go-live",
      );
    case "of_sandbox":
      return coded("of_sandbox", because.what, "this is the public sandbox's; use your own");
    case "refused":
      return coded("credentials_refused", "consumerKey", `M-Pesa refused them: ${because.detail}`);
    case "unreachable":
      return {
        status: 409,
        type: "provider",
        code: "mpesa_unreachable",
        message: `M-Pesa could not be asked, so nothing was kept: ${because.detail}`,
      };
  }
}

function coded(code: string, param: string, message: string): Problem {
  return { ...fieldProblem(param, message), code };
}
