import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DEFAULT_PROMPT_LIMITS,
  PROMPT_LIMIT_BOUNDS,
  PROMPT_LIMIT_NAMES,
  type PromptLimit,
  type PromptLimits,
  promptLimitFault,
} from "../../shared/prompt-limits.ts";
import type { Reason } from "../../shared/words.ts";
import { promptAllowedAt as allowedAt } from "./limits.ts";
import { attemptId, attemptIn, DAY, HOUR, MINUTE, SECOND, START } from "./machine.test-support.ts";
import type { Attempt, Instant } from "./payment.ts";

const NOW = START + 2 * DAY;
const promptAllowedAt = (
  ofPhone: readonly Attempt[],
  ofPayment: readonly Attempt[],
  at: Instant,
  limits = DEFAULT_PROMPT_LIMITS,
) => allowedAt(ofPhone, ofPayment, at, limits);

/** An attempt that failed 20 s after it was made, `ago` ms before now. */
function failed(ago: number, patch: Partial<Attempt> = {}): Attempt {
  return attemptIn("failed", {
    id: attemptId(`a${ago}`),
    reason: "wrong_pin",
    resultCode: "2001",
    createdAt: NOW - ago,
    resolvedAt: NOW - ago + 20 * SECOND,
    ...patch,
  });
}
const cancelled = (ago: number) => failed(ago, { reason: "cancelled", resultCode: "1032" });
const silent = (ago: number) => failed(ago, { reason: "unreachable", resultCode: "1037" });

const phone = (...attempts: readonly Attempt[]): Instant | null =>
  promptAllowedAt(attempts, [], NOW);
const minutes = (...ago: readonly number[]) => ago.map((minute) => failed(minute * MINUTE));

describe("per phone", () => {
  it("nothing stands against the first prompt", () => {
    expect(phone()).toBeNull();
  });

  it("3 in 10 minutes: the fourth waits until the first leaves the window", () => {
    expect(phone(...minutes(9, 2))).toBeNull();
    expect(phone(...minutes(9, 5, 2))).toBe(NOW + MINUTE);
    expect(phone(...minutes(10, 5, 2))).toBeNull();
  });

  it("6 an hour", () => {
    expect(phone(...minutes(59, 50, 40, 30, 20))).toBeNull();
    expect(phone(...minutes(59, 50, 40, 30, 20, 11))).toBe(NOW + MINUTE);
  });

  it("12 a day", () => {
    const spread = Array.from({ length: 12 }, (_, i) => failed((23 - i) * HOUR + HOUR / 2));
    expect(phone(...spread)).toBe(NOW + HOUR / 2);
    expect(phone(...spread.slice(1))).toBeNull();
  });

  it("the longest wait counts", () => {
    expect(phone(...minutes(59, 50, 40, 9, 5, 2))).toBe(NOW + MINUTE);
    expect(phone(...minutes(50, 49, 40, 9, 5, 2))).toBe(NOW + 10 * MINUTE);
  });

  it.each(["confirmed", "reversed"] as const)("a prompt that ended %s does not count", (state) => {
    const paid = attemptIn(state, { createdAt: NOW - MINUTE });
    expect(phone(paid, paid, paid, paid)).toBeNull();
  });

  it.each<Reason>(["not_sent", "rejected", "superseded", "merchant_setup"])(
    "one that never reached the customer (%s) does not count",
    (reason) => {
      const unseen = failed(MINUTE, { reason });
      expect(phone(unseen, unseen, unseen)).toBeNull();
    },
  );

  it("one in doubt counts", () => {
    const doubt = attemptIn("in_doubt", { createdAt: NOW - MINUTE });
    expect(phone(doubt, doubt, doubt)).toBe(NOW + 9 * MINUTE);
  });
});

describe("rest after cancels and silences in a row", () => {
  const rested = (ago: number, rest: number) => NOW - ago + 20 * SECOND + rest;

  it("one is no row", () => {
    expect(phone(cancelled(MINUTE))).toBeNull();
  });

  it("two rest 10 minutes from the last", () => {
    expect(phone(cancelled(30 * MINUTE), silent(9 * MINUTE))).toBe(rested(9 * MINUTE, 10 * MINUTE));
    expect(phone(cancelled(30 * MINUTE), silent(11 * MINUTE))).toBeNull();
  });

  it("four rest an hour", () => {
    const four = [50, 45, 40, 35].map((m) => silent(m * MINUTE));
    expect(phone(...four)).toBe(rested(35 * MINUTE, HOUR));
    expect(phone(...four.slice(1))).toBeNull();
  });

  it("a payment between them breaks the row", () => {
    const paid = attemptIn("confirmed", { createdAt: NOW - 8 * MINUTE });
    expect(phone(cancelled(9 * MINUTE), paid, cancelled(7 * MINUTE))).toBeNull();
    const back = attemptIn("reversed", { createdAt: NOW - 8 * MINUTE });
    expect(phone(cancelled(9 * MINUTE), back, cancelled(7 * MINUTE))).toBeNull();
  });

  it("any other failure breaks it as well, an unsent prompt does not", () => {
    const poor = failed(8 * MINUTE, { reason: "insufficient_funds", resultCode: "1" });
    expect(phone(cancelled(12 * MINUTE), poor, cancelled(7 * MINUTE))).toBeNull();
    const unsent = failed(8 * MINUTE, { reason: "not_sent", resultCode: null });
    expect(phone(cancelled(12 * MINUTE), unsent, cancelled(7 * MINUTE))).not.toBeNull();
  });

  it("a cancel that only the query told is a cancel", () => {
    const byQuery = failed(7 * MINUTE, { reason: "query_only", resultCode: "1032" });
    expect(phone(cancelled(9 * MINUTE), byQuery)).toBe(rested(7 * MINUTE, 10 * MINUTE));
  });

  it("counts from the prompt where its end is unknown", () => {
    const endless = { ...silent(7 * MINUTE), resolvedAt: null };
    expect(phone(cancelled(9 * MINUTE), endless)).toBe(NOW + 3 * MINUTE);
  });
});

describe("per payment", () => {
  it("5 an hour, whatever the phones", () => {
    const five = minutes(59, 45, 30, 20, 10);
    expect(promptAllowedAt([], five, NOW)).toBe(NOW + MINUTE);
    expect(promptAllowedAt([], five.slice(1), NOW)).toBeNull();
  });

  it("the later of the phone's and the payment's moment counts", () => {
    const five = minutes(30, 25, 20, 15, 10);
    expect(promptAllowedAt(minutes(9, 5, 2), five, NOW)).toBe(NOW + 30 * MINUTE);
  });
});

describe("limits that a shop has set", () => {
  const limits: fc.Arbitrary<PromptLimits> = fc
    .record(
      Object.fromEntries(
        PROMPT_LIMIT_NAMES.map((name) => {
          const { least, most } = PROMPT_LIMIT_BOUNDS[name];
          return [name, fc.integer({ min: least, max: most })];
        }),
      ) as Record<PromptLimit, fc.Arbitrary<number>>,
    )
    .filter((made) => promptLimitFault(made) === null);
  const history = fc
    .array(
      fc.record({
        ago: fc.integer({ min: 0, max: DAY }),
        how: fc.constantFrom(failed, cancelled, silent),
      }),
      { maxLength: 30 },
    )
    .map((all) => all.sort((a, b) => b.ago - a.ago).map(({ ago, how }) => how(ago)));
  /** A count is stricter when smaller, a rest when longer. */
  const stricter = (a: PromptLimits, b: PromptLimits, pick: (x: number, y: number) => number) => {
    const other = pick === Math.min ? Math.max : Math.min;
    return Object.fromEntries(
      PROMPT_LIMIT_NAMES.map((name) => [
        name,
        (name.startsWith("rest") ? other : pick)(a[name], b[name]),
      ]),
    ) as unknown as PromptLimits;
  };
  const wait = (ofPhone: readonly Attempt[], own: PromptLimits) =>
    (promptAllowedAt(ofPhone, ofPhone, NOW, own) ?? NOW) - NOW;

  it("never allow sooner when they are stricter", () => {
    fc.assert(
      fc.property(history, limits, limits, (ofPhone, a, b) => {
        expect(wait(ofPhone, stricter(a, b, Math.min))).toBeGreaterThanOrEqual(
          Math.max(wait(ofPhone, a), wait(ofPhone, b)),
        );
      }),
    );
  });

  it("let no phone be asked more often than the bounds, whoever asks again at the first moment", () => {
    const most = PROMPT_LIMIT_BOUNDS;
    fc.assert(
      fc.property(limits, fc.constantFrom(failed, cancelled, silent), (own, how) => {
        const asked: number[] = [];
        for (let at = NOW; at < NOW + DAY && asked.length < 40; ) {
          const past = asked.map((then) => ({ ...how(0), createdAt: then, resolvedAt: then }));
          const free = promptAllowedAt(past, [], at, own);
          if (free === null) asked.push(at);
          else expect(free).toBeGreaterThan(at);
          at = free ?? at + 1;
        }
        const within = (span: number) =>
          Math.max(
            ...asked.map((from) => asked.filter((t) => t >= from && t < from + span).length),
          );
        expect(within(10 * MINUTE)).toBeLessThanOrEqual(own.inTenMinutes);
        expect(within(HOUR)).toBeLessThanOrEqual(own.inAnHour);
        expect(within(DAY)).toBeLessThanOrEqual(own.inADay);
        expect(own.inADay).toBeLessThanOrEqual(most.inADay.most);
      }),
      { numRuns: 60 },
    );
  });

  it("at their bounds and by default are sound; beyond, or turned round, they are not", () => {
    expect(promptLimitFault(DEFAULT_PROMPT_LIMITS)).toBeNull();
    for (const name of PROMPT_LIMIT_NAMES) {
      const { least, most } = PROMPT_LIMIT_BOUNDS[name];
      for (const odd of [least - 1, most + 1, Number.NaN, least + 0.5]) {
        expect(promptLimitFault({ ...DEFAULT_PROMPT_LIMITS, [name]: odd })).toEqual({
          field: name,
          kind: "outside",
        });
      }
    }
    expect(promptLimitFault({ ...DEFAULT_PROMPT_LIMITS, inTenMinutes: 5, inAnHour: 4 })).toEqual({
      field: "inAnHour",
      kind: "below",
      other: "inTenMinutes",
    });
    const rests = { restAfterTwoMinutes: 90, restAfterFourMinutes: 60 };
    expect(promptLimitFault({ ...DEFAULT_PROMPT_LIMITS, ...rests })?.field).toBe(
      "restAfterFourMinutes",
    );
  });
});
