/** The dashboard's own addresses. */
export const BASE = "/dashboard";
export const PATHS = {
  home: BASE,
  failures: `${BASE}/failures`,
  payments: `${BASE}/payments`,
  payment: `${BASE}/payments/:id`,
  settings: `${BASE}/settings`,
  merchants: `${BASE}/settings/merchants`,
  people: `${BASE}/settings/people`,
  sessions: `${BASE}/settings/sessions`,
  alerts: `${BASE}/settings/alerts`,
  audit: `${BASE}/settings/audit`,
  look: `${BASE}/settings/look`,
  safety: `${BASE}/settings/safety`,
  limits: `${BASE}/settings/limits`,
  privacy: `${BASE}/settings/privacy`,
  goLive: `${BASE}/settings/go-live`,
  setUp: `${BASE}/set-up`,
  join: `${BASE}/join`,
} as const;
/** The page of the checkout's own parts that the look's page frames. */
export const PREVIEW = `${BASE}/preview`;
/** Pages outside the dashboard that exist in simulator mode only. */
export const OUTSIDE = { demo: "/demo", handset: "/handset" } as const;

export function paymentPath(id: string): string {
  return `${PATHS.payments}/${encodeURIComponent(id)}`;
}

/** The one-time token in the fragment of a set-up link or an invitation, or null. */
export function setUpToken(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("token");
}
