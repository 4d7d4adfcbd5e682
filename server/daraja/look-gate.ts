/**
 * When may Daraja be asked for a result? One gate per Daraja app: a token bucket that learns the
 * rate (machine §9) and a circuit breaker that spares a Daraja that is down. Pull takes from the
 * same bucket but has no part in the breaker: either of the two may be down alone. Pushes never
 * pass here: a customer is waiting for them.
 */
import type { Clock, LookGate } from "../ports.ts";

type LookPriority = Parameters<LookGate["take"]>[0];

const MINUTE_MS = 60_000;
/** One look a second to begin with, and no burst: the sandbox allows a burst of one. */
const RATE_START = 60;
/** What the sandbox names; assumed where a refusal names no rate (daraja.md §3). */
const RATE_FLOOR = 5;
/** A fault that names less than one look a minute is not believed. */
const RATE_NAMED_MIN = 1;
/** After this long without a refusal for rate, the starting rate is tried again. */
const QUIET_MS = 10 * MINUTE_MS;
/** A look that was told to wait keeps its turn this long beyond its time. */
const CLAIM_GRACE_MS = 2_000;
/** A page of Pull that has waited so long goes before a first look. */
const PULL_WAITS_MS = 20_000;
/** Unreachable answers in a row that open the breaker. */
const FAILURES_MAX = 5;
const OPEN_FIRST_MS = 30_000;
const OPEN_MAX_MS = 5 * MINUTE_MS;
/** A probe whose answer never comes is forgotten; a query takes 10 s at most. */
const PROBE_MS = 15_000;
/** A bucket this near to full counts as full: rates are fractions and clocks whole ms. */
const NEARLY_ONE = 1 - 1e-9;

/**
 * A gate for one Daraja app. A `waitMs` is 1 or more and says when asking again makes sense; a
 * first look that was told to wait goes before every repeat.
 */
export function createLookGate(options: { clock: Pick<Clock, "now"> }): LookGate {
  const { clock } = options;
  const bucket = createBucket(clock.now());
  const breaker = createBreaker();
  let claimUntil = 0;
  // A list has many pages: each lets one of the looks that wait go before the next.
  let passedLast: "look" | "pull" = "look";
  let lookClaimUntil = 0;
  // Looks that are always waiting would keep the list from ever being read: a page that has waited
  // for long has its turn before them.
  let pullWaitsSince = 0;
  let pullClaimUntil = 0;
  const pullIsNext = (now: number) => now < pullClaimUntil && now - pullWaitsSince >= PULL_WAITS_MS;

  function isClaimed(priority: LookPriority, now: number): boolean {
    switch (priority) {
      case "first":
        return pullIsNext(now);
      case "repeat":
        return now < claimUntil || pullIsNext(now);
      case "pull":
        return !pullIsNext(now) && now < Math.max(claimUntil, lookClaimUntil);
    }
  }
  function pass(priority: LookPriority, now: number): void {
    bucket.spend();
    passedLast = priority === "pull" ? "pull" : "look";
    lookClaimUntil = 0;
    if (priority === "pull") pullClaimUntil = 0;
    else breaker.passed(now);
    if (priority === "first") claimUntil = 0;
  }

  return {
    take(priority) {
      const now = clock.now();
      const shutMs = priority === "pull" ? 0 : breaker.shutFor(now);
      if (shutMs > 0) return { waitMs: Math.ceil(shutMs), because: "down" };
      const emptyMs = bucket.emptyFor(now);
      const claimed = isClaimed(priority, now);
      if (emptyMs <= 0 && !claimed) {
        pass(priority, now);
        return "go";
      }
      const turnMs = claimed ? bucket.intervalMs() : 0;
      const waitMs = Math.max(1, Math.ceil(emptyMs + turnMs));
      const keepsUntil = now + waitMs + CLAIM_GRACE_MS;
      if (priority === "first") claimUntil = keepsUntil;
      if (priority === "repeat" && passedLast === "pull") lookClaimUntil = keepsUntil;
      if (priority === "pull") {
        if (now >= pullClaimUntil) pullWaitsSince = now;
        pullClaimUntil = keepsUntil;
      }
      return { waitMs, because: "rate" };
    },
    report(answer, of = "look") {
      const now = clock.now();
      const cause = answer.kind === "silent" ? answer.cause : null;
      if (answer.kind === "silent" && cause === "rate_limited") {
        bucket.refused(now, answer.ratePerMinute);
      }
      if (of === "pull") return;
      if (cause === "unreachable") breaker.failed(now);
      else breaker.answered();
    },
  };
}

/** Holds at most one look; rates are looks a minute. */
function createBucket(startedAt: number) {
  let rate = RATE_START;
  let filled = 1;
  let filledAt = startedAt;
  let refusedAt: number | null = null;

  function fill(now: number): void {
    if (refusedAt !== null && now - refusedAt >= QUIET_MS) {
      refusedAt = null;
      rate = RATE_START;
    }
    filled = Math.min(1, filled + (Math.max(0, now - filledAt) * rate) / MINUTE_MS);
    filledAt = Math.max(filledAt, now);
  }

  return {
    intervalMs: () => MINUTE_MS / rate,
    /** How long until a look may pass, in ms; 0 when one may now. */
    emptyFor(now: number): number {
      fill(now);
      return filled >= NEARLY_ONE ? 0 : ((1 - filled) * MINUTE_MS) / rate;
    },
    spend(): void {
      filled = 0;
    },
    /** Halves the rate, down to the one the fault named, and lets a whole interval pass. */
    refused(now: number, namedRate: number | undefined): void {
      fill(now);
      const named = Number.isFinite(namedRate) ? Number(namedRate) : RATE_FLOOR;
      const floor = Math.max(RATE_NAMED_MIN, named);
      rate = Math.min(rate, Math.max(floor, rate / 2));
      filled = 0;
      refusedAt = now;
    },
  };
}

type BreakerState =
  | { readonly kind: "closed"; readonly failures: number }
  | { readonly kind: "open"; readonly until: number; readonly openMs: number }
  /** One look is on its way to find out; the others wait for its answer. */
  | { readonly kind: "probing"; readonly until: number; readonly openMs: number };

function createBreaker() {
  let state: BreakerState = { kind: "closed", failures: 0 };

  return {
    /** How long everything must wait, in ms; 0 when a look may pass. */
    shutFor(now: number): number {
      return state.kind === "closed" ? 0 : Math.max(0, state.until - now);
    },
    /** A look passed: the first after an opening is the probe. */
    passed(now: number): void {
      if (state.kind === "closed") return;
      state = { kind: "probing", until: now + PROBE_MS, openMs: state.openMs };
    },
    answered(): void {
      state = { kind: "closed", failures: 0 };
    },
    failed(now: number): void {
      switch (state.kind) {
        case "closed": {
          const failures: number = state.failures + 1;
          if (failures < FAILURES_MAX) state = { kind: "closed", failures };
          else state = { kind: "open", until: now + OPEN_FIRST_MS, openMs: OPEN_FIRST_MS };
          return;
        }
        case "open":
          // A look that left before the breaker opened; it says nothing new.
          return;
        case "probing": {
          const openMs: number = Math.min(OPEN_MAX_MS, state.openMs * 2);
          state = { kind: "open", until: now + openMs, openMs };
          return;
        }
      }
    },
  };
}
