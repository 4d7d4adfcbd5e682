/** Merchants' logos, at an address made of their content: it never changes what it shows. */
import { type RequestHandler, Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import type { BrandStore } from "../ports.ts";
import { pathOf } from "./dashboard-seams.ts";
import { type Problem, sendProblem } from "./problem.ts";

const NO_SUCH_LOGO: Problem = {
  status: 404,
  type: "not_found",
  code: "logo_not_found",
  message: "There is no such logo; it may have been replaced.",
};

/** Where a logo is served, or null for none. */
export function logoAddress(hash: string | null): string | null {
  return hash === null ? null : pathOf(ROUTES.logo).replace(":hash", hash);
}

/** The type is what the bytes said when they were taken, and `nosniff` keeps browsers to it. */
export function logoRoute(deps: { readonly brands: BrandStore }): Router {
  const router = Router();
  const serve: RequestHandler<{ hash: string }> = async (req, res) => {
    const logo = await deps.brands.logoByHash(req.params.hash);
    if (logo === null) return sendProblem(res, NO_SUCH_LOGO);
    res.setHeader("Cache-Control", "public, max-age=31536000, immutable");
    res.setHeader("Content-Type", logo.type);
    res.end(Buffer.from(logo.base64, "base64"));
  };
  router.get(pathOf(ROUTES.logo), serve);
  return router;
}
