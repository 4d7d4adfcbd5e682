/** The amount from which two people decide: read by whoever sees the settings, set by owners. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import { centsFromShillings, shillingsFromCents } from "../../shared/money.ts";
import { type TwoPersonView, twoPersonRequest } from "../../shared/two-people-api.ts";
import { twoPersonFrom } from "../flows/two-people.ts";
import { actingPeople, type RuleDeps, setTwoPersonRule } from "../flows/two-person-rule.ts";
import type { Merchant } from "../ports.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { STALE } from "./dashboard-settings-routes.ts";
import type { Problem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface TwoPersonDeps extends SessionDeps, RuleDeps {
  readonly people: SessionDeps["people"];
  readonly clock: SessionDeps["clock"];
  readonly merchant: Pick<Merchant, "id">;
}

const ALONE: Problem = {
  status: 409,
  type: "conflict",
  code: "two_people_needed",
  message: "this needs two people who may act on payments; invite another one first",
  param: "from",
};

export function twoPersonRoutes(deps: TwoPersonDeps): Router {
  const router = Router();
  router.get(
    pathOf(ROUTES.dashboardTwoPerson),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(await twoPersonView(deps));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardSetTwoPerson),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(twoPersonRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const wish = { from: cents(request.value.from), was: cents(request.value.was) };
      const outcome = await setTwoPersonRule(deps, deps.merchant.id, wish, session.user);
      switch (outcome) {
        case "set":
          return ok(await twoPersonView(deps));
        case "stale":
          return refuse(STALE);
        case "alone":
          return refuse(ALONE);
      }
    }),
  );
  return router;
}

async function twoPersonView(deps: TwoPersonDeps): Promise<TwoPersonView> {
  const from = await twoPersonFrom(deps, deps.merchant.id);
  return {
    from: from === null ? null : shillingsFromCents(from),
    people: await actingPeople(deps),
  };
}

function cents(shillings: number | null) {
  return shillings === null ? null : centsFromShillings(shillings);
}
