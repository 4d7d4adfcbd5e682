/** Whose an attempt is, and on which number: the few reads that open a phone. */
import { eq } from "drizzle-orm";
import { parsePhone } from "../../shared/phone.ts";
import { ERASED_TAIL } from "../core/blanked.ts";
import type { PaymentId } from "../core/payment.ts";
import type { PaymentStore, Seal } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { slot } from "./slots.ts";

const attemptOwner: Template<{ paymentId: PaymentId; phoneEnc: string; phoneTail: string }[]> = (
  db,
  t,
) =>
  db
    .select({
      paymentId: t.attempts.paymentId,
      phoneEnc: t.attempts.phoneEnc,
      phoneTail: t.attempts.phoneTail,
    })
    .from(t.attempts)
    .where(eq(t.attempts.id, slot("id")));

const paymentPhone: Template<{ phoneEnc: string | null }[]> = (db, t) =>
  db
    .select({ phoneEnc: t.payments.phoneEnc })
    .from(t.payments)
    .where(eq(t.payments.id, slot("id")));

type WhoseReads = Pick<PaymentStore, "paymentOfAttempt" | "ownerOf" | "phoneOf" | "phoneOfPayment">;

/** What stands in the place of an erased number is none. */
export function whoseReads(engine: Engine, seal: Seal): WhoseReads {
  return {
    async paymentOfAttempt(id) {
      const [row] = await engine.read(attemptOwner, { id });
      return row?.paymentId ?? null;
    },
    async ownerOf(id) {
      const [row] = await engine.read(attemptOwner, { id });
      if (row === undefined) return null;
      return { id: row.paymentId, phone: row.phoneTail === ERASED_TAIL ? "erased" : "known" };
    },
    async phoneOf(id) {
      const [row] = await engine.read(attemptOwner, { id });
      return row === undefined ? null : parsePhone(seal.open(row.phoneEnc));
    },
    async phoneOfPayment(id) {
      const [row] = await engine.read(paymentPhone, { id });
      return row === undefined || row.phoneEnc === null
        ? null
        : parsePhone(seal.open(row.phoneEnc));
    },
  };
}
