/**
 * The moves named in cells.ts, each a pure function from an attempt and an event to its next form.
 * `decide` picks the move by event and state and wraps its result with version, story and evidence.
 */
import { cents } from "../../shared/money.ts";
import type { Flag, Reason } from "../../shared/words.ts";
import type { MoveName } from "./cells.ts";
import type { AttemptEvent } from "./events.ts";
import {
  accepted,
  confirmed,
  doubt,
  failed,
  held,
  ids,
  looked,
  next,
  nothing,
  type Outcome,
  refuse,
  review,
  type Scene,
  withFlags,
  withoutFlags,
} from "./outcomes.ts";
import type { Attempt, Instant } from "./payment.ts";
import { blocks } from "./reprompt.ts";
import { classifyResultCode } from "./result-codes.ts";
import { AGED_MS, DEADLINE_MS, LOOK_SPACING_MS, lookSoon } from "./schedule.ts";

type Move = (scene: Scene) => Outcome;

/** An operator may call a doubt failed only this long after the push (machine row 18). */
export const OPERATOR_FAIL_AFTER_MS = 180_000;
/** Absence counts only this long after the send (machine row 16). */
export const ABSENT_AFTER_MS = 15 * 60_000;

/** Success proven by the query names no receipt; what was held beside it may. */
function confirmedByQuery(scene: Scene, ...extra: Flag[]): Outcome {
  const { attempt } = scene;
  const wanted: Flag[] = attempt.receipt === null ? ["receiptWanted"] : [];
  const seen = looked(scene);
  return confirmed({ ...scene, attempt: seen }, withFlags(attempt, ...wanted, ...extra));
}

/** Another receipt for money that is already confirmed is a second payment; the same one only agrees. */
function compareReceipt(scene: Scene): Outcome {
  const { attempt, event } = scene;
  const told = event.told.receipt;
  if (told !== null && attempt.receipt !== null && told !== attempt.receipt) {
    return next(
      scene,
      { flags: withFlags(attempt, "secondReceipt") },
      "a second receipt for one prompt",
    );
  }
  return next(scene, {
    ...ids(scene),
    receipt: attempt.receipt ?? told,
    paidAt: event.told.paidAt ?? attempt.paidAt,
    flags: withoutFlags(
      attempt,
      "singleSource",
      ...(told === null ? [] : (["receiptWanted"] as const)),
    ),
  });
}

/** `late` is said only of a success that comes after the payment's or the attempt's end. */
const lateFlags = (attempt: Attempt): readonly Flag[] => withFlags(attempt, "late");

function statement(scene: Scene, flags: readonly Flag[]): Outcome {
  const { attempt, event } = scene;
  return event.told.amountCents === attempt.amountCents
    ? confirmed(
        scene,
        flags.filter((flag) => flag !== "receiptWanted"),
      )
    : review(scene);
}

function queryFailure(scene: Scene): Outcome {
  const { attempt, event, at } = scene;
  const seen = looked(scene);
  const agrees =
    attempt.queryFailureCode === event.told.code &&
    attempt.queryFailureAt !== null &&
    at - attempt.queryFailureAt >= LOOK_SPACING_MS;
  if (agrees) return failed({ ...scene, attempt: seen }, "query_only");
  const first = attempt.queryFailureCode === event.told.code ? attempt.queryFailureAt : at;
  return {
    kind: "next",
    attempt: {
      ...seen,
      queryFailureCode: event.told.code,
      queryFailureAt: first,
      nextLookAt: at + LOOK_SPACING_MS,
    },
  };
}

/** Every move of the machine; exhaustive over the names in cells.ts. */
export const MOVE: Readonly<Record<Exclude<MoveName, PromptMove>, Move>> = {
  impossible: () => ({ kind: "nothing", because: "this cannot happen in this state", alarm: true }),
  ignore: () => nothing("it changes nothing in this state"),
  hint: () => ({ kind: "nothing", because: "an unproven post", hint: true }),
  keep: (s) => next(s, {}),
  fence: (s) =>
    s.siblings.some(blocks) ? failed(s, "superseded") : next(s, { state: "sending", sentAt: s.at }),
  failNotSent: (s) => failed(s, "not_sent"),
  accept: (s) => accepted(s, "pending"),
  acceptLate: (s) =>
    accepted(s, s.at >= pushedAt(s.attempt) + DEADLINE_MS ? "in_doubt" : "pending"),
  storeIds: (s) => next(s, { ...ids(s), acceptedAt: s.attempt.acceptedAt ?? s.at }),
  storeIdsFlag: (s) => {
    const saidUnsent = s.attempt.reason === "not_sent" || s.attempt.reason === "rejected";
    const flags = saidUnsent ? withFlags(s.attempt, "evidenceConflict") : s.attempt.flags;
    return next(s, { ...ids(s), acceptedAt: s.attempt.acceptedAt ?? s.at, flags });
  },
  failRejected: (s) => failed(s, rejectedReason(s.event)),
  flagConflict: (s) => next(s, { flags: withFlags(s.attempt, "evidenceConflict") }),
  doubtNoId: (s) => doubt(s),
  doubtLookNow: (s) =>
    doubt({ ...s, attempt: { ...s.attempt, ...ids(s) } }, lookSoon(s.attempt, s.at)),
  deadline: (s) =>
    s.at < (s.attempt.acceptedAt ?? s.at) + DEADLINE_MS
      ? nothing("the deadline has not come")
      : doubt(s),
  reviewAlarm: (s) => review(s, "success evidence for a prompt that was never sent"),
  review: (s) => review(s, "success evidence that does not fit"),
  confirm: (s) => confirmed(s, withoutFlags(s.attempt, "receiptWanted")),
  confirmLate: (s) => confirmed(s, lateFlags(s.attempt)),
  compareReceipt,
  attach: (s) =>
    next(s, { ...ids(s), successSeen: s.attempt.successSeen || SUCCESS.has(s.event.type) }),
  flagEvidence: (s) => {
    const wrong =
      s.event.told.amountCents !== null && s.event.told.amountCents !== s.attempt.amountCents;
    const flag = wrong ? "amountMismatch" : "evidenceConflict";
    return next(s, { flags: withFlags(s.attempt, flag) }, "success evidence beside settled money");
  },
  failCode: (s) => failed(s, reasonOf(s.event)),
  keepLaterCode: (s) => keepLaterCode(s),
  noteLook: (s) => ({ kind: "next", attempt: looked(s) }),
  confirmByQuery: (s) => confirmedByQuery(s),
  confirmByQueryLate: (s) => confirmedByQuery(s, "late"),
  agree: (s) => ({
    kind: "next",
    attempt: { ...looked(s), flags: withoutFlags(s.attempt, "singleSource") },
  }),
  queryFailure,
  statement: (s) => statement(s, s.attempt.flags),
  statementLate: (s) => statement(s, lateFlags(s.attempt)),
  statementAgree: (s) =>
    s.event.told.amountCents === (s.attempt.receivedCents ?? s.attempt.amountCents)
      ? compareReceipt(s)
      : next(
          s,
          { flags: withFlags(s.attempt, "amountMismatch") },
          "the statement names another amount",
        ),
  offer: (s) =>
    next(s, { ...ids(s), successSeen: true, receipt: s.attempt.receipt ?? s.event.told.receipt }),
  failAbsent: (s) =>
    tooEarly(s, ABSENT_AFTER_MS) ? nothing("the window is too young") : failed(s, "absent"),
  flagAbsent: (s) =>
    next(
      s,
      { flags: withFlags(s.attempt, "notInStatement") },
      "confirmed money is not in the statement",
    ),
  harden: (s) =>
    next(s, { reason: s.attempt.reason === "query_only" ? "absent" : s.attempt.reason }),
  refuse: () => refuse,
  operatorConfirm: (s) =>
    s.event.told.receipt === null
      ? refuse
      : confirmed(s, s.attempt.state === "failed" ? lateFlags(s.attempt) : s.attempt.flags),
  operatorFill: (s) =>
    s.attempt.receipt === null ? compareReceipt(s) : nothing("the receipt is known"),
  operatorFail: (s) =>
    s.attempt.heldAt !== null || tooEarly(s, OPERATOR_FAIL_AFTER_MS)
      ? refuse
      : failed(s, "operator"),
  operatorFailReview: (s) => (s.attempt.successSeen ? refuse : failed(s, "operator")),
  reverse: (s) => reversed(s),
  age: (s) =>
    s.at < (s.attempt.inDoubtAt ?? s.at) + AGED_MS
      ? nothing("it is not in doubt for a day yet")
      : next(s, { flags: withFlags(s.attempt, "aged") }, "in doubt for a day"),
  hold: (s) => held(s),
  holdAgain: (s) => held(s),
  holdLate: (s) => held(s, "late"),
  confirmSingleSource: (s) =>
    s.attempt.heldAt === null
      ? nothing("nothing is held")
      : confirmed(s, withFlags(s.attempt, "singleSource")),
  lookNow: (s) => next(s, { nextLookAt: lookSoon(s.attempt, s.at) }),
  hintLookNow: () => ({
    kind: "nothing",
    because: "an unreadable post on the own address",
    hint: true,
  }),
};

/** Moves of the prompt row are decided over the whole order, in prompting.ts. */
export type PromptMove =
  | "refuseInProgress"
  | "askThenRule"
  | "refusePaid"
  | "rule"
  | "refuseReview"
  | "refuseReversed";

const SUCCESS: ReadonlySet<AttemptEvent["type"]> = new Set([
  "callback_success",
  "callback_mismatch",
  "callback_unsure",
  "look_success",
  "statement_row",
  "operator_confirm",
]);

/** Does this event carry evidence that money moved? */
export function isSuccessEvidence(type: AttemptEvent["type"]): boolean {
  return SUCCESS.has(type);
}

const pushedAt = (attempt: Attempt): Instant => attempt.sentAt ?? attempt.createdAt;
const tooEarly = ({ attempt, at }: Scene, ms: number): boolean => at < pushedAt(attempt) + ms;

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

function reversed(s: Scene): Outcome {
  const back = s.event.told.amountCents ?? s.attempt.receivedCents ?? s.attempt.amountCents;
  const total = cents(s.attempt.reversedCents + back);
  const covers = total >= (s.attempt.receivedCents ?? s.attempt.amountCents);
  return next(s, {
    reversedCents: total,
    ...(covers ? { state: "reversed", nextLookAt: null } : {}),
  });
}
