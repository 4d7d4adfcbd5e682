/**
 * What must happen by itself: looks that are due, payments that run out, sends that a dead process
 * left behind, callbacks kept but not yet applied (machine §6 P8, §9). Every pass is repeatable.
 */
import { happened } from "../core/events.ts";
import type { AttemptId, MerchantId } from "../core/payment.ts";
import { SENDING_STALE_MS } from "../core/schedule.ts";
import type { DueAttempt } from "../ports.ts";
import { advance } from "./advance.ts";
import type { Ask } from "./ask-result.ts";
import type { Sending } from "./sending.ts";
import { applyKept, type CallbackDeps } from "./take-callback.ts";

export interface SweepDeps extends CallbackDeps {
  readonly ask: Ask;
  /** What this process is sending right now. */
  readonly sending: Pick<Sending, "has">;
}

/** One pass looks at no more than this many rows of each kind, so that a pass stays short. */
const BATCH = 100;
/**
 * Looks of one merchant under way at once: the gate lets one a second go, a query takes ten at most,
 * and a few more only read their rows and wait for their turn.
 */
const LOOKS_AT_ONCE = 16;

/** Settles sends whose process is gone: created → not sent, sending → in doubt (machine row 6). */
export async function sweepSends(deps: SweepDeps, moment: "start" | "running"): Promise<number> {
  const at = deps.clock.now();
  // At a start none is anybody's, also one that a clock dated hours ahead of this one.
  const before = moment === "start" ? Number.MAX_SAFE_INTEGER : at - SENDING_STALE_MS;
  const left = await deps.payments.unfinishedSends(deps.environment, before);
  const lost = left.filter(({ attemptId }) => !deps.sending.has(attemptId));
  for (const { attemptId, paymentId } of lost) {
    await alone(deps, "sends", attemptId, () =>
      advance(deps, paymentId, happened("restart", attemptId)),
    );
  }
  return lost.length;
}

/** The looks of one process: while answers are on their way, further questions are begun. */
export interface LookSweep {
  /**
   * Asks about every attempt whose moment has come and that is not being asked about. Resolves when
   * all are begun: one that waits for a slow Daraja keeps nobody else from being asked about.
   * @returns how many were due.
   */
  pass(): Promise<number>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/** Begins looks pass by pass, of each merchant a bounded number at once. */
export function lookSweep(deps: SweepDeps): LookSweep {
  const underWay = new Map<MerchantId, Map<AttemptId, Promise<void>>>();
  const begin = async (merchantId: MerchantId, due: readonly DueAttempt[]) => {
    const mine = underWay.get(merchantId) ?? new Map<AttemptId, Promise<void>>();
    underWay.set(merchantId, mine);
    for (const { attemptId, looks } of due) {
      if (mine.has(attemptId)) continue;
      while (mine.size >= LOOKS_AT_ONCE) await Promise.race(mine.values());
      const ask = () => deps.ask(attemptId, looks === 0 ? "first" : "repeat");
      const look = alone(deps, "looks", attemptId, ask).finally(() => mine.delete(attemptId));
      mine.set(attemptId, look);
    }
  };
  return {
    async pass() {
      const due = await allDue(deps);
      const merchants = [...new Set(due.map(({ merchantId }) => merchantId))];
      const of = (id: MerchantId) => due.filter(({ merchantId }) => merchantId === id);
      await Promise.all(merchants.map((id) => begin(id, of(id))));
      return due.length;
    },
    async settled() {
      await Promise.all([...underWay.values()].flatMap((mine) => [...mine.values()]));
    },
  };
}

/**
 * A merchant whose app is down leaves what is due where it is. Beside such a heap every other
 * merchant still gets a turn in each pass.
 */
async function allDue({ payments, environment, clock }: SweepDeps): Promise<DueAttempt[]> {
  const at = clock.now();
  const due = [...(await payments.due(environment, at, BATCH))];
  if (due.length < BATCH) return due;
  const turns = new Set(due.map(({ merchantId }) => merchantId));
  for (const id of await payments.merchantsDue(environment, at)) {
    if (!turns.has(id)) due.push(...(await payments.dueOf(id, environment, at, BATCH)));
  }
  return due;
}

/** Closes payments whose time to pay has run out; money in the air keeps them open. */
export async function sweepExpired(deps: SweepDeps): Promise<number> {
  const ids = await deps.payments.expired(deps.environment, deps.clock.now(), BATCH);
  for (const id of ids) {
    await alone(deps, "expired", null, () => advance(deps, id, { type: "expire" }));
  }
  return ids.length;
}

/** Applies callbacks that were kept without effect; orphans stay listed for a person. */
export async function sweepInbox(deps: SweepDeps): Promise<number> {
  const rows = await deps.inbox.unapplied(BATCH);
  for (const row of rows) {
    await alone(deps, "inbox", row.attemptId, () => applyKept(deps, row, row.body));
  }
  return rows.length;
}

/** One row that cannot be dealt with must not hold up those behind it. */
async function alone(
  deps: SweepDeps,
  kind: string,
  attemptId: AttemptId | null,
  run: () => Promise<unknown>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    const because = error instanceof Error ? error.message : "unknown fault";
    deps.log.error("sweep_failed", { kind, attemptId, error: because });
  }
}
