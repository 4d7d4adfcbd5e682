/**
 * When Daraja is asked about an attempt, and when time itself must be noticed (machine §9).
 * Jitter only adds and is a function of the attempt's id, so the core stays free of randomness.
 */
import { ERASED_TAIL } from "./blanked.ts";
import type { Attempt, Instant } from "./payment.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Offsets after acceptance of the first looks. */
const FIRST_LOOKS_MS = [20, 35, 50, 65, 80, 100, 130, 180, 300].map((s) => s * SECOND);
/** Two reads of one attempt stay this far apart (machine §9). */
export const LOOK_SPACING_MS = 15 * SECOND;
const JITTER_MAX_MS = 3 * SECOND;
/** A second source is looked for this long; a doubt is asked about for ever (machine §9). */
const SECOND_SOURCE_MS = 48 * HOUR;
/** An accepted prompt without a result is in doubt after this long (machine row 14). */
export const DEADLINE_MS = 120 * SECOND;
/** Held success evidence waits this long for a query that stays out of reach (machine row 24). */
const HOLD_MS = 60 * SECOND;
/** An answer without a verdict, such as 4999, counts as out of reach only after this long (machine §2). */
const HOLD_REACHED_MS = 30 * MINUTE;
/** In doubt for this long is listed for a person (machine row 20). */
export const AGED_MS = 24 * HOUR;
/** A committed fence older than this belongs to a process that is gone (machine row 6). */
export const SENDING_STALE_MS = 30 * SECOND;

/** Small deterministic spread, 0 to 3 s, different for each attempt and look. */
function jitterMs(id: string, look: number): number {
  let hash = look + 1;
  for (let i = 0; i < id.length; i += 1) hash = (hash * 31 + id.charCodeAt(i)) % 1_000_003;
  return hash % JITTER_MAX_MS;
}

/** How long after `elapsed` ms the next look is due: dense at first, hourly to 48 h, then daily. */
function nextOffsetMs(elapsed: number): number {
  const first = FIRST_LOOKS_MS.find((offset) => offset > elapsed);
  if (first !== undefined) return first;
  if (elapsed < 2 * HOUR) return elapsed + 10 * MINUTE;
  if (elapsed < 48 * HOUR) return elapsed + HOUR;
  return elapsed + 24 * HOUR;
}

/**
 * The next look of a pending or in_doubt attempt. Without a CheckoutRequestID the query has
 * nothing to ask; such a doubt is only revisited hourly, for other sources.
 */
export function nextLookAt(attempt: Attempt, at: Instant): Instant {
  if (attempt.checkoutRequestId === null) {
    return at + HOUR + jitterMs(attempt.id, attempt.looks);
  }
  if (attempt.heldAt !== null && at < attempt.heldAt + 2 * HOLD_MS) return at + LOOK_SPACING_MS;
  return bySchedule(attempt, attempt.acceptedAt ?? pushedAt(attempt), at);
}

function bySchedule(attempt: Attempt, base: Instant, at: Instant): Instant {
  const elapsed = Math.max(0, at - base);
  const due = base + nextOffsetMs(elapsed) + jitterMs(attempt.id, attempt.looks);
  const spaced = (attempt.lastLookAt ?? Number.NEGATIVE_INFINITY) + LOOK_SPACING_MS;
  return Math.max(due, spaced);
}

/** Confirmed by one source alone, and M-Pesa can be asked for the second (machine §2). */
export function wantsSecondSource(attempt: Attempt): boolean {
  return (
    attempt.state === "confirmed" &&
    attempt.flags.includes("singleSource") &&
    attempt.checkoutRequestId !== null &&
    attempt.phoneTail !== ERASED_TAIL
  );
}

/**
 * The next look for the second source of confirmed money; null when none is wanted, or two days of
 * silence are over. They begin with the confirmation: the callback may have come days after the
 * prompt, and what the query says is wanted all the same.
 */
export function secondSourceLookAt(attempt: Attempt, at: Instant): Instant | null {
  const base = attempt.resolvedAt ?? at;
  if (!wantsSecondSource(attempt) || at >= base + SECOND_SOURCE_MS) return null;
  return bySchedule(attempt, base, at);
}

/** Is Daraja asked how this ended, or whether it ended so? */
export function isAskedAbout(attempt: Attempt): boolean {
  const { state } = attempt;
  return state === "pending" || state === "in_doubt" || wantsSecondSource(attempt);
}

/** As soon as the spacing between two reads allows, and never later than it is due already. */
export function lookSoon(attempt: Attempt, at: Instant): Instant {
  const spaced = (attempt.lastLookAt ?? Number.NEGATIVE_INFINITY) + LOOK_SPACING_MS;
  return Math.min(Math.max(at, spaced), attempt.nextLookAt ?? Number.POSITIVE_INFINITY);
}

/**
 * When held success evidence may stop waiting for a query that says nothing (machine row 24); null
 * when it may not. A query that has said "failed" is no silent one: what it contradicts waits for a
 * verdict or a person. One that was reached during the hold has not stayed out of reach, even where
 * it is now: a Daraja that knows no verdict yet may know one soon, and then goes before our clock.
 */
export function holdEndsAt(attempt: Attempt): Instant | null {
  const { heldAt, queryFailureAt, queryReachedAt } = attempt;
  if (heldAt === null || queryFailureAt !== null) return null;
  const reached = queryReachedAt !== null && queryReachedAt >= heldAt;
  return heldAt + (reached ? HOLD_REACHED_MS : HOLD_MS);
}

/** When the push began, or may have begun. */
export function pushedAt(attempt: Attempt): Instant {
  return attempt.sentAt ?? attempt.createdAt;
}

/** When a pending attempt passes its deadline (machine row 14). */
export function deadlineAt(attempt: Attempt): Instant {
  return (attempt.acceptedAt ?? pushedAt(attempt)) + DEADLINE_MS;
}

/** When a doubt is a day old and listed for a person (machine row 20). */
export function agesAt(attempt: Attempt): Instant {
  return (attempt.inDoubtAt ?? pushedAt(attempt)) + AGED_MS;
}

/**
 * The next moment anything must happen to an attempt by itself; null when nothing must (I14). The
 * end of a hold needs no moment of its own, since a look tells it: for two minutes they are 15 s
 * apart, so that a query out of reach ends it in time; the wait of one that was reached may last
 * until the next look of the schedule.
 */
export function wakeAt(attempt: Attempt): Instant | null {
  const look = attempt.nextLookAt ?? Number.POSITIVE_INFINITY;
  if (attempt.state === "pending") return Math.min(look, deadlineAt(attempt));
  if (wantsSecondSource(attempt)) return attempt.nextLookAt;
  if (attempt.state !== "in_doubt") return null;
  return attempt.flags.includes("aged") ? attempt.nextLookAt : Math.min(look, agesAt(attempt));
}
