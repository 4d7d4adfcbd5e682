/** The dashboard's own addresses. */
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

export function paymentPath(id: string): string {
  return `${PATHS.payments}/${encodeURIComponent(id)}`;
}

/** The one-time token of a set-up link's fragment, or null. */
export function setUpToken(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("token");
}
