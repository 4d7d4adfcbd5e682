/** A customer's code is checked by its day, kept as a hint, and never moves money (machine §8.4). */
import { describe, expect, test } from "vitest";
import { ATTEMPT_STATES } from "../../shared/words.ts";
import { attemptOfCode, attemptThatNamed } from "./customer-code.ts";
import {
  AMOUNT,
  attemptId,
  attemptIn,
  DAY,
  LATER,
  MINUTE,
  NO_ID,
  OTHER_AMOUNT,
  OTHER_RECEIPT,
  RECEIPT,
  receiptOf,
  SECOND,
  START,
  subjectOf,
} from "./machine.test-support.ts";
import { decide } from "./machine.ts";
import type { Change, Decision } from "./payment.ts";
import type { StatementLine } from "./statement.ts";

const SOON = START + 10 * MINUTE;
const unpaid = { receipt: null };
const DOUBT = attemptIn("in_doubt", NO_ID);
function changeOf(decision: Decision): Change {
  if (decision.kind !== "change") throw new TypeError(`${decision.kind} is no change`);
  return decision;
}
const tell = (subject: ReturnType<typeof subjectOf>, receipt = RECEIPT, at = SOON) =>
  decide(subject, { type: "customer_code", receipt }, at);

describe("the prompt that a code may belong to", () => {
  test.each(ATTEMPT_STATES.map((state) => [state] as const))("%s", (state) => {
    const sent = { sentAt: START + SECOND, ...unpaid };
    const waits = ["pending", "in_doubt", "failed", "review"].includes(state);
    const fit = attemptOfCode([attemptIn(state, sent)], RECEIPT, SOON).kind;
    expect(fit).toBe(waits ? "fits" : "not_needed");
  });

  test("is none that never left, and none whose receipt is known", () => {
    expect(attemptOfCode([attemptIn("failed", { sentAt: null })], RECEIPT, SOON).kind).toBe(
      "not_needed",
    );
    expect(attemptOfCode([attemptIn("review")], RECEIPT, SOON).kind).toBe("not_needed");
  });

  test("is of a day between its sending and now; letters that name no day fit none", () => {
    expect(attemptOfCode([DOUBT], receiptOf("UKN7A1B2C3"), SOON).kind).toBe("other_day");
    expect(attemptOfCode([DOUBT], receiptOf("UKP7A1B2C3"), SOON).kind).toBe("other_day");
    expect(attemptOfCode([DOUBT], receiptOf("UKP7A1B2C3"), SOON + DAY).kind).toBe("fits");
    expect(attemptOfCode([DOUBT], receiptOf("0123456789"), SOON).kind).toBe("other_day");
  });

  test("is the newest that is not known to have failed, else the newest", () => {
    const failed = attemptIn("failed", { id: attemptId("a2") });
    expect(attemptOfCode([DOUBT, failed], RECEIPT, SOON)).toEqual({ kind: "fits", attempt: DOUBT });
    const older = attemptIn("failed", { id: attemptId("a0") });
    expect(attemptOfCode([older, failed], RECEIPT, SOON)).toEqual({
      kind: "fits",
      attempt: failed,
    });
  });
});

describe("telling it", () => {
  test("is written beside the attempt, moves nothing and is no evidence", () => {
    const change = changeOf(tell(subjectOf([DOUBT])));
    expect(change.attempts).toEqual([{ ...DOUBT, customerCode: RECEIPT }]);
    expect(change.payment.status).toBe("in_doubt");
    expect([change.evidence, change.created, change.alarm]).toEqual([[], null, null]);
    expect(change.timeline).toMatchObject([
      {
        kind: "customer_code",
        attemptId: DOUBT.id,
        from: "in_doubt",
        to: "in_doubt",
        detail: { customerCode: RECEIPT },
      },
    ]);
  });

  test("twice is told once, and another code replaces it", () => {
    const told = subjectOf([{ ...DOUBT, customerCode: RECEIPT }]);
    expect(tell(told).kind).toBe("ignore");
    const change = changeOf(tell(told, OTHER_RECEIPT));
    expect(change.attempts[0]?.customerCode).toBe(OTHER_RECEIPT);
  });

  test("is refused where no money is looked for, or on another day", () => {
    const refusal = (state: "confirmed" | "reversed" | "created") =>
      tell(subjectOf([attemptIn(state, unpaid)]));
    for (const state of ["confirmed", "reversed", "created"] as const) {
      expect(refusal(state)).toMatchObject({ kind: "refuse", code: "code_not_needed" });
    }
    expect(tell(subjectOf([DOUBT]), receiptOf("UKN7A1B2C3"))).toMatchObject({
      kind: "refuse",
      code: "code_of_another_day",
    });
  });

  test("leaves only one attempt of several changed", () => {
    const failed = attemptIn("failed", { id: attemptId("a2") });
    const change = changeOf(tell(subjectOf([failed, DOUBT]), RECEIPT, LATER - DAY));
    expect(change.attempts.map(({ id }) => id)).toEqual([DOUBT.id]);
  });
});

describe("a statement's line beside the customer's word", () => {
  const LINE: StatementLine = {
    receipt: RECEIPT,
    amountCents: AMOUNT,
    reference: "",
    phoneEnd: "678",
    paidAt: START + 20 * SECOND,
  };

  test("proves the prompt when amount, phone and time agree", () => {
    expect(attemptThatNamed(LINE, [DOUBT])).toBe(DOUBT);
    expect(attemptThatNamed({ ...LINE, paidAt: null }, [DOUBT])).toBe(DOUBT);
  });

  test.each<[string, Partial<StatementLine>]>([
    ["another amount", { amountCents: OTHER_AMOUNT }],
    ["another phone", { phoneEnd: "999" }],
    ["a hidden phone", { phoneEnd: null }],
    ["money from before the prompt", { paidAt: START - 10 * MINUTE }],
  ])("%s is left to a person", (_, over) => {
    expect(attemptThatNamed({ ...LINE, ...over }, [DOUBT])).toBeNull();
  });

  test("is nobody's when nobody or two customers named it, or nothing was sent", () => {
    expect(attemptThatNamed(LINE, [])).toBeNull();
    expect(attemptThatNamed(LINE, [DOUBT, attemptIn("failed")])).toBeNull();
    expect(attemptThatNamed(LINE, [attemptIn("failed", { sentAt: null })])).toBeNull();
  });
});
