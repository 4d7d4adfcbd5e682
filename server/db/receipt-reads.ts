/** Whose a receipt is: by the rows, by the evidence, and by what customers say. */
import { and, eq } from "drizzle-orm";
import type { AttemptId } from "../core/payment.ts";
import type { PaymentStore, Seal } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { reversedUnder } from "./guards.ts";
import { provenUnder } from "./payment-filter.ts";
import { type AttemptRow, attemptOf } from "./rows.ts";
import { slot } from "./slots.ts";

/** Two customers who name one receipt are as unclear as twenty. */
const NAMING_MAX = 2;

const attemptByReceipt: Template<{ id: AttemptId }[]> = (db, t) =>
  db
    .select({ id: t.attempts.id })
    .from(t.attempts)
    .where(
      and(eq(t.attempts.environment, slot("environment")), eq(t.attempts.receipt, slot("receipt"))),
    );

/** Money that came to an attempt under another receipt than the one in its row. */
const attemptWithEvidence: Template<{ id: AttemptId }[]> = (db, t) =>
  db
    .select({ id: t.evidence.attemptId })
    .from(t.evidence)
    .where(provenUnder(t, slot("environment"), slot("receipt")))
    .limit(1);

const reversalsUnder: Template<{ id: AttemptId }[]> = (db, t) =>
  db
    .select({ id: t.evidence.attemptId })
    .from(t.evidence)
    .where(reversedUnder(t, slot("environment"), slot("receipt")))
    .limit(1);

const attemptsNaming: Template<AttemptRow[]> = (db, t) =>
  db
    .select()
    .from(t.attempts)
    .where(
      and(
        eq(t.attempts.environment, slot("environment")),
        eq(t.attempts.customerCode, slot("receipt")),
      ),
    )
    .limit(NAMING_MAX);

/** @param seal opens CheckoutRequestIDs. */
export function receiptReads(
  engine: Engine,
  seal: Seal,
): Pick<PaymentStore, "receiptOwner" | "isReversal" | "namingReceipt"> {
  return {
    async receiptOwner(environment, receipt) {
      const asked = { environment, receipt };
      const [row] = await engine.read(attemptByReceipt, asked);
      const [second] = row === undefined ? await engine.read(attemptWithEvidence, asked) : [];
      return row?.id ?? second?.id ?? null;
    },
    async isReversal(environment, receipt) {
      return (await engine.read(reversalsUnder, { environment, receipt })).length > 0;
    },
    async namingReceipt(environment, receipt) {
      const rows = await engine.read(attemptsNaming, { environment, receipt });
      return rows.map((row) => attemptOf(row, seal));
    },
  };
}
