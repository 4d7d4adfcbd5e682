/** What a statement brings when all is calm: every debit by its receipt, and what is not there. */
import { centsFromShillings } from "../../shared/money.ts";
import { parseReceipt } from "../../shared/receipt.ts";
import { happened } from "../core/events.ts";
import type { Attempt, AttemptId, PaymentId } from "../core/payment.ts";
import { advance } from "../flows/advance.ts";
import type { Life } from "./life.ts";
import type { World } from "./world.ts";

/** Tells the server what the ledger says, through the one door. */
export async function importStatement(world: World, life: Life): Promise<void> {
  const { mpesa, testimony, watch } = world;
  const paymentOf = (id: AttemptId): PaymentId | undefined =>
    watch.payments().find(({ attempts }) => attempts.some((one) => one.id === id))?.payment.id;
  const say = async (id: AttemptId, event: ReturnType<typeof happened>) => {
    const paymentId = paymentOf(id);
    if (paymentId !== undefined) await advance(life.advancing, paymentId, event);
  };
  for (const { attemptId, receipt, amount, at } of mpesa.debits) {
    const told = {
      receipt: receiptFor(world, attemptId, receipt),
      amountCents: centsFromShillings(amount),
      paidAt: at,
    };
    await say(attemptId, happened("statement_row", attemptId, told));
  }
  for (const { id, state } of attemptsOf(world)) {
    const nothing = !mpesa.debits.some(({ attemptId }) => attemptId === id);
    if (!nothing || state !== "in_doubt") continue;
    testimony.of(id).absent = true;
    await say(id, happened("statement_absent", id));
  }
  for (const { id, flags } of attemptsOf(world)) {
    const late = flags.includes("late") && plainlyOverpaid(world, id);
    if (late) await say(id, happened("reversal", id));
  }
}

function attemptsOf({ watch }: World): readonly Attempt[] {
  return watch.payments().flatMap(({ attempts }) => attempts);
}

function plainlyOverpaid({ watch }: World, id: AttemptId): boolean {
  const owner = watch.payments().find(({ attempts }) => attempts.some((one) => one.id === id));
  return owner?.payment.flags.includes("overpaid") ?? false;
}

/** A receipt that another row took, by a success posted to the wrong door, is left to a person. */
function receiptFor({ watch }: World, attemptId: AttemptId, receipt: string) {
  const taken = watch
    .payments()
    .some(({ attempts }) =>
      attempts.some((one) => one.receipt === receipt && one.id !== attemptId),
    );
  return taken ? null : parseReceipt(receipt);
}
