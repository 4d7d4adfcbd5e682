/** The customer tells the code from M-Pesa's SMS: noted beside the prompt it may belong to. */

import type { Receipt } from "../../shared/receipt.ts";
import type { PaymentId } from "../core/payment.ts";
import { type AdvanceDeps, type Advanced, advance } from "./advance.ts";

/**
 * Notes a code (machine §8.4). It moves no money: a statement's line or a person proves it.
 * @returns `used` when another payment's money came under this receipt.
 */
export async function takeCustomerCode(
  deps: AdvanceDeps,
  id: PaymentId,
  receipt: Receipt,
): Promise<Advanced | { readonly kind: "used" }> {
  const { payments } = deps;
  const rows = await payments.load(id);
  if (rows === null) return { kind: "unknown_payment" };
  const owner = await payments.receiptOwner(rows.payment.environment, receipt);
  if (owner !== null && !rows.attempts.some((attempt) => attempt.id === owner)) {
    return { kind: "used" };
  }
  return advance(deps, id, { type: "customer_code", receipt });
}
