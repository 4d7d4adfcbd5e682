/**
 * After money was given back, the order's other payments are weighed anew: what was too much for
 * one of them may be right again, and a flag that stays would have somebody refund it twice.
 */
import type { PaymentId } from "../core/payment.ts";
import { type AdvanceDeps, advance } from "./advance.ts";

/** @param id the payment whose money was given back. Throws only when the store does. */
export async function recountOrder(deps: AdvanceDeps, id: PaymentId): Promise<void> {
  const others = (await deps.payments.orderOf(id)).filter(({ payment }) => payment.id !== id);
  for (const { payment } of others) {
    if (!payment.flags.includes("overpaid")) continue;
    await advance(deps, payment.id, { type: "order_recounted" });
  }
}
