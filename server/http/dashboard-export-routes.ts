/**
 * Files of the list to take away, each noted in the audit log with who took it, by which filter,
 * and how many rows. Whole phone numbers are a route of their own, with a permission and a proof.
 */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import { type DashboardPayment, ROUTES } from "../../shared/api.ts";
import type { AuditAction } from "../../shared/audit-words.ts";
import { nairobiTime } from "../../shared/nairobi.ts";
import { type ExportFormat, PAYMENT_COLUMNS_PLAIN } from "../../shared/payment-columns.ts";
import {
  dashboardExportQuery,
  dashboardFilterQuery,
  dashboardSearchExportRequest,
  exportNumbersRequest,
} from "../../shared/payments-list-api.ts";
import type { MerchantId, PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import { lastNumber } from "../flows/see-actions.ts";
import type { AuditDetails, AuditStore, Scope } from "../ports.ts";
import { listAcross } from "./across-merchants.ts";
import { chosenScopes } from "./chosen-merchant.ts";
import { filterOf, type ListRouteDeps } from "./dashboard-list-routes.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { type ExportTable, type ExportWish, exportTable } from "./export-rows.ts";
import { paymentsCsv } from "./payments-csv.ts";
import { paymentsXlsx } from "./payments-xlsx.ts";
import { sendProblem } from "./problem.ts";
import { parse } from "./route.ts";
import { holdsWholeNumber } from "./view-query.ts";

export interface ExportRouteDeps extends ListRouteDeps {
  readonly audit: Pick<AuditStore, "append">;
}

/** The line of the log keeps so much of a filter; the longest that a person sets is far shorter. */
const FILTER_TEXT_MAX = 400;
/** Parts of a filter that hold whatever somebody typed. */
const TYPED: readonly string[] = ["q", "orderReference", "page", "code"];

interface Kind {
  readonly type: string;
  readonly pieces: (table: ExportTable) => AsyncGenerator<string | Buffer>;
}

const KINDS: Readonly<Record<ExportFormat, Kind>> = {
  csv: { type: "text/csv; charset=utf-8", pieces: paymentsCsv },
  xlsx: {
    type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    pieces: paymentsXlsx,
  },
};

/** The routes of files; like the list's, they come before the route of one payment. */
export function exportRoutes(deps: ExportRouteDeps): Router {
  const router = Router();
  const { payments, view } = deps;
  const masked = {
    schema: dashboardExportQuery,
    view: async (row: PaymentWithAttempts) => view(row),
    done: "payments_exported",
  } as const;
  router.get(pathOf(ROUTES.dashboardExport), (req, res) =>
    sendFile(deps, req, res, { ...masked, asked: req.query }),
  );
  // Of a search that no address may hold, such as one by a customer's number.
  router.post(pathOf(ROUTES.dashboardSearchExport), (req, res) =>
    sendFile(deps, req, res, {
      ...masked,
      schema: dashboardSearchExportRequest,
      asked: req.body,
    }),
  );
  router.post(pathOf(ROUTES.dashboardExportNumbers), (req, res) =>
    sendFile(deps, req, res, {
      schema: exportNumbersRequest,
      asked: req.body,
      // One after the other, so that no more numbers are open than the row in hand has.
      async view(row) {
        const shown = view(row);
        const number = await lastNumber(payments, row);
        return { ...shown, phoneNumber: number ?? shown.phoneNumber };
      },
      // Numbers must not leave unnoted, whatever happens before the file ends.
      begun: "numbers_wanted",
      done: "numbers_exported",
    }),
  );
  return router;
}

interface FileWish {
  readonly schema:
    | typeof dashboardExportQuery
    | typeof dashboardSearchExportRequest
    | typeof exportNumbersRequest;
  readonly asked: unknown;
  readonly view: (row: PaymentWithAttempts) => Promise<DashboardPayment>;
  readonly begun?: AuditAction;
  readonly done: AuditAction;
}

/** Streams the file page by page; a reader that is slow or leaves holds up nothing. */
async function sendFile(
  deps: ExportRouteDeps,
  req: Request,
  res: Response,
  { schema, asked, view, begun, done }: FileWish,
): Promise<void> {
  const session = await signedIn(deps, req);
  if ("problem" in session) return sendProblem(res, session.problem);
  const query = parse(schema, asked);
  if (!query.ok) return sendProblem(res, query.problem);
  const { format, locale, columns = PAYMENT_COLUMNS_PLAIN, merchant } = query.value;
  const scopes = await chosenScopes(deps, merchant);
  if ("problem" in scopes) return sendProblem(res, scopes.problem);
  const nameOf = await merchantNames(deps);
  const facts = { format, filter: filterWords(asked) };
  const note = (action: AuditAction, details: AuditDetails) =>
    deps.audit.append({
      at: deps.clock.now(),
      actor: session.user.id,
      action,
      target: null,
      details,
    });
  if (begun !== undefined) await note(begun, facts);
  const table = exportTable({
    page: pageOf(deps, scopes, query.value),
    view: async (row) => ({ ...(await view(row)), merchantName: nameOf(row.payment.merchantId) }),
    columns,
    locale,
    onEnd: (rows, extent) => note(done, { ...facts, rows, extent }),
  });
  const day = nairobiTime(deps.clock.now()).slice(0, 10);
  res.setHeader("Content-Type", KINDS[format].type);
  res.setHeader("Content-Disposition", `attachment; filename="lipia-payments-${day}.${format}"`);
  try {
    await pipeline(Readable.from(KINDS[format].pieces(table)), res);
  } catch (error) {
    // The head is sent: all that is left is to break off, so that nobody takes a half for the whole.
    if (!res.destroyed) res.destroy();
    if (!isGone(error)) throw error;
  }
}

async function merchantNames({ merchants, merchant }: ExportRouteDeps) {
  const all = await merchants.ofEnvironment(merchant.environment);
  const names = new Map(all.map(({ id, name }) => [id, name]));
  return (id: MerchantId) => names.get(id);
}

function pageOf(
  { payments }: ExportRouteDeps,
  scopes: readonly Scope[],
  {
    columns: _,
    locale: __,
    format: ___,
    merchant: ____,
    ...filter
  }: z.output<typeof dashboardExportQuery>,
): ExportWish["page"] {
  const asked = filterOf(filter);
  return (limit: number, startingAfter?: PaymentId) =>
    listAcross(payments, scopes, { ...asked, limit, ...(startingAfter && { startingAfter }) });
}

/** The filter as it was asked for, without a number that somebody may have searched for. */
function filterWords(asked: unknown): string {
  const given = new Map(Object.entries(asked ?? {}));
  return Object.keys(dashboardFilterQuery.shape)
    .map((name) => [name, String(given.get(name) ?? "").trim()] as const)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${isNumber(name, value) ? "[number]" : value}`)
    .join("&")
    .slice(0, FILTER_TEXT_MAX);
}

/** Moments have as many digits as a phone number, and amounts are no names. */
function isNumber(name: string, value: string): boolean {
  return TYPED.includes(name) && holdsWholeNumber(value);
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
}
