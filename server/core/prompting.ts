/** Machine row 21 and §8: may this payment be prompted on this phone now? */
import { cents } from "../../shared/money.ts";
import { CELLS, type PromptMove } from "./cells.ts";
import type { PromptEvent } from "./events.ts";
import { promptAllowedAt } from "./limits.ts";
import type { Attempt, AttemptId, Decision, Instant, Payment, Refused } from "./payment.ts";
import { blocks, phoneFreeAt, retryAtAfter } from "./reprompt.ts";
import { isAskedAbout, LOOK_SPACING_MS, pushedAt } from "./schedule.ts";

/** Before answering "in progress" Daraja is asked, at most this often (machine §8.1). */
export const ASK_SPACING_MS = 10_000;

/** What decides over the payment as a whole, strongest first. */
const PRECEDENCE: readonly PromptMove[] = [
  "refusePaid",
  "refuseReview",
  "refuseInProgress",
  "askThenRule",
  "refuseReversed",
  "rule",
];

/** What §8 sees: the payment, its own attempts and those of other payments of the order. */
export interface PromptSubject {
  readonly payment: Payment;
  readonly attempts: readonly Attempt[];
  readonly siblings: readonly Attempt[];
}

function refused(
  code: Refused["code"],
  retryAt: Instant | null = null,
  lookFirst: readonly AttemptId[] = [],
): Refused {
  return { kind: "refuse", code, retryAt, lookFirst };
}

function strongestMove(subject: PromptSubject): PromptMove {
  const seen = new Set<PromptMove>([
    ...subject.attempts.map((attempt) => CELLS.prompt[attempt.state]),
    ...subject.siblings.filter(blocks).map((attempt) => CELLS.prompt[attempt.state]),
  ]);
  return PRECEDENCE.find((move) => seen.has(move)) ?? "rule";
}

/** Attempts that wait for a result, or for a second source, and have an id to ask Daraja by. */
export function askable(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.filter(isAskedAbout).filter((attempt) => attempt.checkoutRequestId !== null);
}

/** From when a person's wish is worth a look: the last look and the push are long enough ago. */
export function askableFrom(attempt: Attempt): Instant {
  return Math.max(attempt.lastLookAt ?? 0, pushedAt(attempt)) + ASK_SPACING_MS;
}

/** Attempts worth asking Daraja about before the customer is told to wait. */
export function worthAsking(attempts: readonly Attempt[], at: Instant): readonly AttemptId[] {
  return askable(attempts)
    .filter((attempt) => at >= askableFrom(attempt))
    .map((attempt) => attempt.id);
}

function inProgress(subject: PromptSubject, at: Instant): Refused {
  const all = [...subject.attempts, ...subject.siblings];
  const looks = all.map((attempt) => attempt.nextLookAt).filter((look) => look !== null);
  const retryAt = Math.max(at + 1_000, Math.min(at + LOOK_SPACING_MS, ...looks));
  return refused("payment_in_progress", retryAt, worthAsking(all, at));
}

/** The refusal that the order's state demands, or null when rule §8 is next to speak. */
function refusalByState(subject: PromptSubject, at: Instant): Refused | null {
  switch (strongestMove(subject)) {
    case "refusePaid":
      return refused("order_already_paid");
    case "refuseReview":
      return refused("payment_in_review");
    case "refuseInProgress":
    case "askThenRule":
      return inProgress(subject, at);
    case "refuseReversed":
      return refused("payment_reversed");
    case "rule":
      return null;
  }
}

function refusalByTime(subject: PromptSubject, event: PromptEvent, at: Instant): Refused | null {
  const { payment, attempts, siblings } = subject;
  if (payment.closing === "cancelled") return refused("payment_closed");
  if (payment.closing === "expired" || at >= payment.expiresAt) return refused("payment_expired");
  const lock = retryAtAfter([...attempts, ...siblings]);
  if (lock !== null && lock > at) return refused("payment_in_progress", lock);
  const free = phoneFreeAt(event.ofPhone, at);
  if (free === "unknown") return refused("phone_in_progress", at + LOOK_SPACING_MS);
  if (free !== null) return refused("phone_in_progress", free);
  if (event.limits === "exempt") return null;
  const allowed = promptAllowedAt(event.ofPhone, attempts, at, event.limits);
  return allowed === null ? null : refused("too_many_prompts", allowed);
}

/** Rule §8: the attempt to make, or why not and when to come back. */
export function decidePrompt(
  subject: PromptSubject,
  event: PromptEvent,
  at: Instant,
): Attempt | Extract<Decision, { kind: "refuse" }> {
  const refusal = refusalByState(subject, at) ?? refusalByTime(subject, event, at);
  return refusal ?? freshAttempt(subject.payment, event, at);
}

function freshAttempt(payment: Payment, event: PromptEvent, at: Instant): Attempt {
  return {
    id: event.attemptId,
    paymentId: payment.id,
    merchantId: payment.merchantId,
    environment: payment.environment,
    orderReference: payment.orderReference,
    amountCents: payment.amountCents,
    phoneHash: event.phoneHash,
    phoneTail: event.phoneTail,
    state: "created",
    reason: null,
    merchantRequestId: null,
    checkoutRequestId: null,
    resultCode: null,
    resultDescription: null,
    laterResultCode: null,
    receipt: null,
    receivedCents: null,
    provenReceipts: [],
    reversedCents: cents(0),
    flags: [],
    createdAt: at,
    sentAt: null,
    acceptedAt: null,
    inDoubtAt: null,
    resolvedAt: null,
    paidAt: null,
    heldAt: null,
    successSeen: false,
    looks: 0,
    lastLookAt: null,
    nextLookAt: null,
    wakeAt: null,
    queryFailureCode: null,
    queryFailureAt: null,
    queryReachedAt: null,
    customerCode: null,
  };
}
