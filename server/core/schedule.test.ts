import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ERASED_TAIL } from "./blanked.ts";
import {
  attemptId,
  attemptIn,
  DAY,
  HOUR,
  heldSince,
  MINUTE,
  NO_ID,
  SECOND,
  START,
} from "./machine.test-support.ts";
import type { Attempt, Instant } from "./payment.ts";
import {
  agesAt,
  deadlineAt,
  isAskedAbout,
  lookSoon,
  nextLookAt,
  secondSourceLookAt,
  wakeAt,
} from "./schedule.ts";

const ACCEPTED = START + 2 * SECOND;
const fresh = (patch: Partial<Attempt> = {}): Attempt =>
  attemptIn("pending", { looks: 0, lastLookAt: null, nextLookAt: null, ...patch });

/** The looks of an attempt, each taken the moment it is due, as offsets from acceptance. */
function offsets(attempt: Attempt, until: Instant): readonly number[] {
  const looks: number[] = [];
  let now = attempt;
  let at = nextLookAt(now, ACCEPTED);
  while (at <= until) {
    looks.push(at - ACCEPTED);
    now = { ...now, looks: now.looks + 1, lastLookAt: at };
    at = nextLookAt(now, at);
  }
  return looks;
}

const anyId = fc.uuid().map((text) => attemptId(text.replaceAll("-", "")));

describe("when Daraja is asked (machine §9)", () => {
  it("at 20, 35, 50, 65, 80, 100, 130, 180 and 300 s, with jitter that only adds", () => {
    const plan = [20, 35, 50, 65, 80, 100, 130, 180, 300].map((s) => s * SECOND);
    fc.assert(
      fc.property(anyId, (id) => {
        const looks = offsets(fresh({ id }), ACCEPTED + 5 * MINUTE + 3 * SECOND);
        expect(looks).toHaveLength(plan.length);
        for (const [index, due] of plan.entries()) {
          const jitter = (looks[index] ?? 0) - due;
          expect(jitter).toBeGreaterThanOrEqual(0);
          expect(jitter).toBeLessThan(3 * SECOND);
        }
      }),
    );
  });

  it("then every 10 minutes to 2 h, hourly to 48 h, and daily for ever", () => {
    const looks = offsets(fresh(), ACCEPTED + 6 * DAY);
    const gaps = looks.slice(1).map((look, index) => ({ look, gap: look - (looks[index] ?? 0) }));
    const about = (gap: number, want: number) => Math.abs(gap - want) <= 3 * SECOND;
    const between = (from: number, to: number) =>
      gaps.filter(({ look, gap }) => look - gap >= from && look - gap < to).map(({ gap }) => gap);
    expect(between(5 * MINUTE, 2 * HOUR).every((gap) => about(gap, 10 * MINUTE))).toBe(true);
    expect(between(2 * HOUR, 2 * DAY).every((gap) => about(gap, HOUR))).toBe(true);
    expect(between(2 * DAY, 5 * DAY).every((gap) => about(gap, DAY))).toBe(true);
    expect(between(2 * DAY, 5 * DAY).length).toBeGreaterThanOrEqual(2);
  });

  it("never twice within 15 s, however late a look was", () => {
    fc.assert(
      fc.property(anyId, fc.nat({ max: 10 * MINUTE }), fc.nat({ max: 30 }), (id, late, looks) => {
        const at = ACCEPTED + late;
        const next = nextLookAt(fresh({ id, looks, lastLookAt: at }), at);
        expect(next).toBeGreaterThanOrEqual(at + 15 * SECOND);
      }),
    );
  });

  it("two attempts are not asked at the same instant, one attempt always at its own", () => {
    const first = nextLookAt(fresh({ id: attemptId("0a") }), ACCEPTED);
    expect(nextLookAt(fresh({ id: attemptId("0b") }), ACCEPTED)).not.toBe(first);
    expect(nextLookAt(fresh({ id: attemptId("0a") }), ACCEPTED)).toBe(first);
  });

  it("counts from the push, or from the claim, where no acceptance is known", () => {
    const sent = nextLookAt(fresh({ acceptedAt: null }), START + SECOND);
    expect(sent - (START + SECOND)).toBeGreaterThanOrEqual(20 * SECOND);
    expect(sent - (START + SECOND)).toBeLessThan(23 * SECOND);
    const claimed = nextLookAt(fresh({ acceptedAt: null, sentAt: null }), START);
    expect(claimed - START).toBeGreaterThanOrEqual(20 * SECOND);
    expect(claimed - START).toBeLessThan(23 * SECOND);
  });

  it("a clock before the acceptance does not bring a look forward", () => {
    expect(nextLookAt(fresh(), START - HOUR)).toBeGreaterThanOrEqual(ACCEPTED + 20 * SECOND);
  });

  it("hourly where there is no id to ask with", () => {
    const at = ACCEPTED + 30 * SECOND;
    const next = nextLookAt(attemptIn("in_doubt", NO_ID), at);
    expect(next).toBeGreaterThanOrEqual(at + HOUR);
    expect(next).toBeLessThan(at + HOUR + 3 * SECOND);
  });

  it("every 15 s while success is held, for two minutes, then as usual", () => {
    const held = heldSince(ACCEPTED + 10 * MINUTE, { lastLookAt: null });
    const at = ACCEPTED + 11 * MINUTE;
    expect(nextLookAt(held, at)).toBe(at + 15 * SECOND);
    const over = ACCEPTED + 12 * MINUTE;
    expect(nextLookAt(held, over)).toBeGreaterThanOrEqual(over + 10 * MINUTE);
  });
});

describe("when Daraja is asked for a second source (machine §2)", () => {
  const confirmedAt = ACCEPTED + 3 * DAY;
  const single = (patch: Partial<Attempt> = {}): Attempt =>
    attemptIn("confirmed", {
      flags: ["singleSource"],
      resolvedAt: confirmedAt,
      lastLookAt: confirmedAt,
      ...patch,
    });

  it("as about a doubt from the confirmation on, however late that was, for 48 h", () => {
    const first = (secondSourceLookAt(single(), confirmedAt) ?? 0) - confirmedAt;
    expect(first).toBeGreaterThanOrEqual(20 * SECOND);
    expect(first).toBeLessThan(23 * SECOND);
    const late = confirmedAt + 48 * HOUR;
    expect(secondSourceLookAt(single(), late - 1)).toBeGreaterThan(late);
    expect(secondSourceLookAt(single(), late)).toBeNull();
  });

  it("counts from now where the moment of the confirmation is not known", () => {
    const at = confirmedAt + 5 * HOUR;
    const next = secondSourceLookAt(single({ resolvedAt: null }), at) ?? 0;
    expect(next - at).toBeLessThan(23 * SECOND);
  });

  it.each([
    ["money of two sources", { flags: [] }],
    ["money without an id to ask by", { checkoutRequestId: null }],
    ["money whose payer's number was erased", { phoneTail: ERASED_TAIL }],
    ["money given back", { state: "reversed" }],
  ] as const)("not about %s", (_what, patch) => {
    const money = single({ ...patch, nextLookAt: confirmedAt });
    expect(secondSourceLookAt(money, confirmedAt)).toBeNull();
    expect(isAskedAbout(money)).toBe(false);
    expect(wakeAt(money)).toBeNull();
  });

  it("wakes it for the look alone", () => {
    const money = single({ nextLookAt: confirmedAt + HOUR });
    expect(isAskedAbout(money)).toBe(true);
    expect(wakeAt(money)).toBe(confirmedAt + HOUR);
    expect(wakeAt(single())).toBeNull();
  });
});

describe("as soon as possible", () => {
  const at = ACCEPTED + MINUTE;
  it.each([
    ["at once where nobody asked yet", null, null, at],
    ["at once where the last look is 15 s old", at - 15 * SECOND, null, at],
    ["15 s after the last look", at - SECOND, null, at + 14 * SECOND],
    ["never later than it is due already", null, at - SECOND, at - SECOND],
    ["sooner than it was due", null, at + HOUR, at],
  ])("%s", (_name, lastLookAt, dueAt, expected) => {
    expect(lookSoon(fresh({ lastLookAt, nextLookAt: dueAt }), at)).toBe(expected);
  });
});

describe("when an attempt must be woken", () => {
  it("pending: at its next look or at the deadline, whichever comes first", () => {
    const deadline = ACCEPTED + 120 * SECOND;
    expect(deadlineAt(fresh())).toBe(deadline);
    expect(wakeAt(fresh({ nextLookAt: deadline - 1 }))).toBe(deadline - 1);
    expect(wakeAt(fresh({ nextLookAt: deadline + 1 }))).toBe(deadline);
    expect(wakeAt(fresh())).toBe(deadline);
    expect(deadlineAt(fresh({ acceptedAt: null }))).toBe(START + 121 * SECOND);
  });

  it("in doubt: at its next look or when it is a day old, once", () => {
    const old = START + 2 * MINUTE + DAY;
    const doubt = attemptIn("in_doubt", { nextLookAt: old + HOUR });
    expect(agesAt(doubt)).toBe(old);
    expect(wakeAt(doubt)).toBe(old);
    expect(wakeAt({ ...doubt, nextLookAt: old - 1 })).toBe(old - 1);
    expect(wakeAt({ ...doubt, nextLookAt: null })).toBe(old);
    expect(wakeAt({ ...doubt, flags: ["aged"] })).toBe(old + HOUR);
    expect(agesAt({ ...doubt, inDoubtAt: null })).toBe(START + SECOND + DAY);
  });

  it.each(["created", "sending", "confirmed", "failed", "review", "reversed"] as const)(
    "%s waits for nothing",
    (state) => {
      expect(wakeAt(attemptIn(state, { nextLookAt: START }))).toBeNull();
    },
  );
});
