/**
 * The moves named in cells.ts, each a pure function from an attempt and an event to its next form;
 * those of the query and of people are in files of their own.
 * `decide` picks the move by event and state and wraps its result with version, story and evidence.
 */
import type { Reason } from "../../shared/words.ts";
import {
  compareReceipt,
  failAbsent,
  flagAbsent,
  harden,
  offer,
  operatorConfirm,
  operatorFail,
  operatorFailReview,
  operatorFill,
  reverse,
  statement,
  statementAgree,
} from "./by-hand-moves.ts";
import type { AttemptMove } from "./cells.ts";
import type { AttemptEvent } from "./events.ts";
import {
  accepted,
  confirmed,
  doubt,
  failed,
  flagsAfterIds,
  held,
  ids,
  isSuccessEvidence,
  next,
  nothing,
  type Outcome,
  refuse,
  review,
  type Scene,
  SECOND_RECEIPT,
  withFlags,
} from "./outcomes.ts";
import type { Attempt } from "./payment.ts";
import {
  agree,
  confirmByQuery,
  confirmSingleSource,
  disagree,
  noteLook,
  queryFailure,
} from "./query-moves.ts";
import { moneyBeside, paidBeside, receivedOf } from "./received.ts";
import { blocks, unresolved } from "./reprompt.ts";
import { classifyResultCode } from "./result-codes.ts";
import { agesAt, DEADLINE_MS, deadlineAt, lookSoon, pushedAt } from "./schedule.ts";

/** A doubt that had no name to be asked about by has one now. */
function askSoonByNewId(s: Scene): Partial<Attempt> {
  const named = s.attempt.checkoutRequestId === null && ids(s).checkoutRequestId !== null;
  return named && s.attempt.state === "in_doubt" ? { nextLookAt: lookSoon(s.attempt, s.at) } : {};
}

type Move = (scene: Scene) => Outcome;

/** Every move of an attempt; exhaustive over the names in cells.ts. */
export const MOVE: Readonly<Record<AttemptMove, Move>> = {
  impossible: () => ({ kind: "nothing", because: "this cannot happen in this state", alarm: true }),
  ignore: () => nothing("it changes nothing in this state"),
  hint: () => ({ kind: "nothing", because: "an unproven post", hint: true }),
  keep: (s) => next(s, { ...ids(s), ...askSoonByNewId(s) }),
  fence: (s) =>
    s.siblings.some(blocks) ? failed(s, "superseded") : next(s, { state: "sending", sentAt: s.at }),
  failNotSent: (s) => failed(s, "not_sent"),
  accept: (s) => accepted(s, "pending"),
  acceptLate: (s) => accepted(s, s.at < pushedAt(s.attempt) + DEADLINE_MS ? "pending" : "in_doubt"),
  storeIds,
  storeIdsFlag,
  failRejected: (s) => failed(s, rejectedReason(s.event)),
  flagConflict: (s) => next(s, { flags: withFlags(s.attempt, "evidenceConflict") }),
  doubtNoId: (s) => doubt({ ...s, attempt: { ...s.attempt, ...ids(s) } }),
  doubtLookNow: (s) => doubtByCallback(s, lookSoon(s.attempt, s.at)),
  doubtAgain: (s) =>
    s.attempt.checkoutRequestId === null
      ? doubtByCallback(s, lookSoon(s.attempt, s.at))
      : doubtByCallback(s),
  deadline: (s) => (s.at < deadlineAt(s.attempt) ? nothing("the deadline has not come") : doubt(s)),
  reviewAlarm: (s) => review(s, "success evidence for a prompt that was never sent"),
  review: (s) => review(s, "success evidence that does not fit"),
  confirm: (s) => confirmed(s, s.attempt.flags),
  confirmLate: (s) => confirmed(s, withFlags(s.attempt, "late")),
  compareReceipt: (s) => compareReceipt(s, "singleSource"),
  compareUnsure: (s) => compareReceipt(s),
  attach,
  flagEvidence,
  flagOrReview,
  failCode: (s) => failed(s, reasonOf(s.event)),
  keepLaterCode,
  noteLook,
  confirmByQuery: (s) => confirmByQuery(s),
  confirmByQueryLate: (s) => confirmByQuery(s, "late"),
  agree,
  queryFailure,
  disagree,
  statement: (s) => statement(s),
  statementLate: (s) => statement(s, "late"),
  statementAgree,
  offer,
  failAbsent,
  flagAbsent,
  harden,
  refuse: () => refuse,
  operatorConfirm,
  operatorFill,
  operatorFail,
  operatorFailReview,
  reverse,
  age: (s) =>
    s.at < agesAt(s.attempt)
      ? nothing("it is not in doubt for a day yet")
      : next(s, { flags: withFlags(s.attempt, "aged") }, "in doubt for a day"),
  hold: (s) => held(s),
  holdAgain: (s) => held(s),
  holdLate,
  confirmSingleSource,
  lookNow: (s) => next(s, { nextLookAt: lookSoon(s.attempt, s.at) }),
  hintLookNow: () => ({
    kind: "nothing",
    because: "an unreadable post on the own address",
    hint: true,
  }),
};

/** The push answer comes to an attempt that knows its end already: it only completes the row. */
function storeIds(s: Scene): Outcome {
  const flags = flagsAfterIds(s);
  return next(s, { ...ids(s), acceptedAt: s.attempt.acceptedAt ?? s.at, flags });
}

const SAID_UNSENT: readonly (Reason | null)[] = ["not_sent", "rejected", "superseded"];

/** A push that was said not to be sent was accepted after all: somebody should know. */
function storeIdsFlag(s: Scene): Outcome {
  if (!SAID_UNSENT.includes(s.attempt.reason)) return storeIds(s);
  return storeIds({
    ...s,
    attempt: { ...s.attempt, flags: withFlags(s.attempt, "evidenceConflict") },
  });
}

/** A code in doubt is kept verbatim, and its ids let Daraja be asked. */
function doubtByCallback(s: Scene, soon?: number): Outcome {
  const resultCode = s.attempt.resultCode ?? s.event.told.code;
  return doubt({ ...s, attempt: { ...s.attempt, ...ids(s), resultCode } }, soon);
}

/**
 * A late success waits in doubt for its second source. Where another attempt of the order runs, an
 * order has no room for two in the air (I4): a person decides at once.
 */
function holdLate(s: Scene): Outcome {
  if (!s.siblings.some(unresolved)) return held(s, "late");
  const late = { ...s.attempt, flags: withFlags(s.attempt, "late") };
  return review({ ...s, attempt: late }, "late success beside a running prompt");
}

function flagEvidence(s: Scene): Outcome {
  const told = s.event.told.amountCents;
  const wrong = told !== null && told !== s.attempt.amountCents;
  const flags = withFlags(s.attempt, wrong ? "amountMismatch" : "evidenceConflict");
  return next(s, { flags }, "success evidence beside settled money");
}

/** Whatever comes beside a contradiction is laid before the person who decides about it. */
function attach(s: Scene): Outcome {
  const { attempt, event } = s;
  const successSeen = attempt.successSeen || isSuccessEvidence(event.type);
  const merged = { ...ids(s), successSeen };
  if (event.type !== "look_success") return next(s, { ...merged, ...moneyBeside(attempt, event) });
  const beside = paidBeside(attempt);
  if (beside === null) return next(s, merged);
  const flags = withFlags(attempt, "receiptWanted", "secondReceipt");
  return next(s, { ...merged, ...beside, flags }, SECOND_RECEIPT);
}

/**
 * After all was given back: money beyond that is held again, and an order is not free with it (I15).
 * A list that names the receipt that was wanted only completes the row.
 */
function flagOrReview(s: Scene): Outcome {
  const beside = moneyBeside(s.attempt, s.event);
  const attempt = { ...s.attempt, ...beside };
  if (receivedOf(attempt) > attempt.reversedCents) {
    const flags = withFlags(attempt, "secondReceipt");
    return next(s, { ...beside, flags, state: "review", resolvedAt: s.at }, SECOND_RECEIPT);
  }
  const isCompleted = s.attempt.receipt === null && attempt.receipt !== null;
  return isCompleted ? next(s, beside) : flagEvidence({ ...s, attempt });
}

/** The reason of a code that was classified as a failure; `other` where none was told. */
function reasonOf(event: AttemptEvent): Reason {
  const meaning = classifyResultCode(event.told.code ?? "");
  return meaning.kind === "failure" ? meaning.reason : "other";
}

function rejectedReason(event: AttemptEvent): Reason {
  const cause = event.told.note.cause;
  switch (cause) {
    case "merchant_setup":
    case "customer_busy":
    case "customer_account":
      return cause;
    default:
      return "rejected";
  }
}

/** A callback's code is better than the query's: it replaces `query_only` and lifts its wait. */
function keepLaterCode(s: Scene): Outcome {
  const { attempt, event } = s;
  if (attempt.reason === "query_only" || attempt.resultCode === null) {
    return next(s, {
      ...ids(s),
      reason: reasonOf(event),
      resultCode: event.told.code,
      resultDescription: event.told.description,
    });
  }
  if (attempt.resultCode === event.told.code) return next(s, ids(s));
  return next(s, { ...ids(s), laterResultCode: event.told.code });
}
