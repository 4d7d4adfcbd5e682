/** The HTML shells of our pages: no inline script or style, data as a JSON block that never runs. */
import { Router } from "express";
import type { CheckoutView } from "../../shared/api.ts";
import type { PaymentWithAttempts } from "../core/payment.ts";
import type { Clock, Log, Merchant, MerchantStore, PaymentStore } from "../ports.ts";
import type { Tokens } from "../tokens.ts";
import type { Assets } from "./assets.ts";
import { readable } from "./checkout-routes.ts";
import type { Presenter } from "./present.ts";
import { framedPolicy, pagePolicy, previewPolicy } from "./security.ts";

export interface PageDeps {
  readonly assets: Assets;
  readonly tokens: Tokens;
  readonly payments: PaymentStore;
  readonly merchants: MerchantStore;
  readonly present: Presenter;
  readonly clock: Clock;
  readonly publicUrl: URL;
  readonly environment: "simulator" | "sandbox" | "production";
  readonly log: Log;
  /** Keeps the page that a payment came from, once. */
  readonly notePage: (
    rows: PaymentWithAttempts,
    referer: string | undefined,
  ) => Promise<PaymentWithAttempts>;
}

interface Shell {
  readonly title: string;
  readonly script: string;
  readonly styles: readonly string[];
  readonly preloads?: readonly string[];
  /** Data for the page's script, as a JSON block. */
  readonly data?: { readonly id: string; readonly json: unknown };
  readonly noscript: string;
}

/** Text → HTML text. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** JSON that can stand inside a script element whatever it contains. */
function jsonBlock(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

/** One page's HTML. */
export function shell(page: Shell): string {
  const data =
    page.data === undefined
      ? ""
      : `<script type="application/json" id="${page.data.id}">${jsonBlock(page.data.json)}</script>`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="robots" content="noindex"><link rel="icon" href="data:,">',
    `<title>${escapeHtml(page.title)}</title>`,
    ...page.styles.map((href) => `<link rel="stylesheet" href="${href}">`),
    ...(page.preloads ?? []).map((href) => `<link rel="modulepreload" href="${href}">`),
    `</head><body><div id="app"></div>${data}`,
    `<noscript>${page.noscript}</noscript>`,
    `<script type="module" src="${page.script}"></script></body></html>`,
  ].join("");
}

const NEEDS_SCRIPT = "<p>This page needs JavaScript. Ukurasa huu unahitaji JavaScript.</p>";

/** `/pay/{checkoutToken}`, `/dashboard` with its preview, `/handset` (simulator only) and the way in at `/`. */
export function pageRoutes(deps: PageDeps): Router {
  const router = Router();
  router.get("/pay/:token", async (req, res) => {
    const found = await checkoutPage(deps, req.params.token, req.headers.referer);
    res.setHeader("Content-Security-Policy", framedPolicy(deps.publicUrl, found.allowedOrigins));
    res.removeHeader("X-Frame-Options");
    res.setHeader("Cache-Control", "no-store");
    res.status(found.status).type("html").send(found.html);
  });
  const plain = (path: string, title: string, entry: string, policy = pagePolicy) => {
    const html = shell({
      title,
      ...deps.assets.entry("pages", entry),
      noscript: NEEDS_SCRIPT,
    });
    router.get(path, (_req, res) => {
      res.setHeader("Content-Security-Policy", policy(deps.publicUrl));
      if (policy === previewPolicy) res.setHeader("X-Frame-Options", "SAMEORIGIN");
      res.setHeader("Cache-Control", "no-cache");
      res.type("html").send(html);
    });
  };
  // No payment stands behind it, so it needs no sign-in; it draws what the dashboard tells it.
  plain("/dashboard/preview", "Preview · Lipia", "preview", previewPolicy);
  plain("/dashboard{/*rest}", "Lipia", "dashboard");
  if (deps.environment === "simulator") plain("/handset", "Handset · Lipia", "handset");
  router.get("/", (_req, res) => {
    res.redirect(deps.environment === "simulator" ? "/demo" : "/dashboard");
  });
  return router;
}

interface CheckoutPage {
  readonly status: 200 | 404;
  readonly html: string;
  readonly allowedOrigins: readonly string[];
}

async function checkoutPage(
  deps: PageDeps,
  token: string,
  referer: string | undefined,
): Promise<CheckoutPage> {
  const id = deps.tokens.paymentOfToken(token);
  const rows = id === null ? null : await readable(deps, id);
  const merchant = rows === null ? null : await deps.merchants.byId(rows.payment.merchantId);
  const page = (title: string, json: unknown, noscript: string) =>
    shell({
      title,
      ...deps.assets.entry("checkout", "checkout"),
      data: { id: "lipia-view", json },
      noscript,
    });
  if (rows === null || merchant === null) {
    const html = page("Lipia", { error: "not_found" }, NEEDS_SCRIPT);
    return { status: 404, html, allowedOrigins: [] };
  }
  const view = await deps.present.forCheckout(await withPage(deps, rows, referer), merchant);
  return {
    status: 200,
    html: page(`${merchant.name} · Lipia`, view, withoutScript(view, merchant)),
    allowedOrigins: merchant.allowedOrigins,
  };
}

/** Where the customer came from is worth knowing, and never worth a checkout that does not open. */
async function withPage(
  { log, notePage }: PageDeps,
  rows: PaymentWithAttempts,
  referer: string | undefined,
): Promise<PaymentWithAttempts> {
  try {
    return await notePage(rows, referer);
  } catch (cause) {
    log.error("page_not_noted", { paymentId: rows.payment.id, cause: String(cause) });
    return rows;
  }
}

/** What a page without JavaScript can still say truthfully. */
function withoutScript(view: CheckoutView, merchant: Merchant): string {
  const what = `KES ${view.amount} · ${escapeHtml(merchant.name)} · ${escapeHtml(view.orderReference)}`;
  const paid =
    view.status === "confirmed"
      ? `<p>Paid. Imelipwa. ${escapeHtml(view.receipt ?? "")}</p>`
      : NEEDS_SCRIPT;
  return `<p>${what}</p>${paid}`;
}
