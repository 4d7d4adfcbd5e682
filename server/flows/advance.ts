/**
 * The one door: the only function that moves a payment. Load, decide, commit under the guards,
 * then tell. A missed guard means the world moved meanwhile: the decision is taken again.
 */
import type { PaymentEvent } from "../core/events.ts";
import { decide, type Subject } from "../core/machine.ts";
import type { Change, Ignored, PaymentId, PaymentWithAttempts, Refused } from "../core/payment.ts";
import type { Clock, CommitExtra, GuardName, Log, PaymentStore, Push } from "../ports.ts";

/** A queue per payment makes missed versions rare; more misses than this mean a fault. */
const TRIES_MAX = 5;

export interface AdvanceDeps {
  readonly payments: PaymentStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly push: Push;
}

export type Advanced =
  | { readonly kind: "changed"; readonly now: PaymentWithAttempts; readonly change: Change }
  | { readonly kind: "unchanged"; readonly now: PaymentWithAttempts; readonly why: Ignored }
  | { readonly kind: "refused"; readonly now: PaymentWithAttempts; readonly why: Refused }
  | { readonly kind: "missed"; readonly guard: GuardName; readonly now: PaymentWithAttempts }
  | { readonly kind: "unknown_payment" };

/** Makes the event from the freshest rows; asked again after a missed guard, which is named. */
export type EventMaker = (
  subject: Subject,
  missed: GuardName | null,
) => Promise<PaymentEvent> | PaymentEvent;

/** Nothing shall happen, as the freshest rows show: what to answer instead. */
export interface Instead<Why> {
  readonly instead: Why;
}

/** A maker that may find, at every try, that its event must not happen any more. */
export type CarefulMaker<Why> = (
  subject: Subject,
  missed: GuardName | null,
) => Promise<PaymentEvent | Instead<Why>> | PaymentEvent | Instead<Why>;

export interface Declined<Why> {
  readonly kind: "declined";
  readonly now: PaymentWithAttempts;
  readonly why: Why;
}

/**
 * Payments whose move is under way, by the store they are moved in; each waits for the one before
 * it. A store that hangs for ever holds up nobody who opened the database anew.
 */
const queuesOf = new WeakMap<PaymentStore, Map<PaymentId, Promise<unknown>>>();

function queuesIn(payments: PaymentStore): Map<PaymentId, Promise<unknown>> {
  const known = queuesOf.get(payments);
  if (known !== undefined) return known;
  const fresh = new Map<PaymentId, Promise<unknown>>();
  queuesOf.set(payments, fresh);
  return fresh;
}

/**
 * Moves one payment by one event.
 * @param extra what must stand in the same transaction: the phone of a new attempt, a callback's
 *   raw body.
 * @returns the rows as committed, or why nothing moved. Throws only when the store does.
 */
export async function advance(
  deps: AdvanceDeps,
  id: PaymentId,
  event: PaymentEvent | EventMaker,
  extra?: CommitExtra,
): Promise<Advanced> {
  const make = typeof event === "function" ? event : () => event;
  // A maker that makes nothing but events declines nothing.
  return (await advanceUnless<never>(deps, id, make, extra)) as Advanced;
}

/**
 * The same for a maker that looks before every try whether its event may still happen: the rows it
 * saw are the rows that the commit is guarded by.
 */
export async function advanceUnless<Why>(
  deps: AdvanceDeps,
  id: PaymentId,
  make: CarefulMaker<Why>,
  extra?: CommitExtra,
): Promise<Advanced | Declined<Why>> {
  const queues = queuesIn(deps.payments);
  const before = queues.get(id) ?? Promise.resolve();
  const mine = before.then(
    () => attempt(deps, id, make, extra),
    () => attempt(deps, id, make, extra),
  );
  queues.set(id, mine);
  try {
    return await mine;
  } finally {
    if (queues.get(id) === mine) queues.delete(id);
  }
}

async function attempt<Why>(
  deps: AdvanceDeps,
  id: PaymentId,
  make: CarefulMaker<Why>,
  extra: CommitExtra | undefined,
): Promise<Advanced | Declined<Why>> {
  let missed: GuardName | null = null;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const subject = await subjectOf(deps.payments, id);
    if (subject === null) return { kind: "unknown_payment" };
    const event = await make(subject, missed);
    if ("instead" in event) return { kind: "declined", now: subject, why: event.instead };
    const decision = decide(subject, event, deps.clock.now());
    switch (decision.kind) {
      case "ignore":
        sayIgnored(deps.log, id, event, decision);
        return { kind: "unchanged", now: subject, why: decision };
      case "refuse":
        return { kind: "refused", now: subject, why: decision };
      case "change": {
        const committed = await deps.payments.apply(decision, extra, subject);
        if (committed.ok) return changed(deps, subject, decision);
        missed = committed.missed;
        // Both are done once: somebody else's commit did it.
        if (missed === "inbox" || missed === "proposal")
          return { kind: "missed", guard: missed, now: subject };
        deps.log.info("commit_missed", { paymentId: id, kind: event.type, cause: missed });
      }
    }
  }
  const subject = await subjectOf(deps.payments, id);
  if (subject === null || missed === null) return { kind: "unknown_payment" };
  deps.log.error("commit_gave_up", { paymentId: id, cause: missed });
  return { kind: "missed", guard: missed, now: subject };
}

/** A payment with its attempts and the attempts of its order's other payments. */
export async function subjectOf(store: PaymentStore, id: PaymentId): Promise<Subject | null> {
  const order = await store.orderOf(id);
  const own = order.find(({ payment }) => payment.id === id);
  if (own === undefined) return null;
  const siblings = order.filter((other) => other !== own).flatMap((other) => other.attempts);
  return { ...own, siblings };
}

function changed(deps: AdvanceDeps, before: Subject, change: Change): Advanced {
  const moved = new Map(change.attempts.map((attempt) => [attempt.id, attempt]));
  const attempts = before.attempts.map((attempt) => moved.get(attempt.id) ?? attempt);
  if (change.created !== null) attempts.push(change.created);
  const now = { payment: change.payment, attempts };
  tell(deps, before, change);
  return { kind: "changed", now, change };
}

/** Speaks of committed rows only (I18). */
function tell({ push, log }: AdvanceDeps, before: Subject, change: Change): void {
  const { id, merchantId, version, status } = change.payment;
  push.nudge({ id, merchantId, version });
  for (const line of change.timeline) {
    log.info("payment_moved", {
      paymentId: id,
      attemptId: line.attemptId ?? undefined,
      kind: line.kind,
      from: line.from,
      to: line.to,
      status,
      version,
    });
  }
  if (change.alarm !== null) {
    log.error("payment_alarm", {
      paymentId: id,
      because: change.alarm,
      from: before.payment.status,
    });
  }
}

function sayIgnored(log: Log, id: PaymentId, event: PaymentEvent, why: Ignored): void {
  const fields = { paymentId: id, kind: event.type, because: why.because };
  if (why.alarm) log.error("payment_alarm", fields);
  else log.info("event_ignored", fields);
}
