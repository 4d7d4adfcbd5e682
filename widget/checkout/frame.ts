/**
 * The frame's side of the talk with the loader. It speaks to one exact origin, the one that opened
 * it, and says nothing when it is a page of its own. It listens to nobody: the loader has nothing
 * to tell it after the address.
 */
import type { CheckoutView } from "../../shared/api.ts";
import type { FrameMessage, FrameOptions, PaymentHint } from "../../shared/embed-messages.ts";

export interface Surroundings {
  readonly mode: "page" | FrameOptions["mode"];
  readonly options: URLSearchParams;
  tell(message: WithoutMark<FrameMessage>): void;
}

type WithoutMark<M> = M extends unknown ? Omit<M, "lipia"> : never;

/** Where this checkout stands: a page of its own, or a frame in a shop's page. */
export function surroundings(): Surroundings {
  const options = new URLSearchParams(location.hash.slice(1));
  // URLSearchParams spells a missing option of Lipia.open as the word "undefined".
  for (const [name, value] of [...options]) if (value === "undefined") options.delete(name);
  const origin = options.get("origin") ?? "";
  const framed = parent !== window && /^https?:\/\/[^/]+$/.test(origin);
  if (!framed) return { mode: "page", options: new URLSearchParams(), tell: () => {} };
  return {
    mode: options.get("mode") === "inline" ? "inline" : "overlay",
    options,
    tell: (message) => parent.postMessage({ lipia: 1, ...message }, origin),
  };
}

function hintOf(view: CheckoutView): PaymentHint {
  const { id: paymentId, status, orderReference, receipt } = view;
  const hint: PaymentHint = { paymentId, status, orderReference, verified: false };
  return receipt === null ? hint : { ...hint, receipt };
}

/** Which event of the shop's page a status is; the others are none. */
const EVENTS: {
  readonly [Status in CheckoutView["status"]]?: "confirmed" | "unsuccessful" | "indoubt";
} = {
  confirmed: "confirmed",
  in_doubt: "indoubt",
  cancelled: "unsuccessful",
  expired: "unsuccessful",
  failed: "unsuccessful",
};

/** Tells the shop's page what changed between two views, and nothing when nothing did. */
export function tellOf(
  before: CheckoutView | null,
  view: CheckoutView,
): WithoutMark<FrameMessage> | null {
  const hint = hintOf(view);
  const event = EVENTS[view.status];
  if (before === null) return { type: "ready", hint, event };
  const same = before.status === view.status && before.receipt === view.receipt;
  return same ? null : { type: "status", hint, event };
}
