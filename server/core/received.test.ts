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
import { summarise } from "./status.ts";

const OTHER = "TKN3333333" as Receipt;
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

      paid.tell("reversal", line("TKN9REV001" as Receipt, AMOUNT));
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

describe("money beside a contradiction", () => {
  const review = () =>
    story(attemptIn("review", { receipt: OTHER, receivedCents: PART, flags: ["amountMismatch"] }));

  it("keeps the order from being free when the part that came by hand is given back", () => {
    const both = review().tell("callback_success", line(RECEIPT, AMOUNT));
    both.tell("reversal", line("TKN9REV001" as Receipt, PART));
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

  it("counts what an operator's receipt replaces, and calls it too much", () => {
    const named = review().tell("operator_confirm", line(RECEIPT, AMOUNT));
    expect(named.now.otherReceipts).toEqual([line(OTHER, PART)]);
    expect(named.now.marks).toContain("overpaid");
  });

  it("takes the same receipt told again as the same money, of which the larger sum stands", () => {
    const same = review().tell("callback_success", line(OTHER, AMOUNT));
    expect(same.now).toMatchObject({ receivedCents: AMOUNT, otherReceipts: [] });
  });

  it("takes the receipt that was missing as the receipt of the money that was seen", () => {
    const nameless = story(attemptIn("review", { receipt: null, receivedCents: null }));
    nameless.tell("statement_row", line(RECEIPT, PART));
    expect(nameless.now).toMatchObject({ receipt: RECEIPT, receivedCents: PART });
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
    expect(held.now).toMatchObject({ receipt: OTHER, receivedCents: AMOUNT, otherReceipts: [] });
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
