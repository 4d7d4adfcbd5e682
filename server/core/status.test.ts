import { describe, expect, it } from "vitest";
import { cents } from "../../shared/money.ts";
import { ATTEMPT_STATES, type PaymentStatus } from "../../shared/words.ts";
import {
  AMOUNT,
  attemptId,
  attemptIn,
  OTHER_AMOUNT,
  OTHER_RECEIPT,
  paymentOf,
  RECEIPT,
  SECOND,
  START,
} from "./machine.test-support.ts";
import type { Attempt } from "./payment.ts";
import { receivedCents, statusOf, summarise } from "./status.ts";

const payment = { amountCents: AMOUNT, closing: null };
const with_ = (id: string, attempt: Attempt): Attempt => ({ ...attempt, id: attemptId(id) });
const half = cents(AMOUNT / 2);

/** Strongest first, as machine §3 lists them. */
const BY_PRECEDENCE: readonly [PaymentStatus, Attempt][] = [
  ["confirmed", attemptIn("confirmed")],
  ["review", attemptIn("review")],
  ["in_doubt", attemptIn("in_doubt")],
  ["pending", attemptIn("pending")],
  ["reversed", attemptIn("reversed")],
  ["cancelled", attemptIn("failed", { resultCode: "1032" })],
];

describe("the status of a payment", () => {
  const pairs = BY_PRECEDENCE.flatMap(([status, strong], index) =>
    BY_PRECEDENCE.slice(index).map(([weakStatus, weak]) => ({ status, weakStatus, strong, weak })),
  );

  it.each(pairs)(
    "$status beside $weakStatus is $status, in either order",
    ({ status, strong, weak }) => {
      expect(statusOf(payment, [strong, weak])).toBe(status);
      expect(statusOf(payment, [weak, strong])).toBe(status);
    },
  );

  it.each([
    ["created", "pending"],
    ["sending", "pending"],
    ["pending", "pending"],
    ["in_doubt", "in_doubt"],
    ["confirmed", "confirmed"],
    ["failed", "cancelled"],
    ["review", "review"],
    ["reversed", "reversed"],
  ] as const)("of one attempt that is %s is %s", (state, status) => {
    expect(ATTEMPT_STATES).toContain(state);
    expect(statusOf(payment, [attemptIn(state)])).toBe(status);
  });

  it("without attempts is open, and closing says how it ended", () => {
    expect(statusOf(payment, [])).toBe("open");
    for (const closing of ["cancelled", "expired"] as const) {
      expect(statusOf({ ...payment, closing }, [])).toBe(closing);
      expect(statusOf({ ...payment, closing }, [attemptIn("failed", { resultCode: "1" })])).toBe(
        closing,
      );
      expect(statusOf({ ...payment, closing }, [attemptIn("confirmed")])).toBe("confirmed");
      expect(statusOf({ ...payment, closing }, [attemptIn("reversed")])).toBe("reversed");
    }
  });

  it("is the last attempt's outcome, not the first's", () => {
    const failures = [
      attemptIn("failed", { resultCode: "1032" }),
      attemptIn("failed", { resultCode: "1" }),
    ];
    expect(statusOf(payment, failures)).toBe("failed");
    expect(statusOf(payment, [...failures].reverse())).toBe("cancelled");
    expect(statusOf(payment, [attemptIn("failed", { resultCode: "1037" })])).toBe("expired");
  });

  it("is confirmed only where what is left covers the amount (I20)", () => {
    const part = attemptIn("confirmed", { reversedCents: cents(1) });
    expect(statusOf(payment, [part])).toBe("reversed");
    const less = attemptIn("confirmed", { receivedCents: half });
    expect(statusOf(payment, [less])).toBe("review");
    expect(statusOf(payment, [less, less])).toBe("confirmed");
    expect(statusOf(payment, [attemptIn("confirmed", { receivedCents: null })])).toBe("confirmed");
  });
});

describe("what was received", () => {
  it("is confirmed minus reversed, and nothing else counts", () => {
    expect(receivedCents([])).toBe(0);
    const all = ATTEMPT_STATES.map((state) => attemptIn(state));
    expect(receivedCents(all)).toBe(AMOUNT);
    expect(receivedCents([attemptIn("confirmed", { reversedCents: half })])).toBe(half);
  });

  it("a reversal told twice does not eat up another attempt's money", () => {
    const twice = attemptIn("reversed", { reversedCents: cents(2 * AMOUNT) });
    expect(receivedCents([twice, attemptIn("confirmed")])).toBe(AMOUNT);
    expect(statusOf(payment, [twice, attemptIn("confirmed")])).toBe("confirmed");
  });
});

describe("what a payment says of its attempts", () => {
  const at = START + 20 * SECOND;
  const say = (attempts: readonly Attempt[], siblings: readonly Attempt[] = [], patch = {}) =>
    summarise(paymentOf([], patch), attempts, siblings, at);

  it("receipt and moment of the first confirmed, else of the reversed", () => {
    const second = with_("a2", attemptIn("confirmed", { receipt: OTHER_RECEIPT }));
    const paid = say([attemptIn("failed"), attemptIn("confirmed"), second]);
    expect(paid).toMatchObject({ receipt: RECEIPT, paidAt: START + 13 * SECOND });
    expect(say([attemptIn("reversed")])).toMatchObject({ receipt: RECEIPT });
    expect(say([attemptIn("review")])).toMatchObject({ receipt: null, paidAt: null });
  });

  it("gathers the flags of all attempts, each once", () => {
    const flags = say([
      attemptIn("failed", { flags: ["evidenceConflict"] }),
      attemptIn("confirmed", { flags: ["evidenceConflict", "late"] }),
    ]).flags;
    expect(flags).toEqual(["evidenceConflict", "late"]);
  });

  it.each([
    [
      "two successes in one payment",
      [attemptIn("confirmed"), with_("a2", attemptIn("confirmed"))],
      [],
      true,
    ],
    [
      "a success in another payment of the order",
      [attemptIn("confirmed")],
      [with_("b1", attemptIn("confirmed"))],
      true,
    ],
    [
      "a larger sum than asked for",
      [attemptIn("confirmed", { receivedCents: cents(AMOUNT + 1) })],
      [],
      true,
    ],
    ["the exact sum", [attemptIn("confirmed")], [with_("b1", attemptIn("failed"))], false],
    [
      "a sibling whose money was given back",
      [attemptIn("confirmed")],
      [with_("b1", attemptIn("reversed"))],
      false,
    ],
    [
      "a sibling's success alone",
      [attemptIn("failed")],
      [with_("b1", attemptIn("confirmed"))],
      false,
    ],
  ] as const)("overpaid by %s, or not", (_name, attempts, siblings, over) => {
    expect(say(attempts, siblings).flags.includes("overpaid")).toBe(over);
  });

  it("when to try again, while that lies ahead and the payment is open", () => {
    const busy = attemptIn("failed", { reason: "customer_busy", resolvedAt: at });
    expect(say([busy]).retryAt).toBe(at + 60 * SECOND);
    expect(say([busy], [], { closing: "cancelled" }).retryAt).toBeNull();
    expect(say([attemptIn("failed")]).retryAt).toBeNull();
    const long = { ...busy, resolvedAt: at - 60 * SECOND };
    expect(say([long]).retryAt).toBeNull();
  });

  it("one version more, and never an older moment", () => {
    const before = paymentOf([], { updatedAt: at + SECOND });
    const after = summarise(
      before,
      [attemptIn("confirmed", { receivedCents: OTHER_AMOUNT })],
      [],
      at,
    );
    expect(after.version).toBe(before.version + 1);
    expect(after.updatedAt).toBe(at + SECOND);
  });
});
