/**
 * Moves that come from outside the prompt's own conversation: statements, Pull and operators, and
 * money given back. Named in cells.ts, gathered with the others in moves.ts.
 */
import { cents } from "../../shared/money.ts";
import type { Flag } from "../../shared/words.ts";
import {
  confirmed,
  failed,
  ids,
  namesOtherReceipt,
  next,
  nothing,
  type Outcome,
  refuse,
  review,
  type Scene,
  SECOND_RECEIPT,
  withFlags,
  withoutFlags,
} from "./outcomes.ts";
import type { Attempt } from "./payment.ts";
import { inItsPlace, moneyBeside, newlyProven, ownOf, provenSum, receivedOf } from "./received.ts";
import { pushedAt, wantsSecondSource } from "./schedule.ts";

/** An operator may call a doubt failed only this long after the push (machine row 18). */
export const OPERATOR_FAIL_AFTER_MS = 180_000;
/** Absence counts only this long after the send (machine row 16). */
export const ABSENT_AFTER_MS = 15 * 60_000;

const tooEarly = ({ attempt, at }: Scene, ms: number): boolean => at < pushedAt(attempt) + ms;

/**
 * Money that is confirmed already is named once more. Another receipt is a second payment, of which
 * a person hears once; the same one, or the one that was wanted, only completes the row.
 * @param settles flags that this source takes away.
 */
export function compareReceipt(scene: Scene, ...settles: Flag[]): Outcome {
  const { attempt, event } = scene;
  if (namesOtherReceipt(scene)) return otherReceipt(scene, settles);
  if (isCountedBeside(scene)) {
    const flags = withFlags(attempt, "evidenceConflict");
    return next(scene, { flags }, "the wanted receipt is that of other money");
  }
  const completed = { ...attempt, ...ids(scene), receipt: attempt.receipt ?? event.told.receipt };
  const known = { ...completed, ...moneyBeside(attempt, event) };
  const settled: Flag[] = known.receipt === null ? settles : [...settles, "receiptWanted"];
  const named: Attempt = {
    ...known,
    paidAt: event.told.paidAt ?? attempt.paidAt,
    flags: withoutFlags(attempt, ...settled),
  };
  const { nextLookAt } = attempt;
  return next(scene, { ...named, nextLookAt: wantsSecondSource(named) ? nextLookAt : null });
}

/** The receipt is wanted, and the one that is named stands for money beside it, by a surer source. */
function isCountedBeside({ attempt, event }: Scene): boolean {
  const { receipt } = event.told;
  if (attempt.receipt !== null || receipt === null) return false;
  return provenSum(attempt, receipt) > 0 && newlyProven(attempt, event) === null;
}

/** A second payment; or the surer name of a payment that a single source had named. */
function otherReceipt(scene: Scene, settles: readonly Flag[]): Outcome {
  const { attempt, event } = scene;
  const { receipt, paidAt } = event.told;
  const isKnown = receipt !== null && provenSum(attempt, receipt) > 0;
  const surer = inItsPlace(attempt, event);
  if (surer === null) {
    const flags = withFlags(attempt, "secondReceipt");
    const patch = { flags, ...moneyBeside(attempt, event) };
    return next(scene, patch, isKnown ? undefined : SECOND_RECEIPT);
  }
  const settled = { ...attempt, flags: withoutFlags(attempt, ...settles) };
  const patch = {
    ...surer,
    paidAt: paidAt ?? attempt.paidAt,
    flags: withFlags(settled, "secondReceipt"),
    nextLookAt: null,
  };
  return next(scene, patch, SECOND_RECEIPT);
}

/** A statement row with the amount of the prompt proves it; with another one a person decides. */
export function statement(scene: Scene, ...extra: Flag[]): Outcome {
  const { attempt, event } = scene;
  return event.told.amountCents === attempt.amountCents
    ? confirmed(scene, withFlags(attempt, ...extra))
    : review(scene);
}

/**
 * Beside confirmed money another sum than was received is for a person. Under the receipt that is
 * known the larger one stands; while that is wanted, a statement's other sum is other money.
 */
function otherAmount(scene: Scene, who: string): Outcome {
  const { attempt, event } = scene;
  const flags = withFlags(attempt, "amountMismatch");
  return next(scene, { flags, ...moneyBeside(attempt, event) }, `${who} names another amount`);
}

/**
 * A statement row beside confirmed money. Under another receipt it is a second payment, whatever
 * its sum; of the same payment the same sum agrees and another one is flagged.
 */
export function statementAgree(scene: Scene): Outcome {
  if (namesOtherReceipt(scene)) return compareReceipt(scene, "singleSource");
  return scene.event.told.amountCents === ownOf(scene.attempt)
    ? compareReceipt(scene, "singleSource")
    : otherAmount(scene, "the statement");
}

/** A row that fits a contradiction is laid before the operator, receipt and all. */
export function offer(scene: Scene): Outcome {
  const { attempt, event } = scene;
  return next(scene, { ...ids(scene), successSeen: true, ...moneyBeside(attempt, event) });
}

/** A complete window without the money ends a doubt that is old enough. */
export function failAbsent(scene: Scene): Outcome {
  return tooEarly(scene, ABSENT_AFTER_MS)
    ? nothing("the window is too young")
    : failed(scene, "absent");
}

/** Confirmed money that a complete window lacks stays confirmed, and a person looks into it. */
export function flagAbsent(scene: Scene): Outcome {
  const flags = withFlags(scene.attempt, "notInStatement");
  return next(scene, { flags }, "confirmed money is not in the statement");
}

/** Absence makes a verdict of the query alone a firm one, and so lifts its wait (machine §8.3). */
export function harden(scene: Scene): Outcome {
  const { reason } = scene.attempt;
  return next(scene, { reason: reason === "query_only" ? "absent" : reason });
}

/** An operator confirms by a receipt; without one there is no evidence (E4). */
export function operatorConfirm(scene: Scene): Outcome {
  const { attempt, event } = scene;
  if (event.told.receipt === null) return refuse;
  const { flags } = attempt;
  return confirmed(scene, attempt.state === "failed" ? withFlags(attempt, "late") : flags);
}

/** An operator names the receipt that a query could not; with another sum it is some other money's. */
export function operatorFill(scene: Scene): Outcome {
  const { attempt, event } = scene;
  if (attempt.receipt !== null) return nothing("the receipt is known");
  if (event.told.receipt === null) return refuse;
  if (isCountedBeside(scene)) return refuse;
  const named = event.told.amountCents ?? ownOf(attempt);
  return named === ownOf(attempt) ? compareReceipt(scene) : otherAmount(scene, "the operator");
}

/** An operator ends a doubt, but never while success is held or the prompt may still be open. */
export function operatorFail(scene: Scene): Outcome {
  return scene.attempt.heldAt !== null || tooEarly(scene, OPERATOR_FAIL_AFTER_MS)
    ? refuse
    : failed(scene, "operator");
}

/** Success evidence cannot be waved away (I15). */
export function operatorFailReview(scene: Scene): Outcome {
  return scene.attempt.successSeen ? refuse : failed(scene, "operator");
}

/** Money given back; the attempt is reversed when nothing of what was received, under any receipt, is left. */
export function reverse(scene: Scene): Outcome {
  const { attempt, event } = scene;
  const whole = receivedOf(attempt);
  const reversedCents = cents(attempt.reversedCents + (event.told.amountCents ?? whole));
  if (reversedCents < whole) return next(scene, { reversedCents });
  return next(scene, { reversedCents, state: "reversed", nextLookAt: null });
}
