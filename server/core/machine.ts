/**
 * `decide` is total: for every payment and every event it answers with a change as plain data,
 * or with a reason why nothing changes, or with a refusal. It never throws for something the
 * world can do, and it reads no clock: `at` is given.
 */
import { shillingsFromCents } from "../../shared/money.ts";
import { CELLS } from "./cells.ts";
import type { AttemptEvent, PaymentEvent, PromptEvent } from "./events.ts";
import { MOVE } from "./moves.ts";
import { isSuccessEvidence, type Scene } from "./outcomes.ts";
import type {
  Attempt,
  Change,
  Decision,
  Detail,
  Evidence,
  EvidenceClass,
  Instant,
  PaymentWithAttempts,
  TimelineLine,
} from "./payment.ts";
import {
  closeDecision,
  codeDecision,
  ignored,
  recountDecision,
  refused,
  shownDecision,
} from "./payment-events.ts";
import { decidePrompt } from "./prompting.ts";
import { wakeAt } from "./schedule.ts";
import { summarise } from "./status.ts";

/** A payment, its attempts, and the attempts of other payments of the same order. */
export interface Subject extends PaymentWithAttempts {
  readonly siblings: readonly Attempt[];
}

/** What an event means for a payment. A clock that ran backwards never reaches the rows (I22). */
export function decide(subject: Subject, event: PaymentEvent, at: Instant): Decision {
  const now = Math.max(at, subject.payment.updatedAt);
  switch (event.type) {
    case "prompt":
      return promptDecision(subject, event, now);
    case "cancel":
    case "expire":
      return closeDecision(subject, event, now);
    case "customer_code":
      return codeDecision(subject, event, now);
    case "checkout_shown":
      return shownDecision(subject, event, now);
    case "order_recounted":
      return recountDecision(subject, now);
    default:
      return attemptDecision(subject, event, now);
  }
}

function attemptDecision(subject: Subject, event: AttemptEvent, at: Instant): Decision {
  const attempt = subject.attempts.find((candidate) => candidate.id === event.attemptId);
  if (attempt === undefined) return ignored("the payment has no such attempt", true);
  const scene: Scene = {
    attempt,
    event,
    at,
    siblings: [...subject.attempts.filter((other) => other !== attempt), ...subject.siblings],
    closed: subject.payment.closing !== null,
  };
  const outcome = MOVE[CELLS[event.type][attempt.state]](scene);
  switch (outcome.kind) {
    case "nothing":
      return ignored(outcome.because, outcome.alarm, outcome.hint);
    case "refuse":
      return refused("operator_refused");
    case "next": {
      const next = { ...outcome.attempt, wakeAt: wakeAt(outcome.attempt) };
      const evidence = evidenceOf(event, at);
      if (evidence.length === 0 && same(attempt, next)) return ignored("it tells nothing new");
      return changed(subject, attempt, next, event, at, evidence, outcome.alarm ?? null);
    }
  }
}

function same(before: Attempt, after: Attempt): boolean {
  const keys = Object.keys(after) as (keyof Attempt)[];
  return keys.every((key) =>
    key === "flags" ? before.flags.join() === after.flags.join() : before[key] === after[key],
  );
}

function changed(
  subject: Subject,
  before: Attempt,
  after: Attempt,
  event: AttemptEvent,
  at: Instant,
  evidence: readonly Evidence[],
  alarm: string | null,
): Change {
  const attempts = subject.attempts.map((attempt) => (attempt === before ? after : attempt));
  const payment = summarise(subject.payment, attempts, subject.siblings, at);
  const line: TimelineLine = {
    at,
    kind: event.type,
    attemptId: after.id,
    from: before.state,
    to: after.state,
    status: payment.status,
    detail: detailOf(event),
  };
  return {
    kind: "change",
    payment,
    attempts: [after],
    created: null,
    timeline: [line],
    evidence,
    alarm,
  };
}

function detailOf(event: AttemptEvent): Detail {
  const { code, description, receipt, amountCents, by, note } = event.told;
  return {
    ...(by === null ? {} : { by }),
    ...(code === null ? {} : { code }),
    ...(description === null ? {} : { description }),
    ...(receipt === null ? {} : { receipt }),
    ...(amountCents === null ? {} : { amount: shillingsFromCents(amountCents) }),
    ...note,
  };
}

function evidenceClassOf({ type, told }: AttemptEvent): EvidenceClass | null {
  switch (type) {
    case "callback_success":
    case "callback_mismatch":
    case "callback_failure":
    case "callback_in_doubt":
    case "callback_unsure":
    case "callback_unreadable":
      return "E1";
    case "look_success":
    case "look_failure":
      return "E2";
    case "statement_row":
    case "statement_absent":
      return "E3";
    case "reversal":
      return told.by === null ? "E3" : "E4";
    case "operator_confirm":
    case "operator_fail":
      return "E4";
    case "fence":
    case "not_sent":
    case "accepted":
    case "rejected":
    case "unknown":
    case "restart":
    case "stray":
    case "look_silent":
    case "deadline":
    case "aged":
    case "hold_over":
      return null;
  }
}

function evidenceOf(event: AttemptEvent, at: Instant): readonly Evidence[] {
  const evidenceClass = evidenceClassOf(event);
  if (evidenceClass === null) return [];
  const { receipt, amountCents } = event.told;
  const success = isSuccessEvidence(event.type);
  const detail = detailOf(event);
  return [{ attemptId: event.attemptId, evidenceClass, at, success, receipt, amountCents, detail }];
}

function promptDecision(subject: Subject, event: PromptEvent, at: Instant): Decision {
  const answer = decidePrompt(subject, event, at);
  if ("kind" in answer) return answer;
  const payment = summarise(subject.payment, [...subject.attempts, answer], subject.siblings, at);
  const line: TimelineLine = {
    at,
    kind: "prompt",
    attemptId: answer.id,
    from: null,
    to: answer.state,
    status: payment.status,
    detail: {
      phoneTail: answer.phoneTail,
      ...(event.by === null ? {} : { by: event.by }),
    },
  };
  return {
    kind: "change",
    payment,
    attempts: [],
    created: answer,
    timeline: [line],
    evidence: [],
    alarm: null,
  };
}
