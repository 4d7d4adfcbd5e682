/**
 * What a page may conclude from a payment's public view. The checkout, the dashboard and the
 * server's routes ask these predicates, so that a button never offers what a route refuses.
 */
import type { CheckoutView } from "./api.ts";
import type { PaymentStatus } from "./words.ts";

type Standing = Pick<CheckoutView, "status" | "closed" | "retryAt" | "expiresAt">;

/** Money has moved or may still move: a new prompt is out of the question (machine §8.1). */
export function isBlocking(status: PaymentStatus): boolean {
  switch (status) {
    case "pending":
    case "in_doubt":
    case "confirmed":
    case "review":
      return true;
    case "open":
    case "cancelled":
    case "expired":
    case "failed":
    case "reversed":
      return false;
  }
}

/** The customer is being asked, or we are finding out: the page should keep looking. */
export function isUnderway(status: PaymentStatus): boolean {
  return status === "pending" || status === "in_doubt";
}

/** Nothing more will happen on its own; the page may stop looking. */
export function isSettled(view: Standing): boolean {
  return (
    view.status === "confirmed" ||
    view.status === "reversed" ||
    (view.closed && !isBlocking(view.status))
  );
}

/** May the customer ask for a prompt now? `now` is epoch ms by the server's clock. */
export function canPrompt(view: Standing, now: number): boolean {
  if (view.closed || isBlocking(view.status) || view.status === "reversed") return false;
  if (Date.parse(view.expiresAt) <= now) return false;
  return view.retryAt === null || Date.parse(view.retryAt) <= now;
}
