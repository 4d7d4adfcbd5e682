/**
 * Asks Daraja how a prompt ended. Silence is never a verdict: only an exact success moves money,
 * only two agreeing failures end an attempt (machine §2, §9).
 */
import type { Environment } from "../../shared/words.ts";
import { ERASED_TAIL } from "../core/blanked.ts";
import { type AttemptEvent, happened } from "../core/events.ts";
import type { Attempt, AttemptId, PaymentId } from "../core/payment.ts";
import { AGED_MS, DEADLINE_MS, holdEndsAt, isAskedAbout } from "../core/schedule.ts";
import type { DarajaApps, LookAnswer } from "../ports.ts";
import { type AdvanceDeps, advance } from "./advance.ts";

export interface AskDeps extends AdvanceDeps {
  readonly apps: DarajaApps;
  /** Where their Daraja is: it knows nothing of the prompts of another environment. */
  readonly environment: Environment;
  /** `lasts`: a strict merchant confirms nothing by one source, however long the query is silent. */
  readonly hold: "ends" | "lasts";
}

/** Looks at one attempt now, if the gate lets it; resolves when what was learnt is committed. */
export type Ask = (attempt: AttemptId, priority: "first" | "repeat") => Promise<void>;

/** An Ask that never runs twice at once for one attempt. */
export function asker(deps: AskDeps): Ask {
  const running = new Map<AttemptId, Promise<void>>();
  return (attemptId, priority) => {
    const already = running.get(attemptId);
    if (already !== undefined) return already;
    const mine = ask(deps, attemptId, priority).finally(() => running.delete(attemptId));
    running.set(attemptId, mine);
    return mine;
  };
}

async function ask(
  deps: AskDeps,
  attemptId: AttemptId,
  priority: "first" | "repeat",
): Promise<void> {
  const paymentId = await deps.payments.paymentOfAttempt(attemptId);
  if (paymentId === null) return;
  const woken = await noticeTime(deps, paymentId, attemptId);
  const attempt = await fresh(deps, paymentId, attemptId);
  if (attempt === null || attempt.environment !== deps.environment) return;
  if (!worthAsking(attempt)) return;
  // Woken for the time alone: the look that is due soon is not taken twice.
  if (woken && (attempt.nextLookAt ?? 0) > deps.clock.now()) return;
  // Whose number was erased has no name any more that M-Pesa knows.
  if (attempt.checkoutRequestId === null || attempt.phoneTail === ERASED_TAIL) {
    await advance(
      deps,
      paymentId,
      happened("look_silent", attemptId, { note: { cause: "no_id" } }),
    );
    return endHold(deps, attempt);
  }
  const { daraja, gate } = await deps.apps.of(attempt.merchantId);
  // Confirmed money can wait: no customer does.
  const leave = gate.take(attempt.state === "confirmed" ? "repeat" : priority);
  if (leave !== "go") {
    // An open breaker means that the query stays unreachable; a full bucket only means later.
    if (leave.because === "down") await endHold(deps, attempt);
    return;
  }
  const answer = await daraja.query(attempt.checkoutRequestId, attempt.id);
  gate.report(answer);
  await advance(deps, paymentId, lookEvent(attemptId, answer));
  if (answer.kind === "silent") await endHold(deps, attempt);
}

/**
 * A failed attempt may be asked about on a hint; the created and the settled are not. One that lost
 * its id while its looks went on is woken once more, so that they end.
 */
function worthAsking(attempt: Attempt): boolean {
  const looksOn = attempt.nextLookAt !== null;
  return looksOn || isAskedAbout(attempt) || attempt.state === "failed";
}

async function fresh(deps: AskDeps, paymentId: PaymentId, id: AttemptId): Promise<Attempt | null> {
  const loaded = await deps.payments.load(paymentId);
  return loaded?.attempts.find((attempt) => attempt.id === id) ?? null;
}

/**
 * What the clock alone may say: the deadline (row 14) and the first day in doubt (row 20).
 * @returns whether it said anything.
 */
async function noticeTime(deps: AskDeps, paymentId: PaymentId, id: AttemptId): Promise<boolean> {
  const attempt = await fresh(deps, paymentId, id);
  if (attempt === null) return false;
  const at = deps.clock.now();
  if (attempt.state === "pending" && at >= (attempt.acceptedAt ?? at) + DEADLINE_MS) {
    await advance(deps, paymentId, happened("deadline", id));
    return true;
  }
  const aged = attempt.flags.includes("aged");
  if (attempt.state === "in_doubt" && !aged && at >= (attempt.inDoubtAt ?? at) + AGED_MS) {
    await advance(deps, paymentId, happened("aged", id));
    return true;
  }
  return false;
}

function lookEvent(attemptId: AttemptId, answer: LookAnswer): AttemptEvent {
  switch (answer.kind) {
    case "success":
      return happened("look_success", attemptId, { code: "0" });
    case "failure":
      return happened("look_failure", attemptId, {
        code: answer.code,
        description: answer.description,
      });
    case "silent":
      return happened("look_silent", attemptId, {
        description: answer.description,
        note: { cause: answer.cause },
      });
  }
}

/**
 * Held evidence stops waiting for a silent query when the rows, this look included, say so.
 * @param seen as it was before the look.
 */
async function endHold(deps: AskDeps, seen: Attempt): Promise<void> {
  if (deps.hold === "lasts" || seen.heldAt === null) return;
  const attempt = await fresh(deps, seen.paymentId, seen.id);
  const endsAt = attempt === null ? null : holdEndsAt(attempt);
  if (endsAt !== null && deps.clock.now() >= endsAt) {
    await advance(deps, seen.paymentId, happened("hold_over", seen.id));
  }
}
