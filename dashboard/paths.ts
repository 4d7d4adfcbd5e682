/** The dashboard's own addresses, and the list's filter as it stands in the address bar. */
import { PAYMENT_STATUSES, type PaymentStatus } from "../shared/words.ts";

export const BASE = "/dashboard";
export const PATHS = {
  home: BASE,
  payments: `${BASE}/payments`,
  payment: `${BASE}/payments/:id`,
  settings: `${BASE}/settings`,
  setUp: `${BASE}/set-up`,
} as const;
/** Pages outside the dashboard that exist in simulator mode only. */
export const OUTSIDE = { demo: "/demo", handset: "/handset" } as const;

const SEARCH_MAX = 64;

/** What the list shows; `null` status is every status. */
export interface ListFilter {
  readonly status: PaymentStatus | null;
  readonly search: string;
}
export const NO_FILTER: ListFilter = { status: null, search: "" };

export function paymentPath(id: string): string {
  return `${PATHS.payments}/${encodeURIComponent(id)}`;
}

/** Reads the filter from an address's query; what makes no sense there is no filter. */
export function filterFromQuery(query: Readonly<Record<string, string>>): ListFilter {
  const status = PAYMENT_STATUSES.find((known) => known === query.status) ?? null;
  return { status, search: (query.q ?? "").trim().slice(0, SEARCH_MAX) };
}

/** The address of the list with a filter; without one it is the bare path. */
export function listPath(filter: ListFilter): string {
  const query = filterQuery(filter).toString();
  return query === "" ? PATHS.payments : `${PATHS.payments}?${query}`;
}

/** The filter as query parameters, by the names that page and API share. */
export function filterQuery({ status, search }: ListFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (status !== null) query.set("status", status);
  if (search !== "") query.set("q", search);
  return query;
}

export function isFiltered(filter: ListFilter): boolean {
  return filter.status !== null || filter.search !== "";
}

/** The one-time token of a set-up link's fragment, or null. */
export function setUpToken(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("token");
}
