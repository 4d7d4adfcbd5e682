/**
 * I24: once faults stop and Daraja answers, every attempt reaches confirmed, failed, review, or
 * in_doubt and aged, within the looks of machine §9; and what one source confirmed, its second one.
 */
import type { Attempt } from "../core/payment.ts";
import { short } from "./daraja.ts";
import type { World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A breaker that stays open for 5 minutes, a bucket of 5 a minute, the pause of the paced worker. */
const SLACK_MS = 8 * MINUTE;
/** A send that no process owns is swept after 30 s, at a pass every 10 s. */
const SWEEP_MS = MINUTE;
/** A day in doubt, and then the next beat. */
export const AGED_WITHIN_MS = 24 * HOUR + SLACK_MS;

/** Nothing more will happen to this attempt by itself. */
export function atRest(world: World, attempt: Attempt): boolean {
  switch (attempt.state) {
    case "confirmed":
      return attempt.nextLookAt === null;
    case "failed":
    case "review":
    case "reversed":
      return true;
    case "created":
    case "sending":
    case "pending":
      return false;
    case "in_doubt":
      return !canBeKnown(world, attempt) && (world.plan.name.mode === "safety" || isAged(attempt));
  }
}

const isAged = (attempt: Attempt): boolean => attempt.flags.includes("aged");

/** Can the query ever say how this ended? Not without an id, and not when its code is none of ours. */
function canBeKnown({ mpesa }: World, { checkoutRequestId }: Attempt): boolean {
  const prompt = checkoutRequestId === null ? undefined : mpesa.byId(checkoutRequestId);
  if (prompt === undefined) return false;
  return prompt.end.kind === "live" || prompt.verdictAt !== null;
}

/**
 * Nothing is left behind; in a liveness run, measures how long it took since faults stopped.
 * @param clockSpanMs a clock that was set back delays what was due by as much, and one
 *   that ran ahead made attempts look old, which are asked about more rarely.
 */
export function livenessChecks(world: World, calmAt: number, clockSpanMs: number): void {
  const { mode } = world.plan.name;
  for (const attempt of world.watch.payments().flatMap((one) => one.attempts)) {
    const settledAt = world.watch.since(attempt.id);
    const latest = dueBy(world, attempt, calmAt, clockSpanMs) + clockSpanMs;
    if (!atRest(world, attempt)) {
      world.trace.broken("I24", `${short(attempt.id)} is ${attempt.state} for ever`);
    } else if (mode === "liveness" && attempt.state !== "in_doubt" && settledAt > latest) {
      const seconds = Math.round((settledAt - latest) / 1_000);
      world.trace.broken("I24", `${short(attempt.id)} settled ${seconds} s too late`);
    }
  }
}

/** The latest moment of the last move, by the schedule of looks. */
function dueBy({ mpesa, watch }: World, attempt: Attempt, calmAt: number, spanMs: number): number {
  const prompt = mpesa.prompts.find(({ attemptId }) => attemptId === attempt.id);
  const sweep = calmAt + SWEEP_MS;
  // Without an id from the push answer no look could ask: its callback came when it came.
  if (prompt === undefined || attempt.acceptedAt === null) return watch.since(attempt.id);
  // A confirmation after a failure is no look's doing: the callback came when it came.
  if (attempt.flags.includes("late")) return watch.since(attempt.id);
  // Daraja itself knew no verdict: only a callback with another code could bring one.
  if (prompt.verdictAt === null) return watch.since(attempt.id);
  const from = Math.max(calmAt, prompt.verdictAt);
  return Math.max(sweep, from + gapMs(from - prompt.shownAt + spanMs) + SLACK_MS);
}

function gapMs(age: number): number {
  if (age < 300_000) return 2 * MINUTE;
  if (age < 2 * HOUR) return 10 * MINUTE;
  return age < 48 * HOUR ? HOUR : 24 * HOUR;
}
