/** One payment as its page shows it, re-read whenever something may have changed. */
import { signal } from "@preact/signals";
import type { DashboardPaymentDetail } from "../../../shared/api.ts";
import type { PaymentNudge } from "../../../shared/push-events.ts";
import { type Failure, readPayment } from "../../client.ts";

export type PaymentReading =
  | { readonly kind: "loading" }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly detail: DashboardPaymentDetail; readonly readAt: number };

export const payment = signal<PaymentReading>({ kind: "loading" });

let shown: string | null = null;
/** One read at a time; whoever asks meanwhile is served by one more read after it. */
let work: "idle" | "reading" | "again" = "idle";

/** Shows a payment, from nothing. */
export async function openPayment(id: string): Promise<void> {
  shown = id;
  payment.value = { kind: "loading" };
  await readAgain();
}

/** Shows what a call of one's own answered; a re-read that is under way may only be newer. */
export function takeDetail(detail: DashboardPaymentDetail): void {
  if (detail.payment.id === shown) payment.value = { kind: "ready", detail, readAt: Date.now() };
}

/** Re-reads the payment that is shown; what was read before stays until the answer is there. */
export async function readAgain(): Promise<void> {
  if (work !== "idle") {
    work = "again";
    return;
  }
  do {
    work = "reading";
    await readOnce();
  } while (stillWanted());
  work = "idle";
}

/** Re-reads when the nudge is for this payment and not older than what is shown: a note moves no version. */
export function nudgedPayment({ id, version }: PaymentNudge): void {
  const now = payment.peek();
  if (id !== shown) return;
  if (now.kind === "ready" && now.detail.payment.version > version) return;
  void readAgain();
}

function stillWanted(): boolean {
  return work === "again";
}

async function readOnce(): Promise<void> {
  const id = shown;
  if (id === null) return;
  const answer = await readPayment(id);
  if (id !== shown) return;
  if (answer.ok) {
    const now = payment.peek();
    const behind =
      now.kind === "ready" && now.detail.payment.version > answer.value.payment.version;
    // A call of one's own overtook this read.
    if (behind && now.detail.payment.id === id) return;
    payment.value = { kind: "ready", detail: answer.value, readAt: Date.now() };
    return;
  }
  const { failure } = answer;
  const missing = failure.kind === "refused" && failure.code === "payment_not_found";
  if (missing) payment.value = { kind: "missing" };
  else if (payment.peek().kind !== "ready") payment.value = { kind: "failed", failure };
}
