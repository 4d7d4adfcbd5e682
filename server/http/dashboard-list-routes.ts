/** The list of payments as a person works with it: a page of it, its totals, and a file to take away. */
import { pipeline } from "node:stream/promises";
import { type Request, type Response, Router } from "express";
import { type DashboardList, type DashboardPayment, ROUTES } from "../../shared/api.ts";
import { centsFromShillings, shillingsFromCents } from "../../shared/money.ts";
import { nairobiTime } from "../../shared/nairobi.ts";
import { PAYMENT_COLUMNS_PLAIN } from "../../shared/payment-columns.ts";
import {
  type DashboardFilterQuery,
  type DashboardTotals,
  dashboardExportQuery,
  dashboardFilterQuery,
  dashboardListQuery,
} from "../../shared/payments-list-api.ts";
import type { Environment } from "../../shared/words.ts";
import type { MerchantId, PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import type { ListFilter, ListTotals, Log, PaymentStore } from "../ports.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { paymentsCsv } from "./payments-csv.ts";
import { sendProblem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface ListRouteDeps extends SessionDeps {
  readonly payments: PaymentStore;
  readonly merchantId: MerchantId;
  readonly environment: Environment;
  readonly log: Log;
  /** The payment as a signed-in person may see it: no token, no full phone number. */
  readonly view: (payment: PaymentWithAttempts) => DashboardPayment;
}

/** The routes of the list; they come before the route of one payment, whose path would fit them too. */
export function listRoutes(deps: ListRouteDeps): Router {
  const router = Router();
  router.get(
    pathOf(ROUTES.dashboardPayments),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const query = parse(dashboardListQuery, req.query);
      if (!query.ok) return refuse(query.problem);
      const { limit, startingAfter, ...filter } = query.value;
      const { rows, hasMore } = await deps.payments.list({
        ...filterOf(deps, filter),
        limit,
        ...(startingAfter === undefined ? {} : { startingAfter: startingAfter as PaymentId }),
      });
      return ok({ data: rows.map(deps.view), hasMore } satisfies DashboardList);
    }),
  );
  router.get(
    pathOf(ROUTES.dashboardTotals),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const query = parse(dashboardFilterQuery, req.query);
      if (!query.ok) return refuse(query.problem);
      return ok(totalsView(await deps.payments.totals(filterOf(deps, query.value))));
    }),
  );
  router.get(pathOf(ROUTES.dashboardExport), (req, res) => sendExport(deps, req, res));
  return router;
}

/** What list, totals and export have in common: one reading of the filter. */
function filterOf(
  { merchantId, environment }: ListRouteDeps,
  { status, reason, flag, amountFrom, amountTo, q, ...rest }: DashboardFilterQuery,
): ListFilter {
  const given = {
    ...rest,
    statuses: status,
    reasons: reason,
    flags: flag,
    amountFrom: amountFrom === undefined ? undefined : centsFromShillings(amountFrom),
    amountTo: amountTo === undefined ? undefined : centsFromShillings(amountTo),
    q: q === "" ? undefined : q,
  };
  const asked = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(asked), merchantId, environment, limit: 1 };
}

function totalsView(totals: ListTotals): DashboardTotals {
  const { kind, count } = totals;
  const confirmed = kind === "exact" ? shillingsFromCents(totals.confirmedCents) : null;
  return { kind, count, confirmed };
}

/** Streams the file page by page; a reader that is slow or leaves holds up nothing. */
async function sendExport(deps: ListRouteDeps, req: Request, res: Response): Promise<void> {
  const session = await signedIn(deps, req);
  if ("problem" in session) return sendProblem(res, session.problem);
  const query = parse(dashboardExportQuery, req.query);
  if (!query.ok) return sendProblem(res, query.problem);
  const { columns = PAYMENT_COLUMNS_PLAIN, locale, ...filter } = query.value;
  const day = nairobiTime(deps.clock.now()).slice(0, 10);
  res.setHeader("Content-Type", "text/csv; charset=utf-8");
  res.setHeader("Content-Disposition", `attachment; filename="lipia-payments-${day}.csv"`);
  const asked = filterOf(deps, filter);
  const page = (limit: number, startingAfter?: PaymentId) =>
    deps.payments.list({ ...asked, limit, ...(startingAfter && { startingAfter }) });
  try {
    await pipeline(paymentsCsv({ page, view: deps.view, columns, locale }), res);
  } catch (error) {
    // The head is sent: all that is left is to break off, so that nobody takes a half for the whole.
    if (!res.destroyed) res.destroy();
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
}
