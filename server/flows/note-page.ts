/**
 * Keeps which page of the shop's a payment came from, once: an origin, never a path or a query,
 * which may name a person. The browser tells it in a header of the checkout's own request, and
 * anybody may make one up: so its length and the number of names are bounded, and it is a hint.
 */
import { FAILURE_DAYS_MAX } from "../../shared/insight-api.ts";
import { OTHER_PAGE, PAGE_LENGTH_MAX } from "../../shared/insight-words.ts";
import { nairobiDay } from "../../shared/nairobi.ts";
import type { PaymentWithAttempts } from "../core/payment.ts";
import type { InsightStore } from "../ports.ts";
import { type AdvanceDeps, advance } from "./advance.ts";

/** A merchant with more websites than about this many sees the rest as one. */
export const PAGES_MAX = 40;

export interface NotePageDeps extends AdvanceDeps {
  readonly insight: Pick<InsightStore, "pages">;
}

/**
 * @param referer the header of the request for the checkout.
 * @returns the payment as it is then.
 */
export async function notePage(
  deps: NotePageDeps,
  rows: PaymentWithAttempts,
  referer: string | undefined,
): Promise<PaymentWithAttempts> {
  const { id, merchantId, environment, page: known } = rows.payment;
  const page = known === null ? originOf(referer) : null;
  if (page === null) return rows;
  const today = nairobiDay(deps.clock.now());
  const scope = { merchantId, environment };
  const names = await deps.insight.pages(scope, today - FAILURE_DAYS_MAX, today);
  const room = names.includes(page) || names.length < PAGES_MAX;
  const event = { type: "checkout_shown", page: room ? page : OTHER_PAGE } as const;
  const advanced = await advance(deps, id, event);
  return advanced.kind === "unknown_payment" ? rows : advanced.now;
}

/** Null where the header names no web page. */
function originOf(referer: string | undefined): string | null {
  if (referer === undefined || !URL.canParse(referer)) return null;
  const { protocol, origin } = new URL(referer);
  if (protocol !== "https:" && protocol !== "http:") return null;
  return origin.length <= PAGE_LENGTH_MAX ? origin : OTHER_PAGE;
}
