/** The checkout's look: read by whoever sees the settings, changed as the guard allows. */
import { createHash } from "node:crypto";
import { json, Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import { type BrandRequest, type BrandView, brandRequest } from "../../shared/brand-api.ts";
import { LOGO_MAX_BYTES, type LogoFault } from "../../shared/brand-rules.ts";
import { readLogo } from "../core/logo-image.ts";
import type { AuditDetails, BrandStore, KnownMerchant, Log } from "../ports.ts";
import { type ChoiceDeps, chosenMerchant } from "./chosen-merchant.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { STALE } from "./dashboard-settings-routes.ts";
import { logoAddress } from "./logo-route.ts";
import { fieldProblem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface BrandDeps extends SessionDeps, ChoiceDeps {
  readonly brands: BrandStore;
  readonly log: Log;
}

/** A logo in base64 with its words around it; a larger body is refused unread. */
const BODY_MAX = "128kb";

const LOGO_WORDS: Readonly<Record<LogoFault, string>> = {
  logo_kind: "the logo must be a whole PNG, JPEG or WebP picture",
  logo_large: `the logo is larger than ${LOGO_MAX_BYTES / 1024} KB`,
  logo_pixels: "the logo must be 32 to 1024 pixels a side",
  logo_shape: "the logo must be nearly square",
};

/** Before the parser of all other rooms, whose limit is smaller; behind the guard like them. */
export function brandBody(): Router {
  return Router().post(pathOf(ROUTES.dashboardChangeBrand), json({ limit: BODY_MAX }));
}

export function brandRoutes(deps: BrandDeps): Router {
  const router = Router();
  const { brands, log } = deps;
  router.get(
    pathOf(ROUTES.dashboardBrand),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const merchant = await chosenMerchant(deps, req);
      return "problem" in merchant ? merchant : ok(brandView(merchant));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardChangeBrand),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(brandRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { version, name, accent } = request.value;
      const logo = logoOf(request.value.logo);
      if (typeof logo !== "string" && "fault" in logo) {
        const problem = fieldProblem("logo", LOGO_WORDS[logo.fault]);
        return refuse({ ...problem, code: logo.fault });
      }
      const before = await chosenMerchant(deps, req);
      if ("problem" in before) return before;
      const changed = await brands.setBrand(before.id, { name, accent, logo }, version, {
        at: deps.clock.now(),
        actor: session.user.id,
        action: "brand_changed",
        target: before.id,
        details: changesOf(before, request.value),
      });
      if (!changed) return refuse(STALE);
      log.info("brand_changed", { userId: session.user.id });
      const after = await chosenMerchant(deps, req);
      return "problem" in after ? after : ok(brandView(after));
    }),
  );
  return router;
}

function brandView({ name, brand }: KnownMerchant): BrandView {
  const { version, accent, logo } = brand;
  return { version, name, accent, logo: logoAddress(logo) };
}

function logoOf(wish: BrandRequest["logo"]) {
  if (wish.kind !== "new") return wish.kind;
  const bytes = Buffer.from(wish.base64, "base64");
  const read = readLogo(bytes);
  if ("fault" in read) return read;
  const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
  return { hash, type: read.type, base64: wish.base64 };
}

/** What is another than before; the rest is left out of the audit's row. */
function changesOf({ name, brand }: KnownMerchant, wish: BrandRequest): AuditDetails {
  return {
    ...(wish.name === name ? {} : { name: wish.name, before: name }),
    ...(wish.accent === brand.accent ? {} : { accent: wish.accent ?? "none" }),
    ...(wish.logo.kind === "keep" ? {} : { logo: wish.logo.kind }),
  };
}
