/**
 * What the customer sees, as a pure machine: events in, model out, and `screenOf` names the one
 * screen. The payment's view is the truth; the model only adds what the page itself is doing.
 */
import type { CheckoutView } from "../../shared/api.ts";
import { isUnderway } from "../../shared/payment-view.ts";
import { parsePhone } from "../../shared/phone.ts";

/**
 * Something to say beside the phone field: what the page finds itself, or the code of the server's
 * refusal, which later-words.ts puts into words.
 */
export type Notice = "phone_invalid" | "not_delivered" | { readonly refusal: string };

export type Step =
  /** The payment's status decides what is shown. */
  | { readonly at: "following" }
  /** The customer wants to type a number, whatever the last attempt ended as. */
  | { readonly at: "phone" }
  | { readonly at: "sending" }
  /** The answer to the prompt was lost: it may have been sent. `since` is server time, ms. */
  | { readonly at: "lost"; readonly since: number }
  /** The token opens nothing. */
  | { readonly at: "gone" };

export interface Model {
  readonly view: CheckoutView | null;
  readonly step: Step;
  /** The number as typed; kept in memory only, so that trying again takes one tap. */
  readonly phone: string;
  readonly notice: Notice | null;
  /** Server time (ms) before which the server refuses another prompt; null when it does not. */
  readonly waitUntil: number | null;
  readonly reach: "reached" | "unreachable";
  /** Server clock minus this device's clock, ms: phones with a wrong clock still count right. */
  readonly skewMs: number;
}

export type Event =
  | { readonly type: "typed"; readonly phone: string }
  | { readonly type: "pay" }
  | { readonly type: "again" }
  | { readonly type: "read"; readonly view: CheckoutView; readonly at: number }
  | { readonly type: "answered"; readonly view: CheckoutView; readonly at: number }
  | { readonly type: "refused"; readonly notice: Notice; readonly until: number | null }
  | { readonly type: "lost"; readonly at: number }
  | { readonly type: "unreachable" }
  | { readonly type: "gone" };

export type Screen =
  | "phone"
  | "sending"
  | "waiting"
  | "checking"
  | "doubt"
  | "lost"
  | "paid"
  | "unsuccessful"
  | "closed"
  | "review"
  | "reversed"
  | "gone";

/** A prompt lives about a minute on the phone; after this the page says that it is checking. */
export const PROMPT_SHOWN_MS = 75_000;
/** A lost request that the server has not seen after this long did not arrive. */
export const LOST_GRACE_MS = 6_000;

/** The first model, from the view that the page was served with. `at` is the device's clock, ms. */
export function firstModel(view: CheckoutView | null, phone: string, at: number): Model {
  return {
    view,
    step: { at: view === null ? "gone" : "following" },
    phone,
    notice: null,
    waitUntil: null,
    reach: "reached",
    skewMs: view === null ? 0 : Date.parse(view.now) - at,
  };
}

/** Takes a newer view in; one that is older than what is held changes nothing. */
function take(model: Model, view: CheckoutView, at: number): Model {
  if (model.view !== null && view.version < model.view.version) return model;
  return { ...model, view, reach: "reached", skewMs: Date.parse(view.now) - at };
}

/** What a fresh view means for a step that was waiting to know more. */
function settle(model: Model): Model {
  const { view, step } = model;
  if (view === null || (step.at !== "lost" && step.at !== "phone")) return model;
  if (isUnderway(view.status)) return { ...model, step: { at: "following" }, notice: null };
  if (step.at === "phone" || Date.parse(view.now) - step.since < LOST_GRACE_MS) return model;
  return { ...model, step: { at: "phone" }, notice: "not_delivered" };
}

/** Total: every event is legal in every model, and one that does not fit changes nothing. */
export function reduce(model: Model, event: Event): Model {
  switch (event.type) {
    case "typed":
      // The wait was for the other number; whether this one must wait too, the server says.
      return { ...model, phone: event.phone, notice: null, waitUntil: null };
    case "pay":
      if (model.step.at === "sending" || model.step.at === "lost") return model;
      // An empty field means the number that the shop named, where it named one.
      return (model.phone || !model.view?.phoneKnown) && parsePhone(model.phone) === null
        ? { ...model, step: { at: "phone" }, notice: "phone_invalid" }
        : { ...model, step: { at: "sending" }, notice: null, waitUntil: null };
    case "again":
      return { ...model, step: { at: "phone" }, notice: null };
    case "read":
      return settle(take(model, event.view, event.at));
    case "answered":
      return { ...take(model, event.view, event.at), step: { at: "following" }, notice: null };
    case "refused":
      return {
        ...model,
        step: { at: "phone" },
        notice: event.notice,
        waitUntil: event.until,
        reach: "reached",
      };
    case "lost":
      return { ...model, step: { at: "lost", since: event.at + model.skewMs } };
    case "unreachable":
      return { ...model, reach: "unreachable" };
    case "gone":
      return { ...model, step: { at: "gone" } };
  }
}

/** The one screen to show. `now` is server time, ms. */
export function screenOf({ view, step }: Model, now: number): Screen {
  if (view === null || step.at === "gone") return "gone";
  switch (view.status) {
    case "confirmed":
      return "paid";
    case "review":
    case "reversed":
      return view.status;
    case "in_doubt":
      return "doubt";
    case "pending":
      return now - promptedAt(view) < PROMPT_SHOWN_MS ? "waiting" : "checking";
    case "open":
    case "cancelled":
    case "expired":
    case "failed":
      if (step.at === "sending" || step.at === "lost") return step.at;
      if (view.closed || Date.parse(view.expiresAt) <= now) return "closed";
      return step.at === "phone" || view.status === "open" ? "phone" : "unsuccessful";
  }
}

/** When the prompt went out; the moment of reading stands in until the server has sent it. */
export function promptedAt(view: CheckoutView): number {
  return Date.parse(view.promptedAt ?? view.now);
}

/** How long until the server takes another prompt, ms; 0 when it does now. */
export function waitMs({ view, waitUntil }: Model, now: number): number {
  const retryAt = view?.retryAt ? Date.parse(view.retryAt) : 0;
  return Math.max(now, retryAt, waitUntil ?? 0) - now;
}
