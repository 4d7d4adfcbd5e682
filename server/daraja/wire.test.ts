import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyResultCode } from "../core/result-codes.ts";
import { bodyOf, samplesOf } from "./samples.ts";
import { type CallbackReading, readCallback, readCallbackNews } from "./wire.ts";

type Callback = Record<string, unknown>;

const SUCCESS: Callback = {
  MerchantRequestID: "131a-4d22-a67b-53722246e1b2755",
  CheckoutRequestID: "ws_CO_27012026010152257700000119",
  ResultCode: 0,
  ResultDesc: "The service request is processed successfully.",
};
const ITEMS = [
  { Name: "Amount", Value: 2 },
  { Name: "MpesaReceiptNumber", Value: "UARC48FBA5" },
  { Name: "Balance" },
  { Name: "TransactionDate", Value: 20260127010157 },
  { Name: "PhoneNumber", Value: 254700000119 },
];
const METADATA = {
  amount: 2,
  receipt: "UARC48FBA5",
  transactionDate: 20260127010157,
  phone: 254700000119,
};

function read(callback: Callback, items: unknown = ITEMS): CallbackReading {
  const CallbackMetadata = { Item: items };
  return readCallback(JSON.stringify({ Body: { stkCallback: { ...callback, CallbackMetadata } } }));
}

function metadata(items: unknown): unknown {
  const reading = read(SUCCESS, items);
  return reading.kind === "readable" ? reading.metadata : null;
}

/** What evidence would make of a reading: only this may ever call a callback a success. */
function saysPaid(reading: CallbackReading): boolean {
  return reading.kind === "readable" && classifyResultCode(reading.resultCode).kind === "success";
}

describe("recorded callbacks", () => {
  const stk = samplesOf("callback").filter(({ api }) => api === "stkpush");
  const named = stk.map((sample) => [JSON.stringify(sample.payload).slice(0, 90), sample] as const);

  it.each(named)("%s", (_name, sample) => {
    const { Body } = sample.payload as { Body: Record<string, Callback> };
    const callback = Body.stkCallback ?? Body.StkCallback ?? {};
    const reading = readCallback(bodyOf(sample));
    if (callback.CheckoutRequestID === undefined) {
      expect(reading).toEqual({ kind: "unreadable" });
      return;
    }
    expect(reading).toMatchObject({
      kind: "readable",
      checkoutRequestId: callback.CheckoutRequestID,
      merchantRequestId: callback.MerchantRequestID,
      resultCode: callback.ResultCode,
      resultDescription: callback.ResultDesc,
    });
    expect(saysPaid(reading)).toBe(callback.ResultCode === 0);
    const paid = { amount: expect.any(Number), receipt: expect.stringMatching(/^[A-Z0-9]{10}$/) };
    const nothing = { amount: null, receipt: null, transactionDate: null, phone: null };
    expect(reading).toMatchObject({ metadata: callback.ResultCode === 0 ? paid : nothing });
  });

  it("of other interfaces are unreadable here", () => {
    const others = samplesOf("callback").filter(({ api }) => api !== "stkpush");
    expect(others.length).toBeGreaterThan(0);
    for (const sample of [...others, ...samplesOf("c2b"), ...samplesOf("query")]) {
      expect(readCallback(bodyOf(sample))).toEqual({ kind: "unreadable" });
    }
  });
});

describe("metadata", () => {
  it("is read by name in any order, with and without Balance", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ITEMS, { minLength: 5 }), fc.boolean(), (items, balance) => {
        const kept = items.filter(({ Name }) => balance || Name !== "Balance");
        expect(metadata(kept)).toEqual(METADATA);
      }),
    );
  });

  it.each<[string, unknown]>([
    ["a Balance written as a map", { Name: "Balance", Value: "{Amount={CurrencyCode=KES}}" }],
    ["an item of another name", { Name: "amount", Value: 99 }],
    ["an item that repeats what was said", { Name: "Amount", Value: 2.0 }],
    ["a repeat without a value", { Name: "Amount" }],
    ["an item that is no object", [["Name", "Amount"]]],
  ])("is not moved by %s", (_name, item) => {
    expect(metadata([...ITEMS, item])).toEqual(METADATA);
    expect(metadata([item, ...ITEMS])).toEqual(METADATA);
  });

  it.each<[string, unknown]>([
    ["amount", { Name: "Amount", Value: 3 }],
    ["receipt", { Name: "MpesaReceiptNumber", Value: "UARC48FBA6" }],
    ["amount", { Name: "Amount", Value: null }],
    ["amount", { Name: "Amount", Value: "2" }],
  ])("has no %s when repeats contradict each other", (name, item) => {
    expect(metadata([...ITEMS, item])).toEqual({ ...METADATA, [name]: null });
    expect(metadata([item, ...ITEMS])).toEqual({ ...METADATA, [name]: null });
  });

  it("keeps values as they came", () => {
    for (const Value of ["20.00", "20abc", 20.5, true, [20], { a: 1 }, "", 0]) {
      expect(metadata([{ Name: "Amount", Value }])).toMatchObject({ amount: Value });
    }
  });

  it("takes a lone item that is not in a list", () => {
    expect(metadata({ Name: "Amount", Value: 2 })).toMatchObject({ amount: 2, receipt: null });
  });

  it("is empty where items are missing or no list", () => {
    for (const items of [null, "Amount", 5, [], {}, [null, [], 3]]) {
      expect(metadata(items)).toEqual({
        amount: null,
        receipt: null,
        transactionDate: null,
        phone: null,
      });
    }
  });
});

describe("a callback", () => {
  it.each<[string, unknown]>([
    ["the number 0", 0],
    ['the text "0"', "0"],
  ])("says paid with %s", (_name, ResultCode) => {
    expect(saysPaid(read({ ...SUCCESS, ResultCode }))).toBe(true);
  });

  it.each([
    [null],
    [""],
    ["00"],
    ["0 "],
    [" 0"],
    ["0.0"],
    ["0\n"],
    ["+0"],
    ["-0"],
    ["0x0"],
    ["０"],
    [[]],
    [[0]],
    [{}],
    [false],
    [undefined],
    ["SFC_IC0003"],
    ["E3008"],
    [1e-9],
    [1],
  ])("never says paid with %j", (ResultCode) => {
    expect(saysPaid(read({ ...SUCCESS, ResultCode }))).toBe(false);
  });

  it('never says paid with anything but 0 and "0"', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (ResultCode) => {
        const exact = ResultCode === 0 || ResultCode === "0";
        expect(saysPaid(read({ ...SUCCESS, ResultCode }))).toBe(exact);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["missing", undefined],
    ["empty", ""],
    ["a number", 5],
    ["null", null],
    ["a list", ["ws_CO_1"]],
    ["longer than 64", "w".repeat(65)],
  ])("is unreadable when its CheckoutRequestID is %s", (_name, CheckoutRequestID) => {
    expect(read({ ...SUCCESS, CheckoutRequestID })).toEqual({ kind: "unreadable" });
  });

  it("is readable with a byte order mark, spaces and line ends", () => {
    const text = JSON.stringify({ Body: { stkCallback: SUCCESS } }, null, 4).replaceAll(
      "\n",
      "\r\n",
    );
    expect(saysPaid(readCallback(`\uFEFF${text}\r\n`))).toBe(true);
  });

  it("is unreadable when a key is there twice, for it has no single meaning", () => {
    const text = JSON.stringify({ Body: { stkCallback: { ...SUCCESS, ResultCode: 1032 } } });
    expect(readCallback(text).kind).toBe("readable");
    const twice = ['"ResultCode":1032,"ResultCode":0', '"ResultCode":1032,"Result\\u0043ode":0'];
    for (const members of twice) {
      const doubled = text.replace('"ResultCode":1032', members);
      expect(readCallback(doubled)).toEqual({ kind: "unreadable" });
    }
    const both = JSON.stringify({ Body: { stkCallback: SUCCESS, StkCallback: SUCCESS } });
    expect(readCallback(both)).toEqual({ kind: "unreadable" });
  });

  it("reads nothing through a prototype", () => {
    const callback = JSON.stringify(SUCCESS);
    for (const text of [
      `{"__proto__":{"Body":{"stkCallback":${callback}}}}`,
      `{"Body":{"__proto__":{"stkCallback":${callback}}}}`,
      `{"Body":{"stkCallback":{"__proto__":${callback}}}}`,
      `{"Body":{"constructor":{"prototype":{"stkCallback":${callback}}}}}`,
    ]) {
      expect(readCallback(text)).toEqual({ kind: "unreadable" });
    }
    expect(Object.hasOwn(Object.prototype, "stkCallback")).toBe(false);
  });

  it.each<[string, string]>([
    ["nothing", ""],
    ["a page", "<html></html>"],
    ["null", "null"],
    ["a list", `[{"Body":{"stkCallback":${JSON.stringify(SUCCESS)}}}]`],
    ["a list for an object", `{"Body":{"stkCallback":[${JSON.stringify(SUCCESS)}]}}`],
    ["a very deep list", "[".repeat(100_000)],
    ["a very deep list, closed", "[".repeat(50_000) + "]".repeat(50_000)],
    ["half a body", `{"Body":{"stkCallback":${JSON.stringify(SUCCESS)}}`],
    ["a colon in a text", '{"Body":"a:b\\":{"}'],
  ])("is unreadable when it is %s", (_name, text) => {
    expect(readCallback(text)).toEqual({ kind: "unreadable" });
  });

  it("becomes news for the core, without the phone", () => {
    const text = JSON.stringify({
      Body: { stkCallback: { ...SUCCESS, CallbackMetadata: { Item: ITEMS } } },
    });
    const { phone: _phone, ...told } = METADATA;
    expect(readCallbackNews(text)).toEqual({
      checkoutRequestId: SUCCESS.CheckoutRequestID,
      merchantRequestId: SUCCESS.MerchantRequestID,
      resultCode: 0,
      resultDescription: SUCCESS.ResultDesc,
      ...told,
    });
    expect(readCallbackNews("{}")).toBeNull();
  });

  it("keeps a huge number of a code as it is, and it is no success", () => {
    const text = `{"Body":{"stkCallback":{"CheckoutRequestID":"ws","ResultCode":1e400}}}`;
    expect(readCallback(text)).toMatchObject({ resultCode: Number.POSITIVE_INFINITY });
    expect(saysPaid(readCallback(text))).toBe(false);
  });

  it("gives a description fit to store: no phone, no token, no controls, 300 at most", () => {
    const ResultDesc = [
      "A\u0000B\u202E 254712345678 +254 712 345 678",
      "t".repeat(28),
      "word ".repeat(90),
    ].join(" ");
    const reading = read({ ...SUCCESS, ResultDesc });
    const description = reading.kind === "readable" ? reading.resultDescription : "";
    expect(description).toMatch(/^A B \[number\] \+\[number\] \[secret\] word/);
    expect(description.length).toBeLessThanOrEqual(300);
  });

  it("never throws, whatever the text", () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...samplesOf("callback").map(bodyOf)),
        fc.nat(),
        fc.nat(40),
        fc.string(),
      )
      .map(([text, at, cut, put]) => {
        const start = at % text.length;
        return text.slice(0, start) + put + text.slice(start + cut);
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string(), fc.json()), (text) => {
        expect(["readable", "unreadable"]).toContain(readCallback(text).kind);
      }),
      { numRuns: 2_000 },
    );
  });
});
