/**
 * A person decides: confirms by a receipt, fails, or marks as reversed (machine rows 17 to 19, E4).
 * Version, receipt, evidence, move and story stand in one commit (machine §6, P7); who may ask for
 * it and with which proof of who they are, the route has asked before.
 */
import { type Cents, shillingsFromCents } from "../../shared/money.ts";
import { type Receipt, receiptDayFits } from "../../shared/receipt.ts";
import type { ActionName, WhyNot } from "../../shared/words.ts";
import { type AttemptEvent, happened } from "../core/events.ts";
import { decide, type Subject } from "../core/machine.ts";
import type {
  Attempt,
  AttemptId,
  Detail,
  Instant,
  PaymentId,
  PaymentWithAttempts,
} from "../core/payment.ts";
import { receivedOf } from "../core/received.ts";
import { pushedAt } from "../core/schedule.ts";
import type { Actor, AuditEntry } from "../ports.ts";
import { type AdvanceDeps, advanceUnless, type CarefulMaker } from "./advance.ts";
import { recountOrder } from "./recount-order.ts";
import { type SeeDeps, seeActions } from "./see-actions.ts";

/** What the statement says, and whether the person has seen that the receipt names another day. */
interface Proof {
  readonly action: Extract<ActionName, "confirm" | "reverse">;
  readonly receipt: Receipt;
  readonly amountCents: Cents;
  readonly otherDay: "unseen" | "accepted";
}

interface Basis {
  readonly attemptId: AttemptId;
  /** The version of the payment that the person saw. */
  readonly version: number;
  readonly reason: string;
  readonly by: Actor;
  /** Who approved it, where two people decide; the proposal ends with the commit. */
  readonly second?: { readonly by: Actor; readonly reason: string; readonly proposalId: string };
}
export type ReceiptDecision = Basis & Proof;

/** One decision about one attempt, by whom and why. */
export type Decision = ReceiptDecision | (Basis & { readonly action: "fail" });

/** What stands in the way, seen in the same rows that the commit is guarded by. */
type Obstacle =
  | { readonly kind: "stale" }
  | { readonly kind: "unknown_attempt" }
  | { readonly kind: "receipt_used"; readonly owner: AttemptId | null }
  | { readonly kind: "receipt_other_day" }
  | { readonly kind: "more_than_received"; readonly leftCents: number };

export type Resolved =
  | { readonly kind: "resolved"; readonly now: PaymentWithAttempts }
  | { readonly kind: "unknown_payment" }
  | { readonly kind: "refused"; readonly because: WhyNot; readonly at: Instant | null }
  | Obstacle;

/** Moves the payment, or says what is in the way; of two people at once exactly one moves it. */
export async function resolveByHand(
  deps: AdvanceDeps & SeeDeps,
  id: PaymentId,
  decision: Decision,
): Promise<Resolved> {
  const extra = { audit: auditOf(deps, id, decision), proposal: decision.second?.proposalId };
  const make: CarefulMaker<Obstacle> = (subject) => eventOf(deps, subject, decision);
  const done = await advanceUnless<Obstacle>(deps, id, make, extra);
  switch (done.kind) {
    case "changed":
      deps.log.info("payment_resolved", { paymentId: id, userId: decision.by.id });
      if (decision.action === "reverse") await recounted(deps, id);
      return { kind: "resolved", now: done.now };
    case "declined":
      return done.why;
    case "missed":
      return { kind: "stale" };
    case "unknown_payment":
      return done;
    case "refused":
    case "unchanged":
      return refusal(deps, id, decision);
  }
}

/** The decision stands, whatever becomes of the flags beside it. */
async function recounted(deps: AdvanceDeps, id: PaymentId): Promise<void> {
  try {
    await recountOrder(deps, id);
  } catch (error) {
    deps.log.error("recount_failed", { paymentId: id, error: String(error) });
  }
}

/** Whether the decision would move the payment now; nothing is written. */
export async function examine(
  deps: AdvanceDeps & SeeDeps,
  subject: Subject,
  decision: ReceiptDecision,
): Promise<Exclude<Resolved, { kind: "resolved" }> | { readonly kind: "possible" }> {
  const event = await eventOf(deps, subject, decision);
  if ("instead" in event) return event.instead;
  return decide(subject, event, deps.clock.now()).kind === "change"
    ? { kind: "possible" }
    : refusal(deps, subject.payment.id, decision);
}

/** The decision as an event, or what stands in its way in these rows. */
async function eventOf(
  deps: AdvanceDeps,
  subject: Subject,
  decision: Decision,
): Promise<AttemptEvent | { readonly instead: Obstacle }> {
  const attempt = subject.attempts.find((each) => each.id === decision.attemptId);
  if (subject.payment.version !== decision.version) return { instead: { kind: "stale" } };
  if (attempt === undefined) return { instead: { kind: "unknown_attempt" } };
  if (decision.action === "fail") return failEvent(decision);
  const obstacle = await obstacleTo(deps, attempt, decision);
  if (obstacle !== null) return { instead: obstacle };
  const fits = receiptDayFits(decision.receipt, pushedAt(attempt), deps.clock.now());
  if (!fits && decision.otherDay === "unseen") return { instead: { kind: "receipt_other_day" } };
  return receiptEvent(decision, fits ? {} : { receiptDateOdd: true });
}

const AUDITED = {
  confirm: "payment_confirmed",
  fail: "payment_failed",
  reverse: "payment_reversed",
} as const;

function auditOf({ clock }: AdvanceDeps, target: PaymentId, decision: Decision): AuditEntry {
  const { action, attemptId, reason, by, second } = decision;
  const proof: Detail =
    decision.action === "fail"
      ? {}
      : { receipt: decision.receipt, amount: shillingsFromCents(decision.amountCents) };
  const details = { attemptId, reason, ...proof, ...approvalOf(decision) };
  const actor = second?.by.id ?? by.id;
  return { at: clock.now(), actor, action: AUDITED[action], target, details };
}

/** Beside the name of who approved, under which it is told, the name of who wanted it. */
function approvalOf({ by, second }: Decision): Detail {
  return second === undefined ? {} : { proposedBy: by.email, approval: second.reason };
}

/** In the words of the page: the same answer that its button has. */
async function refusal(
  deps: SeeDeps,
  id: PaymentId,
  { action }: Decision,
): Promise<Extract<Resolved, { kind: "refused" }>> {
  const possible = (await seeActions(deps, id))?.[action];
  return possible?.kind === "refused"
    ? possible
    : { kind: "refused", because: "operator_refused", at: null };
}

async function obstacleTo(
  { payments }: AdvanceDeps,
  attempt: Attempt,
  { action, receipt, amountCents }: ReceiptDecision,
): Promise<Obstacle | null> {
  // Money went out under it, whoever's it was: it is no proof of money that came in, nor of more that went.
  if (await payments.isReversal(attempt.environment, receipt)) {
    return { kind: "receipt_used", owner: null };
  }
  const owner = await payments.receiptOwner(attempt.environment, receipt);
  switch (action) {
    case "confirm":
      return owner === null || owner === attempt.id ? null : { kind: "receipt_used", owner };
    case "reverse": {
      // A reversal has a receipt of its own.
      if (owner !== null) return { kind: "receipt_used", owner };
      const leftCents = held(attempt);
      return amountCents > leftCents ? { kind: "more_than_received", leftCents } : null;
    }
  }
}

/** What of the customer's money an attempt still holds. */
function held(attempt: Attempt): number {
  return receivedOf(attempt) - attempt.reversedCents;
}

function failEvent({ attemptId, reason, by }: Decision): AttemptEvent {
  return happened("operator_fail", attemptId, { by: by.email, note: { reason } });
}

function receiptEvent(decision: ReceiptDecision, odd: Detail): AttemptEvent {
  const { action, attemptId, receipt, amountCents, reason, by } = decision;
  const note = { reason, ...odd, ...approvalOf(decision) };
  const told = { by: (decision.second?.by ?? by).email, receipt, amountCents, note };
  return happened(action === "confirm" ? "operator_confirm" : "reversal", attemptId, told);
}
