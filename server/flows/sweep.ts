/**
 * What must happen by itself: looks that are due, payments that run out, sends that a dead process
 * left behind, callbacks kept but not yet applied (machine §6 P8, §9). Every pass is repeatable.
 */
import { happened } from "../core/events.ts";
import type { AttemptId } from "../core/payment.ts";
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
/** Looks of one merchant under way at once: enough for a slow Daraja, few enough for a small machine. */
const LOOKS_AT_ONCE = 8;

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

/** Asks about every attempt whose moment has come. */
export async function sweepLooks(deps: SweepDeps): Promise<number> {
  const due = await allDue(deps);
  const merchants = [...new Set(due.map(({ merchantId }) => merchantId))];
  const walks = merchants.map((id) =>
    look(
      deps,
      due.filter(({ merchantId }) => merchantId === id),
    ),
  );
  await Promise.all(walks);
  return due.length;
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

/** The looks of one merchant: a slow answer to one of them holds up only its own. */
async function look(deps: SweepDeps, due: readonly DueAttempt[]): Promise<void> {
  const waiting = [...due];
  const walk = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { attemptId, looks } = next;
      await alone(deps, "looks", attemptId, () =>
        deps.ask(attemptId, looks === 0 ? "first" : "repeat"),
      );
    }
  };
  await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, walk));
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
