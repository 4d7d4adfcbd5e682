import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cents } from "../../shared/money.ts";
import { DEFAULT_PROMPT_LIMITS } from "../../shared/prompt-limits.ts";
import { ATTEMPT_STATES, FLAGS, REASONS } from "../../shared/words.ts";
import { EVENT_NAMES } from "./cells.ts";
import { type AttemptEvent, happened, type PaymentEvent } from "./events.ts";
import { type CallbackNews, callbackEvent } from "./evidence.ts";
import {
  AMOUNT,
  ATTEMPT,
  applied,
  attemptId,
  attemptIn,
  CHECKOUT,
  HOUR,
  MERCHANT_REQUEST,
  MINUTE,
  OTHER_AMOUNT,
  OTHER_RECEIPT,
  promptFor,
  RECEIPT,
  SECOND,
  START,
  subjectOf,
  usual,
} from "./machine.test-support.ts";
import { decide, type Subject } from "./machine.ts";
import type { Attempt, Change, Decision, Detail, Evidence, Instant } from "./payment.ts";
import { receivedOf } from "./received.ts";

/** A fixed seed keeps the gate repeatable; the simulation is the place for fresh ones. */
const RUNS = { seed: 20_261_124, numRuns: 400 };

const TYPES = (Object.keys(EVENT_NAMES) as (keyof typeof EVENT_NAMES)[]).filter(
  (type) => type !== "prompt",
);
const CODES = ["0", "1", "1032", "1037", "1019", "1036", "E3008", "4999", null] as const;

/* ── Any subject at all, reachable or not ───────────────────────────────────────────────── */

const instant = fc.integer({ min: START - HOUR, max: START + 72 * HOUR });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const amount = fc.constantFrom(AMOUNT, OTHER_AMOUNT, cents(0), cents(10 ** 14));
const told = fc.record({
  code: fc.constantFrom(...CODES),
  description: maybe(fc.string()),
  receipt: fc.constantFrom(RECEIPT, OTHER_RECEIPT, null),
  amountCents: maybe(amount),
  paidAt: maybe(instant),
  checkoutRequestId: fc.constantFrom(CHECKOUT, "ws_CO_other", null),
  merchantRequestId: fc.constantFrom(MERCHANT_REQUEST, null),
  by: fc.constantFrom("person@shop.co.ke", null),
  note: fc.constantFrom<Detail>({}, { cause: "customer_busy" }, { cause: "anything" }),
});
const anyAttempt = (id: string): fc.Arbitrary<Attempt> =>
  fc
    .record({
      state: fc.constantFrom(...ATTEMPT_STATES),
      reason: maybe(fc.constantFrom(...REASONS)),
      merchantRequestId: fc.constantFrom(MERCHANT_REQUEST, null),
      checkoutRequestId: fc.constantFrom(CHECKOUT, null),
      resultCode: fc.constantFrom(...CODES),
      laterResultCode: fc.constantFrom(...CODES),
      receipt: fc.constantFrom(RECEIPT, OTHER_RECEIPT, null),
      customerCode: fc.constantFrom(RECEIPT, OTHER_RECEIPT, null),
      receivedCents: maybe(amount),
      reversedCents: amount,
      flags: fc.subarray([...FLAGS]),
      createdAt: instant,
      sentAt: maybe(instant),
      acceptedAt: maybe(instant),
      inDoubtAt: maybe(instant),
      resolvedAt: maybe(instant),
      paidAt: maybe(instant),
      heldAt: maybe(instant),
      successSeen: fc.boolean(),
      looks: fc.nat({ max: 500 }),
      lastLookAt: maybe(instant),
      nextLookAt: maybe(instant),
      queryFailureCode: fc.constantFrom(...CODES),
      queryFailureAt: maybe(instant),
      queryReachedAt: maybe(instant),
    })
    .map((patch) => attemptIn(patch.state, { ...patch, id: attemptId(id) }));

const anySubject: fc.Arbitrary<Subject> = fc
  .record({
    attempts: fc.tuple(fc.boolean(), anyAttempt("a1"), anyAttempt("a2")),
    siblings: fc.array(anyAttempt("b1"), { maxLength: 2 }),
    closing: fc.constantFrom("cancelled" as const, "expired" as const, null),
    updatedAt: instant,
    expiresAt: instant,
  })
  .map(({ attempts: [two, first, second], siblings, ...payment }) =>
    subjectOf(two ? [first, second] : [first], payment, siblings),
  );

const attemptEvent = (ids: readonly string[]): fc.Arbitrary<AttemptEvent> =>
  fc
    .tuple(fc.constantFrom(...TYPES), fc.constantFrom(...ids), told)
    .map(([type, id, what]) => happened(type, attemptId(id), what));
const anyEvent: fc.Arbitrary<PaymentEvent> = fc.oneof(
  { weight: 8, arbitrary: attemptEvent(["a1", "a2", "a9"]) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.array(anyAttempt("c1"), { maxLength: 5 }),
        fc.constantFrom(DEFAULT_PROMPT_LIMITS, "exempt" as const),
      )
      .map(([ofPhone, limits]) => promptFor("a3", { ofPhone, limits: limits })),
  },
  { weight: 1, arbitrary: fc.constantFrom({ type: "cancel" }, { type: "expire" }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(RECEIPT, OTHER_RECEIPT)
      .map((receipt) => ({ type: "customer_code" as const, receipt })),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ type: "checkout_shown" as const, page: "https://shop.co.ke" }),
  },
);

/** Once set these never change, and I6 forbids the rest from the beginning. */
const FIXED = [
  "id",
  "paymentId",
  "merchantId",
  "environment",
  "orderReference",
  "amountCents",
  "phoneHash",
  "phoneTail",
  "createdAt",
] as const;
const SET_ONCE = ["checkoutRequestId", "merchantRequestId", "acceptedAt"] as const;

const isUnresolved = ({ state }: Attempt) => state === "pending" || state === "in_doubt";

function expectLawfulMove(before: Attempt, after: Attempt, event: PaymentEvent) {
  for (const key of FIXED) expect(after[key]).toEqual(before[key]);
  for (const key of SET_ONCE) if (before[key] !== null) expect(after[key]).toBe(before[key]);
  if (before.state === "confirmed" && after.state !== "confirmed") {
    expect([after.state, event.type]).toEqual(["reversed", "reversal"]);
  }
  // What came back to life holds more than was given back, and a sure source said so.
  if (before.state === "reversed" && after.state !== "reversed") {
    expect(after.state).toBe("review");
    expect(["callback_success", "statement_row"]).toContain(event.type);
    expect(receivedOf(after)).toBeGreaterThan(after.reversedCents);
  }
  // Rows drawn at random may be forgotten already; no move forgets one (I14).
  const remembered = before.nextLookAt !== null || !isUnresolved(before);
  if (isUnresolved(after) && remembered) {
    expect(after.nextLookAt).not.toBeNull();
    expect(after.wakeAt).not.toBeNull();
  }
}

describe("for any payment and any event whatever", () => {
  it("decide answers, and never throws", () => {
    fc.assert(
      fc.property(anySubject, anyEvent, instant, (subject, event, at) => {
        const decision = decide(subject, event, at);
        expect(["change", "ignore", "refuse"]).toContain(decision.kind);
      }),
      { ...RUNS, numRuns: 3_000 },
    );
  });

  it("a change is one version, one story line, and a lawful move (I1, I2, I5, I6, I17, I22)", () => {
    fc.assert(
      fc.property(anySubject, anyEvent, instant, (subject, event, at) => {
        const decision = decide(subject, event, at);
        if (decision.kind !== "change") return;
        const { payment, attempts, timeline } = decision;
        expect(payment.version).toBe(subject.payment.version + 1);
        expect(payment.updatedAt).toBeGreaterThanOrEqual(subject.payment.updatedAt);
        expect(timeline).toHaveLength(1);
        expect(timeline[0]?.at).toBeGreaterThanOrEqual(subject.payment.updatedAt);
        for (const after of attempts) {
          const before = subject.attempts.find(({ id }) => id === after.id);
          if (before !== undefined) expectLawfulMove(before, after, event);
        }
      }),
      { ...RUNS, numRuns: 3_000 },
    );
  });

  it("an unproven post changes nothing (I12)", () => {
    fc.assert(
      fc.property(anySubject, instant, told, (subject, at, what) => {
        const decision = decide(subject, happened("stray", ATTEMPT, what), at);
        expect(decision.kind).toBe("ignore");
      }),
      RUNS,
    );
  });

  it("paid is what the sums say (I20)", () => {
    fc.assert(
      fc.property(anySubject, anyEvent, instant, (subject, event, at) => {
        const decision = decide(subject, event, at);
        if (decision.kind !== "change") return;
        const { attempts, payment } = applied(subject, decision);
        const net = attempts
          .filter(({ state }) => state === "confirmed" || state === "reversed")
          .map((a) => Math.max(0, (a.receivedCents ?? a.amountCents) - a.reversedCents))
          .reduce((sum, part) => sum + part, 0);
        const paid = attempts.some((a) => a.state === "confirmed") && net >= payment.amountCents;
        expect(payment.status === "confirmed").toBe(paid);
        if (net > payment.amountCents) expect(payment.flags).toContain("overpaid");
      }),
      { ...RUNS, numRuns: 2_000 },
    );
  });

  it("a prompt is made only where nothing blocks it (I16)", () => {
    fc.assert(
      fc.property(anySubject, instant, (subject, at) => {
        const decision = decide(subject, promptFor("a3"), at);
        if (decision.kind !== "change") return;
        const order = [...subject.attempts, ...subject.siblings];
        expect(order.filter(({ state }) => state !== "failed" && state !== "reversed")).toEqual([]);
        expect(subject.attempts.some(({ state }) => state === "reversed")).toBe(false);
        expect(subject.payment.closing).toBeNull();
        expect(at).toBeLessThan(subject.payment.expiresAt);
        expect(decision.created).toMatchObject({ state: "created", amountCents: AMOUNT });
      }),
      { ...RUNS, numRuns: 3_000 },
    );
  });

  it("a clock that goes back never allows a prompt that was refused (I22)", () => {
    fc.assert(
      fc.property(anySubject, instant, fc.nat({ max: 24 * HOUR }), (subject, at, back) => {
        const open = { ...subject, payment: { ...subject.payment, expiresAt: START + 999 * HOUR } };
        const now = decide(open, promptFor("a3", { limits: "exempt" }), at);
        if (now.kind !== "refuse") return;
        const earlier = decide(open, promptFor("a3", { limits: "exempt" }), at - back);
        expect(earlier.kind).toBe("refuse");
      }),
      RUNS,
    );
  });
});

/* ── Histories that can happen: a prompt, its answer, callbacks, looks, people ──────────── */

const news = fc.record({
  checkoutRequestId: fc.constantFrom(CHECKOUT, CHECKOUT, CHECKOUT, "ws_CO_other"),
  merchantRequestId: fc.constantFrom(MERCHANT_REQUEST, "other"),
  resultCode: fc.constantFrom<number | string>(0, 0, "0", 1, 1032, 1037, 1019, "1036", "E3008"),
  resultDescription: fc.constant("as they say"),
  amount: fc.constantFrom<unknown>(1250, "1250.00", 1250.0, 20, "20abc", null),
  receipt: fc.constantFrom<unknown>(RECEIPT, RECEIPT, OTHER_RECEIPT, "bad", undefined),
  transactionDate: fc.constantFrom<unknown>(20261124120013, "nonsense"),
});
const trust = fc.constantFrom("enough" as const, "second_source" as const);

type Step =
  | {
      readonly kind: "callback";
      readonly news: CallbackNews;
      readonly trust: "enough" | "second_source";
    }
  | { readonly kind: "event"; readonly event: AttemptEvent };

const PLAIN = TYPES.filter((type) => !type.startsWith("callback_") && type !== "fence");
const statement = fc.constantFrom(AMOUNT, AMOUNT, OTHER_AMOUNT);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("callback" as const), news, trust }),
  fc.tuple(fc.constantFrom(...PLAIN), statement).map(([type, amountCents]): Step => {
    const what = type === "statement_row" ? { amountCents } : {};
    return { kind: "event", event: usual(type, what) };
  }),
);
const waits = fc.constantFrom(0, SECOND, 15 * SECOND, MINUTE, 10 * MINUTE, 25 * HOUR);
const history = fc.array(fc.tuple(step, waits), { maxLength: 14 });

const sent = (): Subject => subjectOf([attemptIn("sending")]);

function eventOf(next: Step, attempt: Attempt): AttemptEvent {
  return next.kind === "event"
    ? next.event
    : callbackEvent(attempt, next.news, {
        receiptOwner: null,
        requestId: "unclaimed",
        trust: next.trust,
      });
}

interface Moment {
  readonly before: Subject;
  readonly event: AttemptEvent;
  readonly at: Instant;
  readonly decision: Decision;
  readonly after: Subject;
  readonly evidence: readonly Evidence[];
}

/** Plays a history from a committed fence on. */
function play(steps: readonly (readonly [Step, number])[]): readonly Moment[] {
  let subject = sent();
  let at = START + 2 * SECOND;
  let evidence: readonly Evidence[] = [];
  return steps.map(([next, wait]) => {
    const before = subject;
    at += wait;
    const event = eventOf(next, only(before));
    const decision = decide(before, event, at);
    if (decision.kind === "change") {
      subject = applied(before, decision);
      evidence = [...evidence, ...decision.evidence];
    }
    return { before, event, at, decision, after: subject, evidence };
  });
}

function only(subject: Subject): Attempt {
  const [attempt] = subject.attempts;
  if (attempt === undefined) throw new TypeError("a history has one attempt");
  return attempt;
}

function forEveryMoment(check: (moment: Moment) => void, numRuns = 1_500) {
  fc.assert(
    fc.property(history, (steps) => {
      for (const moment of play(steps)) check(moment);
    }),
    { ...RUNS, numRuns },
  );
}

/** Everything about an attempt but when it was learnt and how often it was asked. */
function standing(attempt: Attempt) {
  const instants = Object.entries(attempt).filter(([key]) => !/At$|^looks$/.test(key));
  return Object.fromEntries(instants);
}

describe("for any history of a prompt", () => {
  it("confirmed rests on stored success evidence (I2)", () => {
    forEveryMoment(({ after, evidence }) => {
      if (only(after).state !== "confirmed") return;
      expect(evidence.some(({ success }) => success)).toBe(true);
    });
  });

  it("another amount never confirms without an operator (I7)", () => {
    forEveryMoment(({ before, event, after }) => {
      if (only(before).state === "confirmed" || only(after).state !== "confirmed") return;
      if (event.type === "operator_confirm") return;
      expect([null, AMOUNT]).toContain(event.told.amountCents);
      expect(only(after).receivedCents).toBe(AMOUNT);
    });
  });

  it("success once seen is never failed or forgotten (I15)", () => {
    forEveryMoment(({ decision, after }) => {
      const attempt = only(after);
      const proves = decision.kind === "change" && decision.evidence.some((e) => e.success);
      if (proves) expect(attempt.successSeen).toBe(true);
      if (!attempt.successSeen) return;
      expect(["in_doubt", "confirmed", "review", "reversed"]).toContain(attempt.state);
      if (attempt.state === "in_doubt") expect(attempt.heldAt).not.toBeNull();
    });
  });

  it("a receipt once known stays known, or a second one is cried out (I15)", () => {
    forEveryMoment(({ before, after, decision }) => {
      const known = only(before).receipt;
      const now = only(after).receipt;
      if (known === null || now === known) return;
      const proven = only(after).provenReceipts.map(({ receipt }) => receipt);
      if (now === null) expect(proven).toContain(known);
      expect(only(after).flags).toContain("secondReceipt");
      expect((decision as Change).alarm).not.toBeNull();
    });
  });

  it("time alone makes no money and ends no doubt (I13)", () => {
    forEveryMoment(({ before, event, after }) => {
      const clock = ["deadline", "aged", "hold_over", "look_silent", "restart"];
      if (!clock.includes(event.type)) return;
      const [was, is] = [only(before), only(after)];
      if (is.state === "confirmed" && was.state !== "confirmed") expect(was.heldAt).not.toBeNull();
      if (was.state === "in_doubt") expect(is.state).not.toBe("failed");
    });
  });

  it("whatever waits has a next look, spaced by 15 s, and a wake-up before it (I14)", () => {
    forEveryMoment(({ after }) => {
      const attempt = only(after);
      if (attempt.state !== "pending" && attempt.state !== "in_doubt") {
        // Only money of a single source is asked about on (machine §2), and for two days.
        if (!attempt.flags.includes("singleSource")) expect(attempt.nextLookAt).toBeNull();
        return expect(attempt.wakeAt).toBe(attempt.nextLookAt);
      }
      const { nextLookAt, lastLookAt, wakeAt } = attempt;
      expect(nextLookAt).not.toBeNull();
      expect(wakeAt).toBeLessThanOrEqual(nextLookAt ?? 0);
      if (lastLookAt !== null) expect(nextLookAt).toBeGreaterThanOrEqual(lastLookAt + 15 * SECOND);
    });
  });

  it("only failed has a reason", () => {
    forEveryMoment(({ after }) => {
      expect(only(after).reason !== null).toBe(only(after).state === "failed");
    });
  });

  it("the same callback again, at once or later, equals once (I10)", () => {
    forEveryMoment(({ before, event, at, after }) => {
      if (!event.type.startsWith("callback_")) return;
      for (const later of [at, at + 6 * SECOND]) {
        const again = decide(after, event, later);
        const repeated = again.kind === "change" ? applied(after, again) : after;
        expect(only(repeated)).toEqual(only(after));
        expect(repeated.payment.status).toBe(after.payment.status);
        expect(repeated.payment.flags).toEqual(after.payment.flags);
      }
      expect(before.payment.version).toBeLessThanOrEqual(after.payment.version);
    });
  });
});

describe("a callback that overtakes the push answer (I11)", () => {
  const answer: Step = { kind: "event", event: usual("accepted") };
  const mine = news.map((one) => ({
    ...one,
    checkoutRequestId: CHECKOUT,
    merchantRequestId: MERCHANT_REQUEST,
  }));
  const callback: fc.Arbitrary<Step> = fc.record({
    kind: fc.constant("callback" as const),
    news: mine,
    trust,
  });
  const gaps = fc.constantFrom(0, 200, SECOND, 5 * SECOND);

  function endOf(steps: readonly Step[], gap: number) {
    const last = play(steps.map((one) => [one, gap] as const)).at(-1);
    const end = last?.after ?? sent();
    return { attempt: standing(only(end)), status: end.payment.status, flags: end.payment.flags };
  }

  it("ends as one that follows it: success, failure, doubt, mismatch and held", () => {
    fc.assert(
      fc.property(callback, gaps, (one, gap) => {
        expect(endOf([one, answer], gap)).toEqual(endOf([answer, one], gap));
      }),
      RUNS,
    );
  });

  it("wherever the answer falls among callbacks, their order alone decides", () => {
    fc.assert(
      fc.property(fc.array(callback, { minLength: 1, maxLength: 4 }), gaps, (several, gap) => {
        const ends = Array.from({ length: several.length + 1 }, (_, place) =>
          endOf([...several.slice(0, place), answer, ...several.slice(place)], gap),
        );
        for (const end of ends) expect(end).toEqual(ends[0]);
      }),
      RUNS,
    );
  });

  it("repeats of it among the answer change nothing", () => {
    fc.assert(
      fc.property(callback, fc.nat({ max: 3 }), fc.nat({ max: 3 }), gaps, (one, k, j, gap) => {
        const repeated = [...Array(k).fill(one), answer, ...Array(j).fill(one), one];
        expect(endOf(repeated, gap)).toEqual(endOf([answer, one], gap));
      }),
      RUNS,
    );
  });
});
