import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cents, cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { AttemptState } from "../../shared/words.ts";
import { type AttemptEvent, happened, type Told } from "./events.ts";
import {
  AMOUNT,
  ATTEMPT,
  attemptIn,
  heldSince,
  LATER,
  paymentOf,
  RECEIPT,
} from "./machine.test-support.ts";
import { decide } from "./machine.ts";
import type { Attempt } from "./payment.ts";
import { ownOf, receivedOf } from "./received.ts";
import { summarise } from "./status.ts";

const OTHER = "TKN3333333" as Receipt;
const BACK = "TKN9REV001" as Receipt;
const PART = cents(700);

/** A payment with one attempt, moved by one event after the other. */
function story(attempt: Attempt) {
  let payment = summarise(paymentOf([attempt]), [attempt], [], LATER);
  let now = attempt;
  const alarms: (string | null)[] = [];
  return {
    tell(type: AttemptEvent["type"], told: Partial<Told>) {
      const subject = { payment, attempts: [now], siblings: [] };
      const decision = decide(subject, happened(type, ATTEMPT, told), LATER);
      if (decision.kind !== "change") throw new TypeError(`${type}: ${decision.kind}`);
      payment = decision.payment;
      now = decision.attempts[0] ?? now;
      alarms.push(decision.alarm);
      return this;
    },
    get now() {
      return { ...now, status: payment.status, marks: payment.flags };
    },
    alarms,
  };
}

const line = (receipt: Receipt, amountCents: Cents) => ({ receipt, amountCents });

describe("a second payment under one prompt", () => {
  it.each(["callback_success", "statement_row"] as const)(
    "counts by %s, and the order is overpaid until it is given back",
    (type) => {
      const paid = story(attemptIn("confirmed")).tell(type, line(OTHER, AMOUNT));
      expect(paid.now).toMatchObject({ receivedCents: 2 * AMOUNT, receipt: RECEIPT });
      expect(paid.now.marks).toEqual(["overpaid", "secondReceipt"]);

      paid.tell("reversal", line(BACK, AMOUNT));
      expect(paid.now).toMatchObject({ state: "confirmed", status: "confirmed" });
      expect(paid.now.marks).toEqual(["secondReceipt"]);

      paid.tell("reversal", line("TKN9REV002" as Receipt, AMOUNT));
      expect(paid.now).toMatchObject({ state: "reversed", status: "reversed" });
    },
  );

  it("counts once however often it is told, and alarms once", () => {
    const paid = story(attemptIn("confirmed"))
      .tell("statement_row", line(OTHER, AMOUNT))
      .tell("callback_success", line(OTHER, AMOUNT));
    expect(paid.now).toMatchObject({ receivedCents: 2 * AMOUNT });
    expect(paid.alarms.filter((alarm) => alarm !== null)).toHaveLength(1);
  });

  it("does not count by a source that wants a second one", () => {
    const paid = story(attemptIn("confirmed")).tell("callback_unsure", line(OTHER, AMOUNT));
    expect(paid.now).toMatchObject({ receivedCents: AMOUNT, marks: ["secondReceipt"] });
  });

  it("lets the own receipt be compared by its own part", () => {
    const paid = story(attemptIn("confirmed")).tell("statement_row", line(OTHER, PART));
    paid.tell("statement_row", line(RECEIPT, AMOUNT));
    expect(paid.now.marks).not.toContain("amountMismatch");
  });
});

describe("money that is named while the receipt is wanted", () => {
  const wanted = () => story(attemptIn("confirmed", { receipt: null, flags: ["receiptWanted"] }));

  it("is other money where its sum is another, and the own receipt still finds its place", () => {
    const paid = wanted().tell("statement_row", line(OTHER, PART));
    expect(paid.now).toMatchObject({ receipt: null, receivedCents: AMOUNT + PART });
    expect(paid.now.marks).toEqual(["amountMismatch", "overpaid", "receiptWanted"]);

    paid.tell("statement_row", line(RECEIPT, AMOUNT));
    expect(paid.now).toMatchObject({ receipt: RECEIPT, receivedCents: AMOUNT + PART });

    paid.tell("reversal", line(BACK, PART));
    expect(paid.now).toMatchObject({ state: "confirmed", status: "confirmed" });
    expect(paid.now.marks).toEqual(["amountMismatch"]);
  });

  it("is the own where the sum agrees, and then proven", () => {
    const paid = wanted().tell("statement_row", line(RECEIPT, AMOUNT));
    expect(paid.now).toMatchObject({ receipt: RECEIPT, receivedCents: AMOUNT, marks: [] });
    expect(paid.now.provenReceipts).toEqual([line(RECEIPT, AMOUNT)]);
  });
});

describe("money that comes after all was given back", () => {
  const reversed = () => story(attemptIn("confirmed")).tell("reversal", line(BACK, AMOUNT));

  it("is held: a person decides, and the order is not free", () => {
    const back = reversed().tell("statement_row", line(OTHER, AMOUNT));
    expect(back.now).toMatchObject({ state: "review", status: "review" });
    expect(back.alarms.at(-1)).not.toBeNull();

    back.tell("reversal", line("TKN9REV002" as Receipt, AMOUNT));
    expect(back.now).toMatchObject({ state: "reversed", status: "reversed" });
  });

  it("is nothing new under the receipt that was given back", () => {
    const back = reversed().tell("callback_success", line(RECEIPT, AMOUNT));
    expect(back.now).toMatchObject({ state: "reversed", receivedCents: AMOUNT });
    expect(back.now.marks).toEqual(["evidenceConflict"]);
  });
});

describe("sums that sources tell differently", () => {
  it("an operator's low sum gives way to M-PESA's, and a later low one does not", () => {
    const low = story(attemptIn("in_doubt")).tell("operator_confirm", line(RECEIPT, PART));
    expect(low.now.status).toBe("review");
    low.tell("callback_success", line(RECEIPT, AMOUNT));
    expect(low.now).toMatchObject({ status: "confirmed", receivedCents: AMOUNT });

    const high = story(attemptIn("in_doubt")).tell(
      "statement_row",
      line(RECEIPT, cents(2 * AMOUNT)),
    );
    high.tell("operator_confirm", line(RECEIPT, AMOUNT));
    expect(high.now).toMatchObject({ state: "confirmed", receivedCents: 2 * AMOUNT });
  });

  it("a line's receipt that stands for other money is not taken for the wanted one", () => {
    const paid = story(attemptIn("confirmed", { receipt: null, flags: ["receiptWanted"] }));
    paid.tell("statement_row", line(OTHER, PART)).tell("callback_unsure", line(OTHER, AMOUNT));
    expect(paid.now).toMatchObject({ receipt: null, receivedCents: AMOUNT + PART });
    expect(paid.now.marks).toContain("evidenceConflict");
    expect(() => paid.tell("operator_confirm", line(OTHER, AMOUNT))).toThrow("refuse");
  });

  it("the query proves the prompt beside a payment by hand", () => {
    const both = story(attemptIn("in_doubt")).tell("statement_row", line(OTHER, PART));
    both.tell("look_success", {});
    expect(both.now).toMatchObject({ receipt: null, receivedCents: AMOUNT + PART });
    expect(both.now.marks).toEqual(["amountMismatch", "receiptWanted", "secondReceipt"]);
    expect(both.alarms.at(-1)).not.toBeNull();
  });

  it("what was given back whole before anybody knew what it was is over when it is known", () => {
    const odd = story(attemptIn("in_doubt")).tell("callback_mismatch", { receipt: OTHER });
    odd.tell("reversal", line(BACK, PART)).tell("operator_confirm", line(OTHER, PART));
    expect(odd.now).toMatchObject({ state: "reversed", status: "reversed" });
  });
});

describe("whatever is told, in whatever order", () => {
  const receipts = [RECEIPT, OTHER, "TKN4444444" as Receipt] as const;
  const named = fc.record({
    receipt: fc.constantFrom(...receipts),
    amountCents: fc.constantFrom(AMOUNT, PART),
  });
  const whole = fc.constantFrom(...receipts).map((receipt) => line(receipt, AMOUNT));
  const news = fc.oneof(
    whole.map((told) => ["callback_success", told] as const),
    whole.map((told) => ["callback_unsure", told] as const),
    named.map((told) => ["callback_mismatch", told] as const),
    named.map((told) => ["statement_row", told] as const),
    named.map((told) => ["operator_confirm", told] as const),
    fc.constantFrom(AMOUNT, PART).map((sum) => ["reversal", line(BACK, sum)] as const),
    fc.constant(["callback_failure", { code: "1032" }] as const),
    fc.constant(["look_success", {}] as const),
    fc.constant(["hold_over", {}] as const),
  );

  it("no order is free while proven money is held, and nothing is counted twice", () => {
    fc.assert(
      fc.property(fc.array(news, { maxLength: 9 }), (all) => {
        let now = attemptIn("in_doubt");
        let payment = paymentOf([now]);
        const proven = new Map<Receipt, number>();
        for (const [type, told] of all) {
          const subject = { payment, attempts: [now], siblings: [] };
          const decision = decide(subject, happened(type, ATTEMPT, told), LATER);
          if (decision.kind !== "change") continue;
          [payment, now] = [decision.payment, decision.attempts[0] ?? now];
          if ((type === "callback_success" || type === "statement_row") && "receipt" in told) {
            const { receipt, amountCents } = told;
            proven.set(receipt, Math.max(proven.get(receipt) ?? 0, amountCents));
          }
          const sum = [...proven.values()].reduce((all, one) => all + one, 0);
          expect(receivedOf(now)).toBeGreaterThanOrEqual(sum);
          expect(ownOf(now)).toBeGreaterThanOrEqual(0);
          const each = now.provenReceipts.map(({ receipt }) => receipt);
          expect(new Set(each).size).toBe(each.length);
          const isFree = now.state === "reversed" || now.state === "failed";
          if (isFree) expect(now.reversedCents).toBeGreaterThanOrEqual(sum);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("money beside a contradiction", () => {
  const review = () => story(attemptIn("in_doubt")).tell("statement_row", line(OTHER, PART));

  it("keeps the order from being free when the part that came by hand is given back", () => {
    const both = review().tell("callback_success", line(RECEIPT, AMOUNT));
    both.tell("reversal", line(BACK, PART));
    expect(both.now).toMatchObject({ state: "review", status: "review" });

    both.tell("operator_confirm", line(RECEIPT, AMOUNT));
    expect(both.now).toMatchObject({
      state: "confirmed",
      status: "confirmed",
      receipt: RECEIPT,
      receivedCents: AMOUNT + PART,
    });
    expect(both.now.marks).not.toContain("overpaid");
  });

  it("counts what was proven when an operator's receipt takes its place, and calls it too much", () => {
    const named = review().tell("operator_confirm", line(RECEIPT, AMOUNT));
    expect(named.now).toMatchObject({ receipt: RECEIPT, receivedCents: AMOUNT + PART });
    expect(named.now.marks).toContain("overpaid");
  });

  const unsure = () =>
    story(attemptIn("in_doubt")).tell("callback_mismatch", {
      ...line(OTHER, AMOUNT),
      note: { foreignId: true },
    });

  it("does not count what nobody proved when an operator's receipt takes its place", () => {
    const named = unsure().tell("operator_confirm", line(RECEIPT, AMOUNT));
    expect(named.now).toMatchObject({ receipt: RECEIPT, receivedCents: AMOUNT });
    expect(named.now.marks).not.toContain("overpaid");
    named.tell("reversal", line(BACK, AMOUNT));
    expect(named.now.status).toBe("reversed");
  });

  it("counts it once a part was given back, which proves that it was there", () => {
    const named = unsure().tell("callback_success", line(RECEIPT, AMOUNT));
    named.tell("reversal", line(BACK, AMOUNT));
    named.tell("operator_confirm", line(RECEIPT, AMOUNT));
    expect(named.now).toMatchObject({ status: "confirmed", receivedCents: 2 * AMOUNT });
  });

  it("takes the same receipt told again as the same money, of which the larger sum stands", () => {
    const same = unsure().tell("statement_row", line(OTHER, PART));
    expect(same.now).toMatchObject({ receivedCents: AMOUNT });
    expect(same.now.provenReceipts).toEqual([line(OTHER, AMOUNT)]);
  });

  it("takes the receipt that was missing as the receipt of the money that was seen", () => {
    const nameless = story(attemptIn("review", { receipt: null, receivedCents: null }));
    nameless.tell("statement_row", line(RECEIPT, PART));
    expect(nameless.now).toMatchObject({ receipt: RECEIPT, receivedCents: PART });
  });

  it("adds another sum to money that was seen without a receipt", () => {
    const nameless = story(attemptIn("review", { receipt: null, receivedCents: AMOUNT }));
    nameless.tell("statement_row", line(OTHER, PART));
    expect(nameless.now).toMatchObject({ receipt: null, receivedCents: AMOUNT + PART });
  });
});

describe("a second receipt during a hold", () => {
  it("is heard of at once, and is not counted", () => {
    const held = story(heldSince(LATER - 1_000, { receipt: RECEIPT, receivedCents: AMOUNT }));
    held.tell("callback_unsure", line(OTHER, AMOUNT));
    expect(held.now).toMatchObject({ receipt: RECEIPT, receivedCents: AMOUNT });
    expect(held.now.marks).toContain("secondReceipt");
    expect(held.alarms).toEqual([expect.any(String)]);

    held.tell("look_success", {});
    expect(held.now).toMatchObject({ state: "confirmed", receivedCents: AMOUNT });
    expect(held.now.marks).toEqual(["secondReceipt"]);
  });

  it("gives way to the receipt of a surer source, which alone counts", () => {
    const held = story(heldSince(LATER - 1_000, { receipt: RECEIPT, receivedCents: AMOUNT }));
    held.tell("callback_success", line(OTHER, AMOUNT));
    expect(held.now).toMatchObject({ receipt: OTHER, receivedCents: AMOUNT });
    expect(held.now.provenReceipts).toEqual([line(OTHER, AMOUNT)]);
  });

  it("gives way as well when silence has confirmed it", () => {
    const held = story(heldSince(LATER - 3_600_000, { receipt: RECEIPT, receivedCents: AMOUNT }));
    held.tell("hold_over", {});
    expect(held.now.marks).toEqual(["singleSource"]);
    held.tell("statement_row", line(OTHER, AMOUNT));
    expect(held.now).toMatchObject({ receipt: OTHER, receivedCents: AMOUNT });
    expect(held.now.marks).toEqual(["secondReceipt"]);
    held.tell("statement_row", line(RECEIPT, AMOUNT));
    expect(held.now).toMatchObject({ receipt: OTHER, receivedCents: 2 * AMOUNT });
  });

  it.each([
    ["a part of it was given back", AMOUNT, { reversedCents: PART }],
    ["the other sum is another", PART, {}],
  ])("does not give way where %s: both are counted", (_, sum, patch) => {
    const single = attemptIn("confirmed", { flags: ["singleSource"], ...patch });
    const both = story(single).tell("statement_row", line(OTHER, sum));
    expect(both.now).toMatchObject({ receipt: RECEIPT, receivedCents: AMOUNT + sum });
  });

  it("is counted beside a statement's other sum", () => {
    const held = story(heldSince(LATER - 1_000, { receipt: RECEIPT, receivedCents: AMOUNT }));
    held.tell("statement_row", line(OTHER, PART));
    expect(held.now).toMatchObject({ state: "review", receivedCents: AMOUNT + PART });
  });

  it("is not forgotten for another once a statement has named it", () => {
    const held = story(heldSince(LATER - 1_000, { receipt: RECEIPT, receivedCents: AMOUNT }));
    held.tell("callback_failure", { code: "1032" });
    held.tell("statement_row", line(RECEIPT, AMOUNT)).tell("statement_row", line(OTHER, AMOUNT));
    held.tell("operator_confirm", line(OTHER, AMOUNT));
    expect(held.now).toMatchObject({ receipt: OTHER, receivedCents: 2 * AMOUNT });
  });
});

describe("an order whose other payment was given back", () => {
  const paid = attemptIn("confirmed");
  const sibling = attemptIn("confirmed", { id: "a2" as Attempt["id"] });
  const twice = summarise(paymentOf([paid]), [paid], [sibling], LATER);
  const recount = (siblings: readonly Attempt[]) =>
    decide({ payment: twice, attempts: [paid], siblings }, { type: "order_recounted" }, LATER);

  it("is not overpaid any more", () => {
    expect(twice.flags).toEqual(["overpaid"]);
    const back = attemptIn("reversed", { id: sibling.id });
    expect(recount([back])).toMatchObject({
      kind: "change",
      payment: { flags: [], status: "confirmed", version: twice.version + 1 },
      timeline: [{ kind: "order_recounted" }],
    });
  });

  it("stays so while any of it is left", () => {
    const state: AttemptState = "confirmed";
    const part = attemptIn(state, { id: sibling.id, reversedCents: PART });
    expect(recount([part])).toMatchObject({ kind: "ignore", alarm: false });
  });
});
