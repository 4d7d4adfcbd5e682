/**
 * Prompt limits against harassment (machine §8, last paragraph). They are counted over stored
 * attempts, so they survive a restart. Attempts that ended confirmed, and those of which surely
 * nothing reached the customer, do not count.
 */
import type { PromptLimits } from "../../shared/prompt-limits.ts";
import type { Reason } from "../../shared/words.ts";
import type { Attempt, Instant } from "./payment.ts";
import { statusOfFailure } from "./result-codes.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Window {
  readonly most: number;
  readonly withinMs: number;
}
const perPhone = (limits: PromptLimits): readonly Window[] => [
  { most: limits.inTenMinutes, withinMs: 10 * MINUTE },
  { most: limits.inAnHour, withinMs: HOUR },
  { most: limits.inADay, withinMs: DAY },
];
const perPayment = (limits: PromptLimits): Window => ({ most: limits.ofPayment, withinMs: HOUR });
/** After this many cancels or silences in a row the phone rests. */
const rests = (limits: PromptLimits) => [
  { inARow: 4, restMs: limits.restAfterFourMinutes * MINUTE },
  { inARow: 2, restMs: limits.restAfterTwoMinutes * MINUTE },
];

/** How far back `attemptsOfPhone` must reach for these rules. */
export const LIMIT_HORIZON_MS = DAY;

const UNSEEN: readonly Reason[] = ["not_sent", "rejected", "superseded", "merchant_setup"];

/** Cancelled, or met with silence: by its code, since the query alone may have told it. */
function unanswered(attempt: Attempt): boolean {
  return attempt.state === "failed" && statusOfFailure(attempt.resultCode) !== "failed";
}

function wasPaid(attempt: Attempt): boolean {
  return attempt.state === "confirmed" || attempt.state === "reversed";
}

function reachedCustomer(attempt: Attempt): boolean {
  if (wasPaid(attempt)) return false;
  return attempt.reason === null || !UNSEEN.includes(attempt.reason);
}

/** When the oldest prompt that fills a window leaves it; null while the window has room. */
function windowOpensAt(attempts: readonly Attempt[], window: Window, at: Instant): Instant | null {
  const inside = attempts.filter((attempt) => attempt.createdAt > at - window.withinMs);
  const oldest = inside.at(-window.most);
  return oldest === undefined ? null : oldest.createdAt + window.withinMs;
}

function restEndsAt(attempts: readonly Attempt[], limits: PromptLimits): Instant | null {
  let inARow = 0;
  for (const attempt of [...attempts].reverse()) {
    if (!unanswered(attempt)) break;
    inARow += 1;
  }
  const rest = rests(limits).find((candidate) => inARow >= candidate.inARow);
  const last = attempts.at(-1);
  if (rest === undefined || last === undefined) return null;
  return (last.resolvedAt ?? last.createdAt) + rest.restMs;
}

/**
 * The earliest moment the limits allow another prompt.
 * @param ofPhone attempts on this phone within LIMIT_HORIZON_MS, oldest first, any payment.
 * @param ofPayment attempts of this payment, oldest first.
 * @param limits as the shop has set them, within the bounds of shared/prompt-limits.
 * @returns null when a prompt is allowed now.
 */
export function promptAllowedAt(
  ofPhone: readonly Attempt[],
  ofPayment: readonly Attempt[],
  at: Instant,
  limits: PromptLimits,
): Instant | null {
  const phone = ofPhone.filter(reachedCustomer);
  const payment = ofPayment.filter(reachedCustomer);
  const moments = [
    ...perPhone(limits).map((window) => windowOpensAt(phone, window, at)),
    windowOpensAt(payment, perPayment(limits), at),
    restEndsAt(
      ofPhone.filter((attempt) => wasPaid(attempt) || reachedCustomer(attempt)),
      limits,
    ),
  ].filter((moment) => moment !== null && moment > at);
  return moments.length === 0 ? null : Math.max(...moments.filter((moment) => moment !== null));
}
