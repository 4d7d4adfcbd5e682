/** What may be done with a payment now, as the machine and rule §8 answer for its last phone. */
import type { Phone } from "../../shared/phone.ts";
import {
  type LastPhone,
  type MachineAction,
  type Possible,
  possibleActions,
} from "../core/actions.ts";
import { LIMIT_HORIZON_MS } from "../core/limits.ts";
import type { Subject } from "../core/machine.ts";
import type { PaymentId } from "../core/payment.ts";
import type { Clock, PaymentStore, Seal } from "../ports.ts";
import { subjectOf } from "./advance.ts";
import type { LimitsFor } from "./prompt-customer.ts";

export interface SeeDeps {
  readonly payments: PaymentStore;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly limitsFor: LimitsFor;
}

export type PossibleActions = Readonly<Record<MachineAction, Possible>>;

/** @returns null when there is no such payment. */
export async function seeActions(deps: SeeDeps, id: PaymentId): Promise<PossibleActions | null> {
  const subject = await subjectOf(deps.payments, id);
  return subject === null ? null : actionsFor(deps, subject);
}

/** The same for rows that were just read. */
export async function actionsFor(deps: SeeDeps, subject: Subject): Promise<PossibleActions> {
  const limits = await deps.limitsFor(subject.payment.merchantId, null);
  return possibleActions(subject, await lastPhone(deps, subject), limits, deps.clock.now());
}

/** The number that was prompted last, else the one the shop named beforehand. */
export async function lastNumber(
  payments: PaymentStore,
  { payment, attempts }: Pick<Subject, "payment" | "attempts">,
): Promise<Phone | null> {
  const last = attempts.at(-1);
  return last === undefined ? payments.phoneOfPayment(payment.id) : payments.phoneOf(last.id);
}

async function lastPhone(deps: SeeDeps, subject: Subject): Promise<LastPhone | null> {
  const phone = await lastNumber(deps.payments, subject);
  if (phone === null) return null;
  const phoneHash = deps.seal.hash("phone", phone);
  const { environment, merchantId } = subject.payment;
  const since = deps.clock.now() - LIMIT_HORIZON_MS;
  const ofPhone = await deps.payments.attemptsOfPhone(environment, phoneHash, since);
  const limits = await deps.limitsFor(merchantId, phone);
  return { phoneHash, phoneTail: phone.slice(-4), ofPhone, limits };
}
