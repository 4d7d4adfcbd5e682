/** One payment's part of /dashboard/api: its messages, and what a person does with it. */
import type { AskAnswer, DashboardPaymentDetail } from "../shared/api.ts";
import type { PaymentMessages } from "../shared/payment-actions-api.ts";
import { type Answer, call } from "./client.ts";

/** `version` is what the page shows: when the payment moved meanwhile, nothing is overwritten. */
export interface ByHand {
  readonly version: number;
  readonly attemptId: string;
  readonly reason: string;
}
export interface ByReceipt extends ByHand {
  readonly receipt: string;
  readonly amount: number;
  readonly otherDay: "unseen" | "accepted";
}
type Detail = Promise<Answer<DashboardPaymentDetail>>;

export const evidencePath = (id: string): string =>
  `/dashboard/api/payments/${encodeURIComponent(id)}/evidence`;

export function readMessages(id: string): Promise<Answer<PaymentMessages>> {
  return call("GET", `payments/${encodeURIComponent(id)}/messages`);
}
export function postAsk(id: string): Promise<Answer<AskAnswer>> {
  return call("POST", `payments/${encodeURIComponent(id)}/ask`, {});
}
/** @param phoneNumber as it was typed; null for the phone that was prompted last. */
export function postPrompt(id: string, phoneNumber: string | null): Detail {
  return call(
    "POST",
    `payments/${encodeURIComponent(id)}/prompt`,
    phoneNumber === null ? {} : { phoneNumber },
  );
}
export function postConfirm(id: string, decision: ByReceipt): Detail {
  return call("POST", `payments/${encodeURIComponent(id)}/confirm`, decision);
}
export function postFail(id: string, decision: ByHand): Detail {
  return call("POST", `payments/${encodeURIComponent(id)}/fail`, decision);
}
export function postReverse(id: string, decision: ByReceipt): Detail {
  return call("POST", `payments/${encodeURIComponent(id)}/reverse`, decision);
}
export interface SecondWish {
  readonly proposalId: string;
  readonly reason: string;
}
/** `version` is what the second person sees: they approve nothing else. */
export function postApproval(id: string, wish: SecondWish, version: number): Detail {
  return call("POST", `payments/${encodeURIComponent(id)}/approve`, { ...wish, version });
}
export function postDecline(id: string, wish: SecondWish): Detail {
  return call("POST", `payments/${encodeURIComponent(id)}/decline`, wish);
}
export function postNote(id: string, text: string): Detail {
  return call("POST", `payments/${encodeURIComponent(id)}/notes`, { text });
}
