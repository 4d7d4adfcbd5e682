import { describe, expect, it } from "vitest";
import { centsFromShillings } from "../../shared/money.ts";
import { type CallbackCircumstances, type CallbackNews, callbackEvent } from "./evidence.ts";
import { attemptId, attemptIn, CHECKOUT, NO_ID, RECEIPT } from "./machine.test-support.ts";
import type { Attempt } from "./payment.ts";

const ALONE: CallbackCircumstances = {
  receiptOwner: null,
  requestId: "unclaimed",
  trust: "enough",
};
const PAID: CallbackNews = {
  checkoutRequestId: CHECKOUT,
  merchantRequestId: "1-2-3",
  resultCode: 0,
  resultDescription: "The service request is processed successfully.",
  amount: 1250.0,
  receipt: RECEIPT,
  transactionDate: 20261124120013,
};

function read(
  news: Partial<CallbackNews>,
  circumstances: Partial<CallbackCircumstances> = {},
  attempt: Attempt = attemptIn("pending"),
) {
  return callbackEvent(attempt, { ...PAID, ...news }, { ...ALONE, ...circumstances });
}

describe("success on the own address (machine §2, E1)", () => {
  it("tells receipt, amount, moment and ids", () => {
    expect(read({})).toEqual({
      type: "callback_success",
      attemptId: "a1",
      told: {
        code: "0",
        description: "The service request is processed successfully.",
        receipt: RECEIPT,
        amountCents: centsFromShillings(1250),
        paidAt: Date.UTC(2026, 10, 24, 9, 0, 13),
        checkoutRequestId: CHECKOUT,
        by: null,
        merchantRequestId: "1-2-3",
        note: {},
      },
    });
  });

  it("needs a second source where one is wanted", () => {
    expect(read({}, { trust: "second_source" }).type).toBe("callback_unsure");
  });

  it.each([1250, 1250.0, "1250", "1250.0", "1250.00"])("amount %j is equal", (amount) => {
    expect(read({ amount }).type).toBe("callback_success");
  });

  it.each([
    1249,
    1250.5,
    "1250abc",
    " 1250",
    "1,250",
    "",
    null,
    undefined,
    true,
    [1250],
    {},
    -1250,
    Number.NaN,
  ])("amount %j is not", (amount) => {
    const event = read({ amount });
    expect(event.type).toBe("callback_mismatch");
    expect(event.told.note).toEqual({ amountDiffers: true });
  });

  it.each([[20], [20.0], ["20"], ["20.00"]])("a prompt of 20 is paid by %j", (amount) => {
    const small = attemptIn("pending", { amountCents: centsFromShillings(20) });
    expect(read({ amount }, {}, small).type).toBe("callback_success");
    expect(read({ amount: "20abc" }, {}, small).type).toBe("callback_mismatch");
  });

  it("a receipt is trimmed and upper-cased", () => {
    expect(read({ receipt: " uko7a1b2c3\n" }).told.receipt).toBe(RECEIPT);
  });

  it.each(["UKO7A1B2C", "UKO7A1B2C34", "UKO7A1B-C3", "", null, undefined, 1234567890])(
    "receipt %j cannot be read",
    (receipt) => {
      const event = read({ receipt });
      expect(event.type).toBe("callback_mismatch");
      expect(event.told).toMatchObject({ receipt: null, note: { receiptUnreadable: true } });
    },
  );

  it("a receipt of another attempt is named in the note only (I3)", () => {
    const event = read({}, { receiptOwner: attemptId("b1") });
    expect(event.type).toBe("callback_mismatch");
    expect(event.told).toMatchObject({
      receipt: null,
      note: { receiptUsed: true, receiptClaimed: RECEIPT },
    });
  });

  it("its own receipt once more is its own", () => {
    expect(read({}, { receiptOwner: attemptId("a1") }).type).toBe("callback_success");
  });

  it("an owner of a receipt that cannot be read names none", () => {
    const event = read({ receipt: "bad" }, { receiptOwner: attemptId("b1") });
    expect(event.told.note).toEqual({ receiptUnreadable: true, receiptUsed: true });
  });

  it("another CheckoutRequestID is a mismatch and does not reach the row", () => {
    const event = read({ checkoutRequestId: "ws_CO_other" });
    expect(event.type).toBe("callback_mismatch");
    expect(event.told).toMatchObject({ checkoutRequestId: null, note: { foreignId: true } });
  });

  it("any id fits while none is stored: the callback overtook the push answer", () => {
    const sending = attemptIn("sending", NO_ID);
    const event = read({ checkoutRequestId: "ws_CO_first" }, {}, sending);
    expect(event).toMatchObject({
      type: "callback_success",
      told: { checkoutRequestId: "ws_CO_first" },
    });
  });

  it("success of another attempt proves nothing at the door of one without an id", () => {
    const sending = attemptIn("sending", NO_ID);
    const event = read({}, { requestId: "of_another" }, sending);
    expect(event.type).toBe("callback_mismatch");
    expect(event.told).toMatchObject({
      checkoutRequestId: null,
      receipt: null,
      note: { foreignId: true, receiptClaimed: RECEIPT },
    });
  });

  it("nor does its failure", () => {
    const sending = attemptIn("sending", NO_ID);
    const event = read({ resultCode: 1032 }, { requestId: "of_another" }, sending);
    expect(event.type).toBe("callback_unreadable");
  });

  it("all faults are told together, and mistrust does not hide them", () => {
    const event = read(
      { checkoutRequestId: "x", amount: 20, receipt: "bad" },
      { trust: "second_source" },
    );
    expect(event.type).toBe("callback_mismatch");
    expect(event.told.note).toEqual({
      foreignId: true,
      amountDiffers: true,
      receiptUnreadable: true,
    });
  });

  it.each([
    ["a day earlier", "UKN7A1B2C3", 20261124120013],
    ["another month", "UJO7A1B2C3", 20261124120013],
    ["another year", "TKO7A1B2C3", 20261124120013],
    ["letters that name no day", "UZ07A1B2C3", 20261124120013],
    ["a moment that cannot be read", RECEIPT, "yesterday"],
  ])(
    "a date that does not fit (%s) is hinted and decides nothing",
    (_name, receipt, transactionDate) => {
      const event = read({ receipt, transactionDate });
      expect(event.type).toBe("callback_success");
      expect(event.told.note).toEqual({ receiptDateOdd: true });
    },
  );

  it("the receipt's day is the day in Nairobi", () => {
    const event = read({ transactionDate: 20261124013000 });
    expect(event.told.note).toEqual({});
  });
});

describe("what is not a success", () => {
  it.each([1032, "1032", "SFC_IC0003"])("%j is a failure, kept verbatim as text", (resultCode) => {
    expect(read({ resultCode })).toMatchObject({
      type: "callback_failure",
      told: { code: String(resultCode), checkoutRequestId: CHECKOUT, receipt: null },
    });
  });

  it.each([1036, "E3008", "00", "", "0 ", 4999])("%j is in doubt", (resultCode) => {
    expect(read({ resultCode })).toMatchObject({
      type: "callback_in_doubt",
      told: { code: String(resultCode), amountCents: null, receipt: null },
    });
  });

  it.each([1032, 1036])("%i with a foreign id moves nothing (row 25)", (resultCode) => {
    const event = read({ resultCode, checkoutRequestId: "ws_CO_other" });
    expect(event.type).toBe("callback_unreadable");
    expect(event.told).toMatchObject({ code: null, note: { foreignId: true } });
  });

  it("an unreadable body moves nothing", () => {
    const event = callbackEvent(attemptIn("pending"), null, ALONE);
    expect(event).toMatchObject({ type: "callback_unreadable", told: { note: {} } });
  });
});
