import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REASONS, type Reason } from "../../shared/words.ts";
import { classifyResultCode, coolDownMs, statusOfFailure } from "./result-codes.ts";

/** Machine §7, row by row. */
const FAILURES: Readonly<Partial<Record<Reason, readonly string[]>>> = {
  insufficient_funds: ["1"],
  wrong_pin: ["2001"],
  pin_locked: ["8006"],
  cancelled: ["1032", "1031"],
  unreachable: ["1037"],
  timed_out: ["1019", "2026"],
  customer_busy: ["1001"],
  too_soon: ["17"],
  limit: ["2", "3", "4", "8"],
  customer_account: ["11", "2040"],
  prompt_not_delivered: ["1025", "9999"],
  mpesa_busy: ["26"],
  merchant_setup: ["2028", "SFC_IC0003", "2006", "20", "21", "1101", "1102"],
  other: ["2008", "2029"],
};
const failures = Object.entries(FAILURES).flatMap(([reason, codes]) =>
  codes.map((code) => ({ code, reason })),
);

describe("what a result code means", () => {
  it.each(failures)("$code is $reason", ({ code, reason }) => {
    expect(classifyResultCode(code)).toEqual({ kind: "failure", reason });
    const number = Number(code);
    if (!Number.isNaN(number)) {
      expect(classifyResultCode(number)).toEqual({ kind: "failure", reason });
    }
  });

  it.each([0, "0", -0])("%j is success", (code) => {
    expect(classifyResultCode(code)).toEqual({ kind: "success" });
  });

  it.each(["00", "0 ", " 0", "", " ", "0.0", "+0", "-0", "0x0", "null", "false", "E0", "٠"])(
    "%j is not success",
    (code) => {
      expect(classifyResultCode(code)).toEqual({ kind: "in_doubt" });
    },
  );

  it.each([null, undefined, false, [], [0], ["0"], {}, Number.NaN])(
    "%j, which no type allows, is not success either",
    (code) => {
      expect(classifyResultCode(code as unknown as string).kind).not.toBe("success");
    },
  );

  it.each([
    "1036",
    "E3008",
    "BW-JMS-100039",
    "4999",
    "100000001",
    "100000002",
    "100000011",
    "100000100",
    "1050",
    "1051",
    "R000002",
    "C2B00011",
    "500.001.1001",
    "SFC_IC0003 ",
    "sfc_ic0003",
    "01032",
    "toString",
    "__proto__",
    1036,
    1.5,
    -1,
  ])("%j is in doubt: Daraja is asked", (code) => {
    expect(classifyResultCode(code)).toEqual({ kind: "in_doubt" });
  });

  it('nothing but 0 and "0" is success, and nothing unlisted is a failure', () => {
    const listed = new Set(failures.map(({ code }) => code));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.double()), (code) => {
        const { kind } = classifyResultCode(code);
        expect(kind === "success").toBe(code === 0 || code === "0");
        expect(kind === "failure").toBe(listed.has(String(code)));
      }),
    );
  });
});

describe("what follows a failure", () => {
  it.each(REASONS)("%s: how long a prompt must wait (machine §8.2)", (reason) => {
    const waits: Partial<Record<Reason, number>> = {
      customer_busy: 60_000,
      too_soon: 120_000,
      mpesa_busy: 30_000,
      prompt_not_delivered: 60_000,
    };
    expect(coolDownMs(reason)).toBe(waits[reason] ?? 0);
  });

  it.each([
    ["1032", "cancelled"],
    ["1031", "cancelled"],
    ["1037", "expired"],
    ["1019", "expired"],
    ["2026", "expired"],
    ["1", "failed"],
    ["500.001.1001", "failed"],
    [null, "failed"],
  ] as const)("after %s the payment is %s (machine §3)", (code, status) => {
    expect(statusOfFailure(code)).toBe(status);
  });
});
