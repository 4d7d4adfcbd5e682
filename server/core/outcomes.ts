/**
 * The building blocks of moves: how an attempt looks after it failed, confirmed, fell into doubt,
 * was held or went to review. Stored facts never shrink (I15) and ids never change (I5).
 */
import type { Flag, Reason } from "../../shared/words.ts";
import type { AttemptEvent } from "./events.ts";
import type { Attempt, Instant } from "./payment.ts";
import { lookSoon, nextLookAt } from "./schedule.ts";

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

/** Ids once set never change (I5); ids told later only fill gaps. */
export function ids({ attempt, event }: Scene): Partial<Attempt> {
  return {
    checkoutRequestId: attempt.checkoutRequestId ?? event.told.checkoutRequestId,
    merchantRequestId: attempt.merchantRequestId ?? event.told.merchantRequestId,
  };
}

/** The attempt after one more look, with its next look where it still waits. */
export function looked({ attempt, at }: Scene): Attempt {
  const seen = { ...attempt, looks: attempt.looks + 1, lastLookAt: at };
  const asks = attempt.state === "pending" || attempt.state === "in_doubt";
  return { ...seen, nextLookAt: asks ? nextLookAt(seen, at) : null };
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

/** Money proven. Success after the payment was closed is `late`. */
export function confirmed(scene: Scene, flags: readonly Flag[]): Outcome {
  const { attempt, event, at, closed } = scene;
  const late: Flag[] = closed ? ["late"] : [];
  return next(scene, {
    ...ids(scene),
    state: "confirmed",
    reason: null,
    resultCode: "0",
    resultDescription: event.told.description ?? attempt.resultDescription,
    receipt: event.told.receipt ?? attempt.receipt,
    receivedCents: event.told.amountCents ?? attempt.receivedCents ?? attempt.amountCents,
    paidAt: event.told.paidAt ?? attempt.paidAt ?? at,
    flags: [...new Set([...flags, ...late])].sort(),
    successSeen: true,
    heldAt: null,
    nextLookAt: null,
    resolvedAt: at,
  });
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
      resultDescription: event.told.description ?? attempt.resultDescription,
      receivedCents: attempt.receivedCents ?? event.told.amountCents,
      receipt: attempt.receipt ?? event.told.receipt,
      paidAt: attempt.paidAt ?? event.told.paidAt,
      flags: withFlags(attempt, wrongAmount ? "amountMismatch" : "evidenceConflict"),
      successSeen: true,
      nextLookAt: null,
      resolvedAt: at,
    },
    alarm,
  );
}

/** Success evidence that waits in doubt for its second source (machine §2). */
export function held(scene: Scene, ...flags: Flag[]): Outcome {
  const { attempt, event, at } = scene;
  return next(scene, {
    ...ids(scene),
    state: "in_doubt",
    reason: null,
    inDoubtAt: attempt.inDoubtAt ?? at,
    heldAt: attempt.heldAt ?? at,
    receipt: attempt.receipt ?? event.told.receipt,
    receivedCents: attempt.receivedCents ?? event.told.amountCents,
    paidAt: attempt.paidAt ?? event.told.paidAt,
    flags: withFlags(attempt, ...flags),
    successSeen: true,
    resolvedAt: null,
    nextLookAt: lookSoon(attempt, at),
  });
}

/** Daraja took the push; the customer is being asked. */
export function accepted(s: Scene, state: "pending" | "in_doubt"): Outcome {
  const patched = { ...s.attempt, ...ids(s), acceptedAt: s.attempt.acceptedAt ?? s.at };
  const inDoubtAt = state === "in_doubt" ? (s.attempt.inDoubtAt ?? s.at) : null;
  const held = s.attempt.heldAt !== null;
  // A held success waits in doubt for its second source; a push answer does not release it.
  if (held) return next(s, { ...patched, nextLookAt: lookSoon(s.attempt, s.at) });
  return next(s, { ...patched, state, inDoubtAt, nextLookAt: nextLookAt(patched, s.at) });
}

/** The outcome is unknown: the resolver will ask. */
export function doubt(s: Scene, soon?: Instant): Outcome {
  const patched = {
    ...s.attempt,
    state: "in_doubt" as const,
    inDoubtAt: s.attempt.inDoubtAt ?? s.at,
  };
  const lookAt =
    soon ?? (s.attempt.nextLookAt === null ? nextLookAt(patched, s.at) : s.attempt.nextLookAt);
  return {
    kind: "next",
    attempt: {
      ...patched,
      nextLookAt: lookAt,
      resultCode: s.attempt.resultCode ?? s.event.told.code,
      resultDescription: s.event.told.description ?? s.attempt.resultDescription,
    },
  };
}
