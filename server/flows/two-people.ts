/**
 * Two people decide about much money: who confirms or reverses by hand above the set amount makes a
 * proposal, and a second person approves or declines it. Approving is the same guarded move as
 * deciding alone, so that a proposal which became impossible moves nothing; it falls then, with
 * whoever made it, and after a day.
 */
import { type Cents, shillingsFromCents } from "../../shared/money.ts";
import { may } from "../../shared/permissions.ts";
import type { WhyNot } from "../../shared/words.ts";
import { possibleActions } from "../core/actions.ts";
import type { Subject } from "../core/machine.ts";
import type { Instant, MerchantId, PaymentId } from "../core/payment.ts";
import type {
  Actor,
  AuditEntry,
  Ids,
  Merchant,
  MerchantStore,
  PeopleStore,
  Proposal,
  ProposalStore,
} from "../ports.ts";
import { type AdvanceDeps, subjectOf } from "./advance.ts";
import {
  type Decision,
  examine,
  type ReceiptDecision,
  type Resolved,
  resolveByHand,
} from "./resolve-by-hand.ts";
import type { SeeDeps } from "./see-actions.ts";

/** A proposal that nobody took up in a day is one that the world has moved past. */
const PROPOSAL_LASTS_MS = 24 * 3_600_000;

export interface StandingDeps {
  readonly proposals: ProposalStore;
  readonly people: Pick<PeopleStore, "personById">;
  readonly clock: AdvanceDeps["clock"];
}
export interface TwoPeopleDeps extends AdvanceDeps, SeeDeps, StandingDeps {
  readonly payments: AdvanceDeps["payments"];
  readonly clock: AdvanceDeps["clock"];
  readonly merchants: Pick<MerchantStore, "byId">;
  /** The default merchant, whose rule holds for all of the house: it is the same people who act. */
  readonly merchant: Pick<Merchant, "id">;
  readonly ids: Ids;
}

export type Decided = Resolved | { readonly kind: "proposed" };

/** Moves the payment, or proposes to where one person is not enough. */
export async function decideByHand(
  deps: TwoPeopleDeps,
  subject: Subject,
  decision: Decision,
): Promise<Decided> {
  const { id } = subject.payment;
  if (decision.action === "fail") return resolveByHand(deps, id, decision);
  if ((await standingProposal(deps, subject)) !== null) return ASKED;
  const isEnough = !(await needsSecond(deps, subject, decision));
  return isEnough ? resolveByHand(deps, id, decision) : propose(deps, subject, decision);
}

const ASKED = {
  kind: "refused",
  because: "second_person_asked" satisfies WhyNot,
  at: null,
} as const;

/** From which amount two people decide, in cents; null: one is enough. */
export async function twoPersonFrom(
  { merchants }: Pick<TwoPeopleDeps, "merchants">,
  merchantId: MerchantId,
): Promise<Cents | null> {
  return (await merchants.byId(merchantId))?.twoPersonFrom ?? null;
}

/** The largest sum in sight counts: much money given back in small parts is much money. */
async function needsSecond(
  deps: TwoPeopleDeps,
  { payment, attempts }: Subject,
  { attemptId, amountCents }: ReceiptDecision,
): Promise<boolean> {
  const from = await twoPersonFrom(deps, deps.merchant.id);
  const received = attempts.find(({ id }) => id === attemptId)?.receivedCents ?? 0;
  return from !== null && Math.max(amountCents, payment.amountCents, received) >= from;
}

/** The proposal about a payment that a second person can approve now, or null. */
export async function standingProposal(
  { proposals, people, clock }: StandingDeps,
  subject: Subject,
): Promise<Proposal | null> {
  const at = clock.now();
  const found = await proposals.ofPayment(subject.payment.id, at);
  return found !== null && (await stands(people, subject, found, at)) ? found : null;
}

async function stands(
  people: StandingDeps["people"],
  subject: Subject,
  { action, attemptId, proposedBy }: Proposal,
  at: Instant,
): Promise<boolean> {
  // No prompt is in question here.
  const possible = possibleActions(subject, null, "exempt", at)[action];
  if (possible.kind === "refused" || !possible.attempts.includes(attemptId)) return false;
  const proposer = await people.personById(proposedBy);
  return proposer !== null && may(proposer.role, "act_on_payments");
}

async function propose(
  deps: TwoPeopleDeps,
  subject: Subject,
  decision: ReceiptDecision,
): Promise<Decided> {
  const found = await examine(deps, subject, decision);
  if (found.kind !== "possible") return found;
  const { payment } = subject;
  const { action, attemptId, receipt, amountCents, otherDay, reason, by } = decision;
  const createdAt = deps.clock.now();
  // Whatever stands no more makes room.
  const fallen = await deps.proposals.ofPayment(payment.id, createdAt);
  if (fallen !== null) await deps.proposals.end(fallen.id);
  const proposal: Proposal = {
    id: deps.ids.row("prp"),
    paymentId: payment.id,
    merchantId: payment.merchantId,
    environment: payment.environment,
    ...{ action, attemptId, receipt, amountCents, otherDay, reason },
    proposedBy: by.id,
    proposer: by.email,
    createdAt,
    expiresAt: createdAt + PROPOSAL_LASTS_MS,
  };
  const made = await deps.proposals.propose(
    proposal,
    entry(deps, by, "decision_proposed", proposal, { reason }),
  );
  if (!made) return ASKED;
  deps.log.info("decision_proposed", { paymentId: payment.id, userId: by.id });
  nudge(deps, subject);
  return { kind: "proposed" };
}

/** The same guarded move, under both names. */
export async function approve(
  deps: TwoPeopleDeps,
  subject: Subject,
  wish: { readonly proposalId: string; readonly version: number; readonly reason: string },
  by: Actor,
): Promise<Resolved | { readonly kind: "proposal_gone" | "own_proposal" }> {
  const found = await standingProposal(deps, subject);
  if (found === null || found.id !== wish.proposalId) return { kind: "proposal_gone" };
  if (found.proposedBy === by.id) return { kind: "own_proposal" };
  const { action, attemptId, receipt, amountCents, otherDay, reason, proposedBy, proposer } = found;
  return resolveByHand(deps, subject.payment.id, {
    ...{ action, attemptId, receipt, amountCents, otherDay, reason, version: wish.version },
    by: { id: proposedBy, email: proposer },
    second: { by, reason: wish.reason, proposalId: found.id },
  });
}

/** Says no; whoever made the proposal takes it back so. */
export async function decline(
  deps: TwoPeopleDeps,
  id: PaymentId,
  wish: { readonly proposalId: string; readonly reason: string },
  by: Actor,
): Promise<"declined" | "gone"> {
  const found = await deps.proposals.ofPayment(id, deps.clock.now());
  if (found === null || found.id !== wish.proposalId) return "gone";
  const action = found.proposedBy === by.id ? "proposal_withdrawn" : "proposal_declined";
  const details = { reason: wish.reason, proposedBy: found.proposer };
  if (!(await deps.proposals.end(found.id, entry(deps, by, action, found, details)))) return "gone";
  const subject = await subjectOf(deps.payments, id);
  if (subject !== null) nudge(deps, subject);
  return "declined";
}

function entry(
  { clock }: TwoPeopleDeps,
  by: Actor,
  action: AuditEntry["action"],
  proposal: Proposal,
  more: AuditEntry["details"],
): AuditEntry {
  const { paymentId, receipt, amountCents } = proposal;
  const amount = shillingsFromCents(amountCents);
  const details = { what: proposal.action, receipt, amount, ...more };
  return { at: clock.now(), actor: by.id, action, target: paymentId, details };
}

/** Whoever looks at the payment reads it anew: a proposal moves no version. */
function nudge({ push }: TwoPeopleDeps, { payment: { id, merchantId, version } }: Subject): void {
  push.nudge({ id, merchantId, version });
}
