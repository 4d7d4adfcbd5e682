import { describe, expect, test } from "vitest";
import {
  AMOUNT,
  attemptIn,
  DAY,
  HOUR,
  heldSince,
  MINUTE,
  OTHER_AMOUNT,
  RECEIPT,
  SECOND,
  START,
  subjectOf,
} from "./machine.test-support.ts";
import type { Attempt } from "./payment.ts";
import {
  attemptOfLine,
  isNewsTo,
  isOthers,
  linesToTell,
  plainReference,
  provesAbsence,
  type StatementLine,
  type StatementWindow,
} from "./statement.ts";

const LINE: StatementLine = {
  receipt: RECEIPT,
  amountCents: AMOUNT,
  reference: "order 1",
  phoneEnd: "678",
  paidAt: START + 20 * SECOND,
};
const DOUBT = attemptIn("in_doubt");
const WINDOW: StatementWindow = {
  from: START - DAY,
  to: START + 30 * MINUTE,
  fetchedAt: START + 30 * MINUTE,
  whole: true,
};

const payment = (...attempts: Attempt[]) => subjectOf(attempts);

const NOBODY = { kind: "nobody" };
const fits = (attempt: Attempt) => ({ kind: "fits", attempt });

describe("the attempt of a line", () => {
  test("is the one of the only payment with the reference, on a phone that agrees", () => {
    expect(attemptOfLine(LINE, [payment(DOUBT)])).toEqual(fits(DOUBT));
  });

  test("is nobody's when two payments carry the reference", () => {
    expect(attemptOfLine(LINE, [payment(DOUBT), payment(DOUBT)])).toEqual(NOBODY);
    expect(attemptOfLine(LINE, [])).toEqual(NOBODY);
  });

  test("is nobody's when the phone is hidden or another", () => {
    expect(attemptOfLine({ ...LINE, phoneEnd: null }, [payment(DOUBT)])).toEqual(NOBODY);
    expect(attemptOfLine({ ...LINE, phoneEnd: "679" }, [payment(DOUBT)])).toEqual(NOBODY);
  });

  test("under a reference that is used again it is that of a prompt of the day before", () => {
    const shop = (attempt: Attempt, accountReference: string) => {
      const rows = payment(attempt);
      return { ...rows, payment: { ...rows.payment, accountReference } };
    };
    const failed = attemptIn("failed");
    for (const attempt of [DOUBT, failed]) {
      const last = attempt.resolvedAt ?? attempt.sentAt ?? 0;
      const paid = (paidAt: number | null, reference: string) =>
        attemptOfLine({ ...LINE, paidAt }, [shop(attempt, reference)]);
      expect(paid(last + DAY, "MEMBER42")).toEqual(fits(attempt));
      expect(paid(last + DAY + 1, "MEMBER42")).toEqual({ kind: "later" });
      expect(paid(null, "MEMBER42")).toEqual(fits(attempt));
      const own = plainReference(payment(attempt).payment.orderReference);
      expect(paid(last + 60 * DAY, own)).toEqual(fits(attempt));
    }
  });

  test("is not one that was sent after the money came, but for clocks that differ", () => {
    const sent = DOUBT.sentAt ?? 0;
    const paid = (paidAt: number | null) => attemptOfLine({ ...LINE, paidAt }, [payment(DOUBT)]);
    expect(paid(sent - 5 * MINUTE)).toEqual(fits(DOUBT));
    expect(paid(sent - 5 * MINUTE - 1)).toEqual({ kind: "older" });
    expect(paid(sent - DAY)).toEqual({ kind: "older" });
    expect(paid(null)).toEqual(fits(DOUBT));
  });

  test("is the earlier of two prompts when the money came between them", () => {
    const failed = attemptIn("failed", { id: "a0" as Attempt["id"] });
    const later = attemptIn("in_doubt", { sentAt: START + HOUR });
    expect(attemptOfLine(LINE, [payment(failed, later)])).toEqual(fits(failed));
  });

  test("is the unresolved one of several, else the last that was sent", () => {
    const failed = attemptIn("failed", { id: "a2" as Attempt["id"] });
    const unsent = attemptIn("failed", { id: "a3" as Attempt["id"], sentAt: null });
    for (const state of ["sending", "pending", "in_doubt"] as const) {
      const open = attemptIn(state);
      expect(attemptOfLine(LINE, [payment(open, failed)])).toEqual(fits(open));
    }
    expect(attemptOfLine(LINE, [payment(failed, unsent)])).toEqual(fits(failed));
  });

  test("is one that lacks its receipt before one that has it", () => {
    const failed = attemptIn("failed");
    const paid = attemptIn("confirmed", { id: "a2" as Attempt["id"] });
    expect(attemptOfLine(LINE, [payment(failed, paid)])).toEqual(fits(failed));
    const unnamed = attemptIn("confirmed", { receipt: null });
    expect(attemptOfLine(LINE, [payment(unnamed, paid)])).toEqual(fits(unnamed));
  });

  test("is the last that was paid when all have their receipts: the money came twice", () => {
    for (const state of ["confirmed", "review", "reversed"] as const) {
      expect(attemptOfLine(LINE, [payment(attemptIn(state))])).toEqual(fits(attemptIn(state)));
    }
    const held = heldSince(START);
    expect(attemptOfLine(LINE, [payment(attemptIn("failed"), held)])).toEqual(fits(held));
  });
});

describe("of several lines that mean one attempt", () => {
  const receipt = "UKO0000000" as typeof RECEIPT;
  const less = { ...LINE, receipt, amountCents: OTHER_AMOUNT };

  test("the one with its amount is its money, and the others came a second time", () => {
    expect(linesToTell(DOUBT, [less, LINE])).toEqual([LINE, less]);
    expect(linesToTell(DOUBT, [LINE, less])).toEqual([LINE, less]);
    expect(linesToTell(heldSince(START), [less, LINE])).toEqual([LINE, less]);
  });

  test("none is told when no amount or two of them agree", () => {
    expect(linesToTell(DOUBT, [less, { ...less, receipt: RECEIPT }])).toEqual([]);
    expect(linesToTell(DOUBT, [LINE, { ...LINE, receipt }])).toEqual([]);
    expect(linesToTell(heldSince(START), [LINE, { ...LINE, receipt }])).toEqual([]);
  });

  test("of equal sums the one is its money whose code the customer named", () => {
    const twin = { ...LINE, receipt };
    const naming = attemptIn("in_doubt", { customerCode: receipt });
    expect(linesToTell(naming, [LINE, twin])).toEqual([twin, LINE]);
    expect(linesToTell(naming, [LINE, less])).toEqual([LINE, less]);
    const elsewhere = attemptIn("in_doubt", { customerCode: "UKO1111111" as typeof RECEIPT });
    expect(linesToTell(elsewhere, [LINE, twin])).toEqual([]);
  });

  test("a single one is told, whatever its amount", () => {
    expect(linesToTell(DOUBT, [less])).toEqual([less]);
  });

  test("the amount is what was received, where that is known and the receipt is not", () => {
    const received = attemptIn("confirmed", { receipt: null, receivedCents: OTHER_AMOUNT });
    expect(linesToTell(received, [LINE, less])).toEqual([less, LINE]);
  });

  test("all are told to confirmed money whose receipt is wanted, also where the sums are equal", () => {
    const wanted = attemptIn("confirmed", { receipt: null });
    const twin = { ...LINE, receipt };
    expect(linesToTell(wanted, [LINE, twin])).toEqual([LINE, twin]);
  });

  test("all are told to money that is settled under another receipt", () => {
    for (const state of ["confirmed", "review", "reversed"] as const) {
      expect(linesToTell(attemptIn(state), [less, less])).toEqual([less, less]);
    }
  });
});

describe("a line is news", () => {
  const other = { ...LINE, receipt: "UKO0000000" as typeof RECEIPT };

  test("to whatever is not settled", () => {
    for (const state of ["created", "sending", "pending", "in_doubt", "failed"] as const) {
      expect(isNewsTo(attemptIn(state), LINE)).toBe(true);
    }
  });

  test("to confirmed money without a receipt, with one source, or with another receipt", () => {
    expect(isNewsTo(attemptIn("confirmed"), LINE)).toBe(false);
    expect(isNewsTo(attemptIn("confirmed", { receipt: null }), LINE)).toBe(true);
    expect(isNewsTo(attemptIn("confirmed", { flags: ["singleSource"] }), LINE)).toBe(true);
    expect(isNewsTo(attemptIn("confirmed"), other)).toBe(true);
  });

  test("to a contradiction, until its receipt is proven", () => {
    const provenReceipts = [{ receipt: LINE.receipt, amountCents: LINE.amountCents }];
    expect(isNewsTo(attemptIn("review", { provenReceipts }), LINE)).toBe(false);
    expect(isNewsTo(attemptIn("review"), LINE)).toBe(true);
    expect(isNewsTo(attemptIn("review", { receipt: null }), LINE)).toBe(true);
    expect(isNewsTo(attemptIn("review"), other)).toBe(true);
  });

  test("to money that was given back, when it came anew", () => {
    expect(isNewsTo(attemptIn("reversed"), LINE)).toBe(false);
    expect(isNewsTo(attemptIn("reversed", { receipt: null }), LINE)).toBe(true);
    expect(isNewsTo(attemptIn("reversed"), other)).toBe(true);
    const { receipt, amountCents } = other;
    const both = attemptIn("reversed", { provenReceipts: [{ receipt, amountCents }] });
    expect(isNewsTo(both, other)).toBe(false);
  });
});

describe("a window proves absence", () => {
  const proves = (over: Partial<StatementWindow>, ...lines: StatementLine[]) =>
    provesAbsence({ ...WINDOW, ...over }, lines, DOUBT, "ORDER1");

  test("when it is whole, covers the ten minutes after the send and is ten minutes older", () => {
    expect(proves({})).toBe(true);
    expect(proves({ whole: false })).toBe(false);
    expect(proves({ to: START + 10 * MINUTE })).toBe(false);
    expect(proves({ fetchedAt: START + 20 * MINUTE })).toBe(false);
  });

  test("when it reaches back to where the money stands if the send's clock was half a day fast", () => {
    const from = START + SECOND - 12 * HOUR;
    expect(proves({ from })).toBe(true);
    expect(proves({ from: from + 1 })).toBe(false);
  });

  test("of nothing that was never sent", () => {
    const unsent = attemptIn("in_doubt", { sentAt: null });
    expect(provesAbsence(WINDOW, [], unsent, "ORDER1")).toBe(false);
  });

  test("not while a line might be the money: its reference, or its sum on a like phone", () => {
    const foreign = { ...LINE, reference: "OTHER", phoneEnd: "111" };
    expect(proves({}, foreign)).toBe(true);
    expect(proves({}, { ...foreign, reference: "order-1" })).toBe(false);
    expect(proves({}, { ...foreign, phoneEnd: "5678" })).toBe(false);
    expect(proves({}, { ...foreign, phoneEnd: null })).toBe(false);
    expect(proves({}, { ...foreign, phoneEnd: null, amountCents: OTHER_AMOUNT })).toBe(true);
  });
});

test("money from half a day before the send keeps no doubt open, later money does", () => {
  const sent = DOUBT.sentAt ?? 0;
  const proves = (paidAt: number | null) =>
    provesAbsence(WINDOW, [{ ...LINE, paidAt }], DOUBT, "ORDER1");
  expect(proves(sent - 12 * HOUR - 1)).toBe(true);
  expect(proves(sent - 12 * HOUR)).toBe(false);
  expect(proves(null)).toBe(false);
});

describe("a line whose receipt another attempt holds", () => {
  const others = (over: Partial<Attempt>, accountReference = "OTHER", reference = "OTHER") => {
    const of = { id: "b1", paymentId: "pay_2", ...over } as Partial<Attempt>;
    const holder = { attempt: attemptIn(over.state ?? "confirmed", of), accountReference };
    return isOthers({ ...LINE, reference }, DOUBT, holder);
  };
  const unlike = "UKO0000000" as typeof RECEIPT;

  test("is that one's when it is settled under this receipt", () => {
    expect(others({}, "OTHER", "")).toBe(true);
    expect(others({ state: "reversed" }, "OTHER", "")).toBe(true);
    expect(others({ paymentId: DOUBT.paymentId }, "ORDER1", "ORDER1")).toBe(true);
  });

  test("may be this one's while a person decides, and always when it is its own", () => {
    expect(others({ state: "review" })).toBe(false);
    expect(others({ id: DOUBT.id, paymentId: DOUBT.paymentId })).toBe(false);
  });

  test("known from evidence alone it is that one's only if the line names that payment", () => {
    expect(others({ receipt: unlike })).toBe(true);
    expect(others({ receipt: unlike }, "OTHER", "")).toBe(false);
    expect(others({ receipt: unlike, paymentId: DOUBT.paymentId })).toBe(false);
  });
});

test("references are compared by letters and digits", () => {
  expect(plainReference(" ord-er 1/é")).toBe("ORDER1");
});
