/**
 * The building blocks of moves: how an attempt looks after it failed, confirmed, fell into doubt,
 * was held or went to review. Stored facts never shrink (I15) and ids never change (I5).
 */
import type { Flag, Reason } from "../../shared/words.ts";
import type { AttemptEvent } from "./events.ts";
import type { Attempt, Instant } from "./payment.ts";
import { confirmedMoney, isOther, moneyBeside, receivedOf } from "./received.ts";
import { lookSoon, nextLookAt, secondSourceLookAt } from "./schedule.ts";

/** What a move sees. `siblings` are all other attempts of the order, of any payment. */
export interface Scene {
  readonly attempt: Attempt;
  readonly event: AttemptEvent;
  readonly at: Instant;
  readonly siblings: readonly Attempt[];
  /** The payment was closed before this event: success is then `late`. */
  readonly closed: boolean;
}

/** How a move ends: the attempt's next form, nothing with a reason, or a refusal. */
export type Outcome =
  | { readonly kind: "next"; readonly attempt: Attempt; readonly alarm?: string }
  | {
      readonly kind: "nothing";
      readonly because: string;
      readonly alarm?: boolean;
      readonly hint?: boolean;
    }
  | { readonly kind: "refuse" };

/** What a person hears when one prompt has two receipts. */
export const SECOND_RECEIPT = "a second receipt for one prompt";

/** Nothing moves, and why. */
export const nothing = (because: string): Outcome => ({ kind: "nothing", because });
/** The machine forbids what was asked. */
export const refuse: Outcome = { kind: "refuse" };

/** The attempt with some facts changed. */
export function next(scene: Scene, patch: Partial<Attempt>, alarm?: string): Outcome {
  return { kind: "next", attempt: { ...scene.attempt, ...patch }, alarm };
}

/** Flags with some added, sorted and without repeats. */
export function withFlags(attempt: Attempt, ...flags: Flag[]): readonly Flag[] {
  return [...new Set([...attempt.flags, ...flags])].sort();
}

/** Flags with some taken away. */
export function withoutFlags(attempt: Attempt, ...flags: Flag[]): readonly Flag[] {
  return attempt.flags.filter((flag) => !flags.includes(flag));
}

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

/** The evidence names a receipt, and it is not the one that is known: a second payment, perhaps. */
export function namesOtherReceipt({ attempt, event }: Scene): boolean {
  return isOther(attempt, event.told.receipt);
}

/** Ids once set never change (I5); ids told later only fill gaps. */
export function ids({ attempt, event }: Scene): Partial<Attempt> {
  return {
    checkoutRequestId: attempt.checkoutRequestId ?? event.told.checkoutRequestId,
    merchantRequestId: attempt.merchantRequestId ?? event.told.merchantRequestId,
  };
}

/**
 * The attempt after one more look, with its next look where it still waits. Looks for a second
 * source that have ended do not begin again because a person asks.
 */
export function looked({ attempt, at }: Scene): Attempt {
  const seen = { ...attempt, looks: attempt.looks + 1, lastLookAt: at };
  if (attempt.state === "pending" || attempt.state === "in_doubt") {
    return { ...seen, nextLookAt: nextLookAt(seen, at) };
  }
  const ended = attempt.nextLookAt === null;
  return { ...seen, nextLookAt: ended ? null : secondSourceLookAt(seen, at) };
}

/** Failed with a reason; but held success evidence is never dropped: it goes to review. */
export function failed(scene: Scene, reason: Reason, extra: Partial<Attempt> = {}): Outcome {
  const { attempt, event, at } = scene;
  if (attempt.heldAt !== null) {
    return next(
      scene,
      {
        ...ids(scene),
        state: "review",
        flags: withFlags(attempt, "evidenceConflict"),
        nextLookAt: null,
        resolvedAt: at,
        ...extra,
      },
      "held success evidence is contradicted",
    );
  }
  return next(scene, {
    ...ids(scene),
    state: "failed",
    reason,
    resultCode: event.told.code ?? attempt.resultCode,
    resultDescription: event.told.description ?? attempt.resultDescription,
    nextLookAt: null,
    resolvedAt: at,
    ...extra,
  });
}

/**
 * Money proven. Success after the payment was closed is `late`; another receipt than the one that
 * was held is confirmed all the same, and a person hears of both.
 */
export function confirmed(scene: Scene, flags: readonly Flag[]): Outcome {
  const { attempt, event, at, closed } = scene;
  const second = namesOtherReceipt(scene);
  const extra: Flag[] = [
    ...(closed ? (["late"] as const) : []),
    ...(second ? (["secondReceipt"] as const) : []),
  ];
  const money = { ...attempt, ...confirmedMoney(attempt, event) };
  const sure: Attempt = {
    ...money,
    ...ids(scene),
    // What was given back whole, before anybody knew what it was, is over.
    state: money.reversedCents < receivedOf(money) ? "confirmed" : "reversed",
    reason: null,
    resultCode: "0",
    resultDescription: event.told.description ?? attempt.resultDescription,
    paidAt: event.told.paidAt ?? attempt.paidAt ?? at,
    flags: withFlags({ ...attempt, flags }, ...extra),
    successSeen: true,
    heldAt: null,
    resolvedAt: at,
  };
  const nextLookAt = secondSourceLookAt(sure, at);
  return next(scene, { ...sure, nextLookAt }, second ? SECOND_RECEIPT : undefined);
}

/** Conflicting or surplus success evidence: stored facts never shrink (I15). */
export function review(scene: Scene, alarm?: string): Outcome {
  const { attempt, event, at } = scene;
  const wrongAmount = event.told.amountCents !== attempt.amountCents;
  return next(
    scene,
    {
      ...ids(scene),
      state: "review",
      reason: null,
      resultDescription: event.told.description ?? attempt.resultDescription,
      receivedCents: attempt.receivedCents ?? event.told.amountCents,
      receipt: attempt.receipt ?? event.told.receipt,
      ...moneyBeside(attempt, event),
      paidAt: attempt.paidAt ?? event.told.paidAt,
      flags: withFlags(attempt, wrongAmount ? "amountMismatch" : "evidenceConflict"),
      successSeen: true,
      nextLookAt: null,
      resolvedAt: at,
    },
    alarm,
  );
}

/**
 * Success evidence that waits in doubt for its second source (machine §2). Whichever of two receipts
 * is the true one, a person hears that there were two.
 */
export function held(scene: Scene, ...flags: Flag[]): Outcome {
  const { attempt, event, at } = scene;
  const second = namesOtherReceipt(scene);
  const patch: Partial<Attempt> = {
    ...ids(scene),
    state: "in_doubt",
    reason: null,
    inDoubtAt: attempt.inDoubtAt ?? at,
    heldAt: attempt.heldAt ?? at,
    receipt: attempt.receipt ?? event.told.receipt,
    receivedCents: attempt.receivedCents ?? event.told.amountCents,
    paidAt: attempt.paidAt ?? event.told.paidAt,
    flags: withFlags(attempt, ...flags, ...(second ? (["secondReceipt"] as const) : [])),
    successSeen: true,
    resolvedAt: null,
    nextLookAt: lookSoon(attempt, at),
  };
  return next(scene, patch, second ? SECOND_RECEIPT : undefined);
}

/**
 * Daraja took the push; the customer is being asked. What a faster callback brought, success to be
 * held or a code in doubt, is not undone by the push answer (I11).
 */
export function accepted(s: Scene, state: "pending" | "in_doubt"): Outcome {
  const { attempt, at } = s;
  const patched = {
    ...attempt,
    ...ids(s),
    acceptedAt: attempt.acceptedAt ?? at,
    flags: flagsAfterIds(s),
  };
  if (attempt.heldAt !== null || attempt.resultCode !== null) return next(s, patched);
  return next(s, {
    ...patched,
    state,
    inDoubtAt: state === "pending" ? null : attempt.inDoubtAt,
    nextLookAt: nextLookAt(patched, at),
  });
}

/** A push answer that names another prompt than a faster callback did is a contradiction. */
export function flagsAfterIds({ attempt, event }: Scene): readonly Flag[] {
  const known = attempt.checkoutRequestId;
  const told = event.told.checkoutRequestId;
  const agrees = known === null || told === null || known === told;
  return agrees ? attempt.flags : withFlags(attempt, "evidenceConflict");
}

/** The outcome is unknown: the resolver will ask, `soon` where a callback gives it a reason. */
export function doubt(s: Scene, soon?: Instant): Outcome {
  const { attempt, event, at } = s;
  const patched = { ...attempt, state: "in_doubt" as const, inDoubtAt: attempt.inDoubtAt ?? at };
  return {
    kind: "next",
    attempt: {
      ...patched,
      nextLookAt: soon ?? attempt.nextLookAt ?? nextLookAt(patched, at),
      resultDescription: event.told.description ?? attempt.resultDescription,
    },
  };
}
