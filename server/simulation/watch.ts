/**
 * Stands between the flows and the store, keeps the rows as they were last committed, and judges
 * each commit the moment it is durable.
 */
import type { AttemptId, Change, PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import { SENDING_STALE_MS } from "../core/schedule.ts";
import type { CommitExtra, PaymentStore, PushOrder, Store } from "../ports.ts";
import { commitChecks } from "./commit-checks.ts";
import { short } from "./daraja.ts";
import { comesToRest } from "./rest.ts";
import { wrongPrompt } from "./rule8.ts";
import type { World } from "./world.ts";

export interface Watch {
  /** The same store, watched. */
  over(store: Store): Store;
  /** A push left for Daraja. */
  pushed(order: PushOrder): void;
  /** A post on an attempt's own address was answered with 200. */
  acknowledged(attemptId: AttemptId, body: string): void;
  readonly letters: readonly { readonly attemptId: AttemptId; readonly body: string }[];
  payments(): readonly PaymentWithAttempts[];
  knowsReceipt(receipt: string): boolean;
  /** When, by the rows' own clock, something is due by itself; null when nothing is. */
  dueAt(): number | null;
  /** Called after every commit. */
  onCommit(listen: () => void): void;
  commits(): number;
  /**
   * When an attempt last left the states in which it waits, or was confirmed by a second source
   * after the first, by the true clock.
   */
  since(attemptId: AttemptId): number;
}

/** @param world asked late, since the world holds this watch. */
export function createWatch(world: () => World): Watch {
  const rows = new Map<PaymentId, PaymentWithAttempts>();
  const proven = new Set<AttemptId>();
  const applied = new Set<string>();
  const since = new Map<AttemptId, number>();
  const letters: { attemptId: AttemptId; body: string }[] = [];
  const listeners: (() => void)[] = [];
  let kept = false;
  let commits = 0;

  function committed(): void {
    commits += 1;
    for (const listen of listeners) listen();
  }

  function moved(change: Change, extra: CommitExtra | undefined): void {
    const { trace, testimony, mpesa, time } = world();
    const before = rows.get(change.payment.id);
    if (before === undefined) {
      trace.broken("I17", "a change of an unknown payment");
      return;
    }
    if (change.created !== null) promptChecks(change);
    const after = applyTo(before, change);
    for (const evidence of change.evidence) if (evidence.success) proven.add(evidence.attemptId);
    rows.set(change.payment.id, after);
    for (const one of change.timeline) {
      const of = one.attemptId === null ? "payment" : short(one.attemptId);
      trace.say(
        `${of} ${one.kind}: ${one.from} → ${one.to}, ${one.status} v${after.payment.version}`,
      );
      if (one.attemptId !== null && comesToRest(one, before, after)) {
        since.set(one.attemptId, time.now());
      }
      if (one.kind === "look_success" && one.attemptId !== null) {
        testimony.of(one.attemptId).successHeard = true;
      }
    }
    const all = [...rows.values()];
    for (const [invariant, what] of commitChecks({
      before,
      after,
      change,
      all,
      proven,
      testimony,
      mpesa,
    })) {
      trace.broken(invariant, what);
    }
    once(extra);
    committed();
  }

  function promptChecks({ created }: Change): void {
    if (created === null) return;
    for (const why of wrongPrompt(created, [...rows.values()])) {
      world().trace.broken("I16", `${short(created.id)} was made, though ${why}`);
    }
  }

  /** The same bytes at the same door move a payment once (I10). */
  function once(extra: CommitExtra | undefined): void {
    const inbox = extra?.inbox;
    const key =
      inbox === undefined ? extra?.appliedInbox?.id : `${inbox.attemptId}/${inbox.digest}`;
    if (key === undefined) return;
    if (applied.has(key)) world().trace.broken("I10", "a callback was applied twice");
    applied.add(key);
  }

  /** What a flow reads is what was decided; a read that a later commit overtook says nothing. */
  function sameRows(stored: PaymentWithAttempts): void {
    const known = rows.get(stored.payment.id);
    if (known?.payment.version !== stored.payment.version) return;
    if (!alike(stored, known)) {
      world().trace.broken("rows", "the database holds something else than was decided");
    }
  }

  function watched(payments: PaymentStore): PaymentStore {
    return {
      ...payments,
      async open(payment, line, extra) {
        const done = await payments.open(payment, line, extra);
        if (done.ok) {
          rows.set(payment.id, { payment, attempts: [] });
          world().trace.say(`opened ${payment.id.slice(0, 12)} of ${payment.orderReference}`);
          committed();
        }
        return done;
      },
      async apply(change, extra, decidedOn) {
        const done = await payments.apply(change, extra, decidedOn);
        if (done.ok) moved(change, extra);
        return done;
      },
      async orderOf(id) {
        const stored = await payments.orderOf(id);
        for (const each of stored) sameRows(each);
        return stored;
      },
      async load(id) {
        const stored = await payments.load(id);
        if (stored !== null) sameRows(stored);
        return stored;
      },
    };
  }

  return {
    over: (store) => ({
      ...store,
      payments: watched(store.payments),
      inbox: {
        ...store.inbox,
        async keep(row) {
          const done = await store.inbox.keep(row);
          kept = true;
          committed();
          return done;
        },
        async unapplied(limit) {
          const left = await store.inbox.unapplied(limit);
          kept = left.length > 0;
          return left;
        },
      },
    }),
    pushed: (order) => pushChecks(world(), [...rows.values()], order),
    acknowledged: (attemptId, body) => {
      letters.push({ attemptId, body });
    },
    letters,
    payments: () => [...rows.values()],
    knowsReceipt: (receipt) =>
      [...rows.values()].some(({ attempts }) => attempts.some((one) => one.receipt === receipt)),
    dueAt: () => dueAt([...rows.values()], kept),
    onCommit: (listen) => {
      listeners.push(listen);
    },
    commits: () => commits,
    since: (attemptId) => since.get(attemptId) ?? 0,
  };
}

function applyTo(before: PaymentWithAttempts, change: Change): PaymentWithAttempts {
  const next = new Map(change.attempts.map((attempt) => [attempt.id, attempt]));
  const attempts = before.attempts.map((attempt) => next.get(attempt.id) ?? attempt);
  const created = change.created === null ? [] : [change.created];
  return { payment: change.payment, attempts: [...attempts, ...created] };
}

/** I8, and I16 as seen from Daraja: no second push while nobody has called the first one failed. */
function pushChecks(world: World, all: readonly PaymentWithAttempts[], order: PushOrder): void {
  const { testimony, trace } = world;
  const attempts = all.flatMap((one) => one.attempts);
  const mine = attempts.find(({ id }) => id === order.attemptId);
  const told = testimony.of(order.attemptId);
  told.pushes += 1;
  trace.say(`push ${short(order.attemptId)} leaves`);
  if (mine?.state !== "sending") trace.broken("I8", `a push from ${mine?.state ?? "nowhere"}`);
  if (told.pushes > 1) trace.broken("I8", `push ${told.pushes} of one attempt`);
  for (const other of attempts) {
    if (other === mine || other.orderReference !== mine?.orderReference) continue;
    if (testimony.of(other.id).pushes === 0 || testimony.failed(other.id)) continue;
    if (other.state !== "reversed") {
      trace.broken("I16", `a push while ${short(other.id)} of the same order is ${other.state}`);
    }
  }
}

/** Equal as plain data; asked at every read, where Node's own comparison costs a twentieth of a run. */
function alike(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object") return false;
  if (one === null || other === null || Array.isArray(one) !== Array.isArray(other)) return false;
  const [mine, theirs] = [one, other] as [Record<string, unknown>, Record<string, unknown>];
  const keys = Object.keys(mine);
  if (keys.length !== Object.keys(theirs).length) return false;
  return keys.every((key) => Object.hasOwn(theirs, key) && alike(mine[key], theirs[key]));
}

function dueAt(all: readonly PaymentWithAttempts[], kept: boolean): number | null {
  const moments = all.flatMap(({ payment, attempts }) => [
    ...attempts.flatMap((one) => (one.wakeAt === null ? [] : [one.wakeAt])),
    ...attempts
      .filter(({ state }) => state === "created" || state === "sending")
      .map(({ createdAt }) => createdAt + SENDING_STALE_MS + 1),
    ...(mayExpire(payment) ? [payment.expiresAt] : []),
  ]);
  if (kept) return 0;
  return moments.length === 0 ? null : Math.min(...moments);
}

function mayExpire({ closing, status }: PaymentWithAttempts["payment"]): boolean {
  return closing === null && ["open", "cancelled", "expired", "failed"].includes(status);
}
