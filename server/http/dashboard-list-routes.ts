/** The list of payments as a person works with it: a page of it, and its totals. */
import { Router } from "express";
import { type DashboardList, type DashboardPayment, ROUTES } from "../../shared/api.ts";
import { centsFromShillings, shillingsFromCents } from "../../shared/money.ts";
import {
  type DashboardFilterQuery,
  type DashboardTotals,
  dashboardFilterQuery,
  dashboardListQuery,
  dashboardSearchRequest,
  dashboardSearchTotalsRequest,
} from "../../shared/payments-list-api.ts";
import { NONE } from "../../shared/words.ts";
import type { PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import type { ListTotals, PaymentStore } from "../ports.ts";
import { listAcross, type ScopelessFilter, totalsAcross } from "./across-merchants.ts";
import { type ChoiceDeps, chosenScopes } from "./chosen-merchant.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface ListRouteDeps extends SessionDeps, ChoiceDeps {
  readonly payments: PaymentStore;
  /** The payment as a signed-in person may see it: no token, no full phone number. */
  readonly view: (payment: PaymentWithAttempts) => DashboardPayment;
}

/** The routes of the list; they come before the route of one payment, whose path would fit them too. */
export function listRoutes(deps: ListRouteDeps): Router {
  const router = Router();
  const list = (
    schema: typeof dashboardListQuery | typeof dashboardSearchRequest,
    part: "query" | "body",
  ) =>
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const query = parse(schema, req[part]);
      if (!query.ok) return refuse(query.problem);
      const { limit, startingAfter, merchant, ...filter } = query.value;
      const scopes = await chosenScopes(deps, merchant);
      if ("problem" in scopes) return scopes;
      const { rows, hasMore } = await listAcross(deps.payments, scopes, {
        ...filterOf(filter),
        limit,
        ...(startingAfter === undefined ? {} : { startingAfter: startingAfter as PaymentId }),
      });
      return ok({ data: rows.map(deps.view), hasMore } satisfies DashboardList);
    });
  const totals = (
    schema: typeof dashboardFilterQuery | typeof dashboardSearchTotalsRequest,
    part: "query" | "body",
  ) =>
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const query = parse(schema, req[part]);
      if (!query.ok) return refuse(query.problem);
      const { merchant, ...filter } = query.value;
      const scopes = await chosenScopes(deps, merchant);
      if ("problem" in scopes) return scopes;
      return ok(totalsView(await totalsAcross(deps.payments, scopes, filterOf(filter))));
    });
  router.get(pathOf(ROUTES.dashboardPayments), list(dashboardListQuery, "query"));
  router.get(pathOf(ROUTES.dashboardTotals), totals(dashboardFilterQuery, "query"));
  // The same in a body, for searches that no address may hold: a customer's number, for one.
  router.post(pathOf(ROUTES.dashboardSearch), list(dashboardSearchRequest, "body"));
  router.post(pathOf(ROUTES.dashboardSearchTotals), totals(dashboardSearchTotalsRequest, "body"));
  return router;
}

/** What list, totals and files have in common: one reading of the filter. */
export function filterOf({
  status,
  reason,
  flag,
  amountFrom,
  amountTo,
  page,
  source,
  step,
  code,
  q,
  ...rest
}: Omit<DashboardFilterQuery, "merchant">): ScopelessFilter {
  const given = {
    ...rest,
    statuses: status,
    reasons: reason,
    flags: flag,
    amountFrom: amountFrom === undefined ? undefined : centsFromShillings(amountFrom),
    amountTo: amountTo === undefined ? undefined : centsFromShillings(amountTo),
    page: page === NONE ? null : page,
    sources: source,
    steps: step,
    resultCode: code === NONE ? "" : code,
    q: q === "" ? undefined : q,
  };
  const asked = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(asked), limit: 1 };
}

function totalsView(totals: ListTotals): DashboardTotals {
  const { kind, count } = totals;
  const confirmed = kind === "exact" ? shillingsFromCents(totals.confirmedCents) : null;
  return { kind, count, confirmed };
}
