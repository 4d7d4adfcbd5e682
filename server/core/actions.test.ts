import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cents } from "../../shared/money.ts";
import { DEFAULT_PROMPT_LIMITS } from "../../shared/prompt-limits.ts";
import { ATTEMPT_STATES } from "../../shared/words.ts";
import { type LastPhone, type MachineAction, possibleActions } from "./actions.ts";
import {
  AMOUNT,
  attemptId,
  attemptIn,
  HOUR,
  heldSince,
  LATER,
  MINUTE,
  NO_ID,
  RECEIPT,
  SECOND,
  START,
  subjectOf,
  usual,
} from "./machine.test-support.ts";
import { decide } from "./machine.ts";
import type { Attempt, Instant } from "./payment.ts";

const PHONE: LastPhone = {
  phoneHash: "hash-of-phone",
  phoneTail: "5678",
  ofPhone: [],
  limits: DEFAULT_PROMPT_LIMITS,
};

function possible(
  action: MachineAction,
  attempts: readonly Attempt[],
  at: Instant = LATER,
  phone: LastPhone | null = PHONE,
) {
  const answer = possibleActions(subjectOf(attempts), phone, DEFAULT_PROMPT_LIMITS, at)[action];
  return answer.kind === "allowed" ? answer.attempts : [answer.because, answer.at];
}

describe("what may be done by hand", () => {
  const held = heldSince(START + MINUTE);
  const known = attemptIn("confirmed");
  it.each([
    ["confirm", attemptIn("created"), ["not_sent_yet", null]],
    ["confirm", attemptIn("sending"), ["not_sent_yet", null]],
    ["confirm", attemptIn("pending"), ["a1"]],
    ["confirm", attemptIn("in_doubt"), ["a1"]],
    ["confirm", attemptIn("in_doubt", NO_ID), ["a1"]],
    ["confirm", known, ["receipt_known", null]],
    ["confirm", attemptIn("confirmed", { receipt: null, flags: ["receiptWanted"] }), ["a1"]],
    ["confirm", attemptIn("failed"), ["a1"]],
    ["confirm", attemptIn("review"), ["a1"]],
    ["confirm", attemptIn("reversed"), ["payment_reversed", null]],
    ["fail", attemptIn("created"), ["not_sent_yet", null]],
    ["fail", attemptIn("sending"), ["not_sent_yet", null]],
    ["fail", attemptIn("pending"), ["still_waiting", START + SECOND + 180 * SECOND]],
    ["fail", attemptIn("in_doubt"), ["a1"]],
    ["fail", held, ["success_held", null]],
    ["fail", known, ["already_paid", null]],
    ["fail", attemptIn("failed"), ["already_failed", null]],
    ["fail", attemptIn("review"), ["success_seen", null]],
    ["fail", attemptIn("review", { successSeen: false }), ["a1"]],
    ["fail", attemptIn("reversed"), ["payment_reversed", null]],
    ["reverse", attemptIn("created"), ["not_paid", null]],
    ["reverse", attemptIn("pending"), ["not_paid", null]],
    ["reverse", attemptIn("in_doubt"), ["not_paid", null]],
    ["reverse", attemptIn("failed"), ["not_paid", null]],
    ["reverse", known, ["a1"]],
    ["reverse", attemptIn("review"), ["a1"]],
    ["reverse", attemptIn("reversed"), ["payment_reversed", null]],
  ] as const)("%s one that is $state: %3", (action, attempt, answer) => {
    expect(possible(action, [attempt])).toEqual(answer);
  });

  it("a doubt may be failed three minutes after its push, and not before", () => {
    const from = START + SECOND + 180 * SECOND;
    const doubt = [attemptIn("in_doubt")];
    expect(possible("fail", doubt, from - 1)).toEqual(["too_early", from]);
    expect(possible("fail", doubt, from)).toEqual(["a1"]);
  });

  it("names every attempt that can be moved", () => {
    const attempts = [attemptIn("failed"), attemptIn("in_doubt", { id: attemptId("a2") })];
    expect(possible("confirm", attempts)).toEqual(["a1", "a2"]);
    expect(possible("fail", attempts)).toEqual(["a2"]);
  });

  it("moves nothing where nobody was asked", () => {
    for (const action of ["confirm", "fail", "reverse"] as const) {
      expect(possible(action, [])).toEqual(["no_attempt", null]);
    }
  });
});

describe("asking M-Pesa now", () => {
  const looked = (lastLookAt: Instant) => attemptIn("pending", { lastLookAt });
  it("waits ten seconds after the last look and after the push", () => {
    expect(possible("ask", [looked(LATER - 9_999)])).toEqual(["asked_just_now", LATER + 1]);
    expect(possible("ask", [looked(LATER - 10_000)])).toEqual(["a1"]);
    const fresh = attemptIn("pending", { lastLookAt: null });
    expect(possible("ask", [fresh], START + 2 * SECOND)).toEqual([
      "asked_just_now",
      START + 11 * SECOND,
    ]);
  });

  it("needs a prompt without a result, and an id to ask by", () => {
    expect(possible("ask", [])).toEqual(["nothing_to_ask", null]);
    expect(possible("ask", [attemptIn("confirmed")])).toEqual(["nothing_to_ask", null]);
    expect(possible("ask", [attemptIn("in_doubt", NO_ID)])).toEqual(["no_id", null]);
  });
});

describe("prompting again", () => {
  it("follows rule §8, with the moment to come back", () => {
    const early = START + 20 * SECOND;
    const busy = attemptIn("failed", { reason: "customer_busy" });
    expect(possible("prompt_other", [attemptIn("failed")])).toEqual([]);
    expect(possible("prompt_other", [busy], early)).toEqual([
      "payment_in_progress",
      START + 75 * SECOND,
    ]);
    expect(possible("prompt_other", [attemptIn("confirmed")])).toEqual([
      "order_already_paid",
      null,
    ]);
  });

  it("promises nothing while an outcome is open", () => {
    for (const state of ["pending", "in_doubt"] as const) {
      expect(possible("prompt_other", [attemptIn(state)])).toEqual(["payment_in_progress", null]);
    }
  });

  it("tells the same phone apart from another", () => {
    const failed = attemptIn("failed");
    const busy = { ...PHONE, ofPhone: [attemptIn("pending", { id: attemptId("b1") })] };
    expect(possible("prompt_same", [failed], LATER, busy)).toEqual([
      "phone_in_progress",
      LATER + 15 * SECOND,
    ]);
    expect(possible("prompt_other", [failed], LATER, busy)).toEqual([]);
    expect(possible("prompt_same", [failed])).toEqual([]);
    expect(possible("prompt_same", [], LATER, null)).toEqual(["no_phone", null]);
  });
});

describe("the same predicate as the door's", () => {
  const attempt = (id: string) =>
    fc
      .record({
        state: fc.constantFrom(...ATTEMPT_STATES),
        heldAt: fc.option(fc.constant(START + MINUTE), { nil: null }),
        receipt: fc.constantFrom(RECEIPT, null),
        successSeen: fc.boolean(),
        reversedCents: fc.constantFrom(cents(0), AMOUNT),
      })
      .map(({ state, ...patch }) => attemptIn(state, { id: attemptId(id), ...patch }));

  it("says allowed exactly for what changes something", () => {
    const EVENTS = { confirm: "operator_confirm", fail: "operator_fail", reverse: "reversal" };
    const attempts = fc.tuple(attempt("a1"), attempt("a2"));
    const at = fc.integer({ min: START, max: START + HOUR });
    fc.assert(
      fc.property(attempts, at, (both, now) => {
        const subject = subjectOf(both);
        const answers = possibleActions(subject, PHONE, DEFAULT_PROMPT_LIMITS, now);
        for (const action of ["confirm", "fail", "reverse"] as const) {
          const type = EVENTS[action] as "operator_confirm" | "operator_fail" | "reversal";
          const moved = both.filter(
            ({ id }) => decide(subject, usual(type, {}, id), now).kind === "change",
          );
          const answer = answers[action];
          const offered = answer.kind === "allowed" ? answer.attempts : [];
          expect(offered).toEqual(moved.map(({ id }) => id));
        }
      }),
      { seed: 20_261_128, numRuns: 300 },
    );
  });
});
