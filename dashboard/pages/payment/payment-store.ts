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

/** Re-reads when the nudge is for this payment and tells something new. */
export function nudgedPayment({ id, version }: PaymentNudge): void {
  const now = payment.peek();
  if (id !== shown) return;
  if (now.kind === "ready" && now.detail.payment.version >= version) return;
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
    payment.value = { kind: "ready", detail: answer.value, readAt: Date.now() };
    return;
  }
  const { failure } = answer;
  const missing = failure.kind === "refused" && failure.code === "payment_not_found";
  if (missing) payment.value = { kind: "missing" };
  else if (payment.peek().kind !== "ready") payment.value = { kind: "failed", failure };
}
