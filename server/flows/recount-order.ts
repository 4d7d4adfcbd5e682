/**
 * After money was given back, the order's other payments are weighed anew: what was too much for
 * one of them may be right again, and a flag that stays would have somebody refund it twice.
 */
import type { PaymentId } from "../core/payment.ts";
import { type AdvanceDeps, advance } from "./advance.ts";

/**
 * Each is asked, whatever its flags say now: one that is being paid at this moment has not got its
 * flag yet, and waits in the same queue.
 * @param id the payment whose money was given back. Throws only when the store does.
 */
export async function recountOrder(deps: AdvanceDeps, id: PaymentId): Promise<void> {
  const others = (await deps.payments.orderOf(id)).filter(({ payment }) => payment.id !== id);
  for (const { payment } of others) {
    await advance(deps, payment.id, { type: "order_recounted" });
  }
}
