/** One payment's whole story as a signed-in person may see it. */
import type { DashboardPayment, DashboardPaymentDetail } from "../../shared/api.ts";
import { shillingsFromCents } from "../../shared/money.ts";
import type {
  ActionView,
  AttemptFacts,
  NoteView,
  ProposalView,
} from "../../shared/payment-actions-api.ts";
import { may, type Permission, type UserRole } from "../../shared/permissions.ts";
import { ACTION_NAMES, type ActionName } from "../../shared/words.ts";
import type { Possible } from "../core/actions.ts";
import type { Attempt, AttemptId, Instant, PaymentWithAttempts } from "../core/payment.ts";
import { othersOf } from "../core/received.ts";
import { subjectOf } from "../flows/advance.ts";
import { actionsFor, type PossibleActions, type SeeDeps } from "../flows/see-actions.ts";
import { type StandingDeps, standingProposal, twoPersonFrom } from "../flows/two-people.ts";
import { parsePaymentId } from "../ids.ts";
import type { Note, Proposal, StoredTimelineLine, StoryStore, User } from "../ports.ts";
import { type ChoiceDeps, ownMerchant } from "./chosen-merchant.ts";
import type { Problem } from "./problem.ts";

export interface DetailDeps extends SeeDeps, StandingDeps, ChoiceDeps {
  readonly clock: SeeDeps["clock"];
  readonly story: StoryStore;
  /** The payment without token and full phone number. */
  readonly view: (payment: PaymentWithAttempts) => DashboardPayment;
}

export const NO_SUCH_PAYMENT: Problem = {
  status: 404,
  type: "not_found",
  code: "payment_not_found",
  message: "there is no payment with this id",
};

/** The payment when it is of a merchant of this house; null for foreign and absent ids alike. */
export async function ownPayment(
  deps: Pick<DetailDeps, "payments" | "merchants" | "merchant">,
  text: string,
) {
  const id = parsePaymentId(text);
  const subject = id === null ? null : await subjectOf(deps.payments, id);
  if (subject === null) return null;
  const { merchantId, environment } = subject.payment;
  const merchant = await ownMerchant(deps, merchantId);
  return merchant?.environment === environment ? subject : null;
}

/** @param viewer whose role decides which actions are offered. */
export async function paymentDetail(
  deps: DetailDeps,
  text: string,
  viewer: Pick<User, "id" | "role">,
): Promise<DashboardPaymentDetail | null> {
  const subject = await ownPayment(deps, text);
  if (subject === null) return null;
  const { id } = subject.payment;
  const [proposal, from, lines, notes, possible] = await Promise.all([
    standingProposal(deps, subject),
    twoPersonFrom(deps, deps.merchant.id),
    deps.payments.timeline(id),
    deps.story.notes(id),
    actionsFor(deps, subject),
  ]);
  return {
    payment: deps.view(subject),
    attempts: subject.attempts.map(factsOf),
    timeline: lines.map(timelineEntry),
    notes: notes.map(noteView),
    actions: ACTION_NAMES.map((name) =>
      actionView(name, proposal === null ? possible : { ...possible, ...ASKED }, viewer.role),
    ),
    proposal: proposal === null ? null : proposalView(proposal, viewer),
    twoPersonFrom: from === null ? null : shillingsFromCents(from),
  };
}

/** While a second person is asked, nobody decides about the same money beside them. */
const SECOND_ASKED: Possible = { kind: "refused", because: "second_person_asked", at: null };
const ASKED = { confirm: SECOND_ASKED, reverse: SECOND_ASKED };

function proposalView(proposal: Proposal, viewer: Pick<User, "id">): ProposalView {
  const { id, action, attemptId, receipt, amountCents, reason, proposer } = proposal;
  return {
    ...{ id, action, receipt, reason, proposer },
    attemptId: publicAttemptId(attemptId),
    amount: shillingsFromCents(amountCents),
    isYours: proposal.proposedBy === viewer.id,
    createdAt: iso(proposal.createdAt),
    expiresAt: iso(proposal.expiresAt),
  };
}

/** An attempt's id as pages and the API know it. */
export function publicAttemptId(id: AttemptId): string {
  return `att_${id}`;
}

/** What each action needs beside the machine's leave. */
const PERMISSION: Readonly<Record<ActionName, Permission>> = {
  ask: "act_on_payments",
  prompt_same: "act_on_payments",
  prompt_other: "act_on_payments",
  confirm: "act_on_payments",
  fail: "act_on_payments",
  reverse: "act_on_payments",
  note: "write_notes",
  evidence: "read_messages",
};
const ALWAYS: Possible = { kind: "allowed", attempts: [] };

function actionView(name: ActionName, possible: PossibleActions, role: UserRole): ActionView {
  if (!may(role, PERMISSION[name])) {
    return { name, kind: "refused", because: "role_too_small", at: null };
  }
  const answer = name === "note" || name === "evidence" ? ALWAYS : possible[name];
  return answer.kind === "allowed"
    ? { name, kind: "allowed", attempts: answer.attempts.map(publicAttemptId) }
    : { name, kind: "refused", because: answer.because, at: isoOrNull(answer.at) };
}

export function factsOf(attempt: Attempt): AttemptFacts {
  const { receivedCents } = attempt;
  return {
    id: publicAttemptId(attempt.id),
    flags: [...attempt.flags],
    merchantRequestId: attempt.merchantRequestId,
    sentAt: isoOrNull(attempt.sentAt),
    acceptedAt: isoOrNull(attempt.acceptedAt),
    inDoubtAt: isoOrNull(attempt.inDoubtAt),
    heldAt: isoOrNull(attempt.heldAt),
    looks: attempt.looks,
    lastLookAt: isoOrNull(attempt.lastLookAt),
    nextLookAt: isoOrNull(attempt.nextLookAt),
    laterResultCode: attempt.laterResultCode,
    customerCode: attempt.customerCode,
    otherReceipts: othersOf(attempt).map(({ receipt, amountCents }) => ({
      receipt,
      amount: shillingsFromCents(amountCents),
    })),
    received: receivedCents === null ? null : shillingsFromCents(receivedCents),
    reversed: shillingsFromCents(attempt.reversedCents),
  };
}

export function timelineEntry(
  line: StoredTimelineLine,
): DashboardPaymentDetail["timeline"][number] {
  return {
    id: line.id,
    at: iso(line.at),
    kind: line.kind,
    attemptId: line.attemptId,
    from: line.from,
    to: line.to,
    status: line.status,
    detail: line.detail,
  };
}

function noteView({ id, at, author, text }: Note): NoteView {
  return { id, at: iso(at), author, text };
}

export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : iso(at);
}
