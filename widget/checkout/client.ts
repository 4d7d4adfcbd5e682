/**
 * The calls of the checkout. Answers are unions: a refused prompt is not a lost one, and only
 * a lost one leaves open whether the phone rings. The server is trusted for shape: a parser of
 * its own would cost the page more than everything else in it.
 */
import type { CheckoutView } from "../../shared/api.ts";

export type ReadAnswer =
  | { readonly kind: "view"; readonly view: CheckoutView }
  | { readonly kind: "gone" }
  | { readonly kind: "unreachable" };

export type PromptAnswer =
  | { readonly kind: "view"; readonly view: CheckoutView }
  | { readonly kind: "refused"; readonly code: string; readonly retryAfterMs: number | null }
  | { readonly kind: "gone" }
  /** No answer, or a broken one: the prompt may have been sent. Re-read, never re-prompt. */
  | { readonly kind: "lost" };

const READ_TIMEOUT_MS = 10_000;
/** The server itself waits up to 20 s for M-PESA, after up to 5 s of connecting (machine §5). */
const PROMPT_TIMEOUT_MS = 35_000;

interface Heard {
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly body: Partial<CheckoutView> & { error?: { code?: string } };
}

async function call(
  token: string,
  path: string,
  timeoutMs: number,
  body?: object,
): Promise<Heard | null> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), timeoutMs);
  try {
    const response = await fetch(`/checkout/v1/${path}`, {
      method: body ? "POST" : "GET",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: body ? JSON.stringify(body) : undefined,
      cache: "no-store",
      credentials: "omit",
      signal: patience.signal,
    });
    const seconds = Number(response.headers.get("Retry-After"));
    return {
      status: response.status,
      retryAfterMs: seconds > 0 ? seconds * 1000 : null,
      body: await response.json(),
    };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function isView(heard: Heard): heard is Heard & { body: CheckoutView } {
  return heard.status === 200 && typeof heard.body.version === "number";
}

function isGone({ status }: Heard): boolean {
  return status === 404 || status === 401;
}

/** Reads the payment. Never throws. */
export async function readPayment(token: string): Promise<ReadAnswer> {
  const heard = await call(token, "payment", READ_TIMEOUT_MS);
  if (heard !== null && isView(heard)) return { kind: "view", view: heard.body };
  return { kind: heard !== null && isGone(heard) ? "gone" : "unreachable" };
}

/** Asks for a prompt on this phone, or on the one the shop named. Never throws, and never asks twice by itself. */
export async function promptPhone(token: string, phoneNumber?: string): Promise<PromptAnswer> {
  return answerOf(await call(token, "prompt", PROMPT_TIMEOUT_MS, { phoneNumber }));
}

function answerOf(heard: Heard | null): PromptAnswer {
  if (heard === null) return { kind: "lost" };
  if (isView(heard)) return { kind: "view", view: heard.body };
  if (isGone(heard)) return { kind: "gone" };
  if (heard.status < 400 || heard.status >= 500) return { kind: "lost" };
  const code = heard.body.error?.code ?? "";
  return { kind: "refused", code, retryAfterMs: heard.retryAfterMs };
}

/** Tells the code from M-PESA's SMS. Never throws; told twice, it is noted once. */
export async function tellCode(token: string, code: string): Promise<PromptAnswer> {
  return answerOf(await call(token, "code", READ_TIMEOUT_MS, { code }));
}
