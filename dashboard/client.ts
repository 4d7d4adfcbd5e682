/** Talks to /dashboard/api. Failures are values; whether the server can be reached is a signal. */
import { signal } from "@preact/signals";
import type {
  DashboardList,
  DashboardPaymentDetail,
  ErrorObject,
  SessionView,
} from "../shared/api.ts";
import type { FactorKind } from "../shared/passkey-rules.ts";
import type { DashboardTotals } from "../shared/payments-list-api.ts";
import type { UserRole } from "../shared/permissions.ts";
import { filterQuery, type ListFilter } from "./list-filter.ts";
import { isPrivate } from "./private-search.ts";
import { askStepUp, type ProofKind } from "./step-up.ts";

const TIMEOUT_MS = 15_000;
export const PAGE_SIZE = 50;

export type Failure =
  | { readonly kind: "unreachable" }
  | { readonly kind: "signed_out"; readonly code: string }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly message: string;
      readonly param: string | null;
      readonly retryAfterSeconds: number | null;
      /** Who may do it, where this person may not. */
      readonly roles: readonly UserRole[];
      /** The person's second factors, where one is wanted. */
      readonly factors: readonly FactorKind[];
    }
  | { readonly kind: "broken"; readonly requestId: string };

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** False after a request that got no answer at all, true after the next that did. */
export const reachable = signal(true);
/** 401s that answer a password or a code, and do not end a session. */
const SIGN_IN_CODES: readonly string[] = ["wrong_credentials", "code_wanted", "wrong_code"];
/** Hears of every other 401. */
export const signedOut = signal<{ readonly code: string } | null>(null);
/** Hears of every call that this person's role does not allow: the page took it for a larger one. */
export const roleIsOther = signal<{ readonly code: string } | null>(null);

export function readSession(): Promise<Answer<SessionView>> {
  return call("GET", "session");
}
export function postSignIn(
  email: string,
  password: string,
  code?: string,
): Promise<Answer<SessionView>> {
  return call("POST", "sign-in", { email, password, code });
}
export function postSetUp(
  token: string,
  email: string,
  password: string,
): Promise<Answer<SessionView>> {
  return call("POST", "set-up", { token, email, password });
}
export function postSignOut(): Promise<Answer<null>> {
  return call("POST", "sign-out", {});
}

/** One page of the list, newest first, after the payment `startingAfter`. */
export function readPayments(
  filter: ListFilter,
  startingAfter: string | null,
  limit = PAGE_SIZE,
): Promise<Answer<DashboardList>> {
  const query = filterQuery(filter);
  query.set("limit", String(limit));
  if (startingAfter !== null) query.set("startingAfter", startingAfter);
  return isPrivate(filter.search)
    ? call("POST", "payments/search", Object.fromEntries(query))
    : call("GET", `payments?${query}`);
}
export function readTotals(filter: ListFilter): Promise<Answer<DashboardTotals>> {
  const query = filterQuery(filter);
  return isPrivate(filter.search)
    ? call("POST", "payments/search/totals", Object.fromEntries(query))
    : call("GET", `payments/totals?${query}`);
}
export function readPayment(id: string): Promise<Answer<DashboardPaymentDetail>> {
  return call("GET", `payments/${encodeURIComponent(id)}`);
}

/** One call of /dashboard/api; a failure is a value. */
export function call<T>(method: "GET" | "POST", path: string, body?: object): Promise<Answer<T>> {
  return withProof(() => callOnce<T>(method, path, body));
}

/** Where the server wants a proof first, the person is asked and the call is made again. */
export async function withProof<T>(once: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const answer = await once();
  if (answer.ok || answer.failure.kind !== "refused") return answer;
  const { failure } = answer;
  const wanted = proofWanted(failure);
  if (wanted === null) return answer;
  if ((await askStepUp(wanted, failure.factors)) === "proved") return once();
  // What was to be proved is no field of the page that called.
  return { ok: false, failure: { ...failure, param: null } };
}

/** What the server wants proved, or null when that is not the matter. */
function proofWanted(failure: Failure): ProofKind | null {
  if (failure.kind !== "refused" || failure.code !== "step_up_needed") return null;
  return failure.param === "code" ? "code" : "password";
}

async function callOnce<T>(
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<Answer<T>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`/dashboard/api/${path}`, {
      method,
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    text = await response.text();
  } catch {
    reachable.value = false;
    return { ok: false, failure: { kind: "unreachable" } };
  }
  reachable.value = true;
  if (response.status === 204) return { ok: true, value: null as T };
  const parsed = parseJson(text);
  if (response.ok && parsed !== null) return { ok: true, value: parsed as T };
  return { ok: false, failure: failureOf(response, parsed) };
}

/** What an answer that is no success means. */
export function failureOf(response: Response, parsed: unknown): Failure {
  const error = (parsed as Partial<ErrorObject> | null)?.error;
  const requestId = error?.requestId || response.headers.get("Request-Id") || "";
  if (error === undefined || response.status >= 500) return { kind: "broken", requestId };
  if (response.status === 401 && !SIGN_IN_CODES.includes(error.code)) {
    signedOut.value = { code: error.code };
    return { kind: "signed_out", code: error.code };
  }
  if (error.code === "not_allowed") roleIsOther.value = { code: error.code };
  const retryAfter = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return {
    kind: "refused",
    code: error.code,
    message: error.message,
    param: error.param ?? null,
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
    roles: error.roles ?? [],
    factors: error.factors ?? [],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
