/** Privacy: an owner erases a person's number for good. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import { parsePhone, phoneTail } from "../../shared/phone.ts";
import { type ErasedCounts, eraseNumberRequest } from "../../shared/privacy-api.ts";
import { type EraseDeps, erasePhone } from "../flows/erase-phone.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { BAD_PHONE } from "./merchant-routes.ts";
import { fieldProblem, type Problem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface PrivacyDeps extends SessionDeps, EraseDeps {}

const OTHER_DIGITS = fieldProblem(
  "lastDigits",
  "these are not the last four digits of the number; look at both again",
);

/** Money may still move on this number, and who sent it must be found again. */
const NUMBER_IN_USE: Problem = {
  status: 409,
  type: "conflict",
  code: "number_in_use",
  message:
    "a payment on this number is not settled yet; settle it first, then the number can be erased",
  param: "phoneNumber",
};

export function privacyRoutes(deps: PrivacyDeps): Router {
  const router = Router();
  router.post(
    pathOf(ROUTES.dashboardErase),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(eraseNumberRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const phone = parsePhone(request.value.phoneNumber);
      if (phone === null) return refuse(BAD_PHONE);
      if (request.value.lastDigits !== phoneTail(phone)) return refuse(OTHER_DIGITS);
      const done = await erasePhone(deps, phone, session.user.id);
      switch (done.kind) {
        case "unsettled":
          return refuse(NUMBER_IN_USE);
        case "erased":
          return ok(done.counts satisfies ErasedCounts);
      }
    }),
  );
  return router;
}
