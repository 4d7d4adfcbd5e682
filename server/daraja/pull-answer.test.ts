import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cents } from "../../shared/money.ts";
import { readPullAnswer } from "./pull-answer.ts";

const ROW = {
  transactionId: "UKO7A1B2C3",
  trxDate: "2026-11-24T12:00:13Z",
  msisdn: "25471****678",
  sender: "MPESA",
  transactiontype: "c2b-pay-bill-debit",
  billreference: "ORDER1",
  amount: "168.00",
  organizationname: "Shop",
};
const page = (...rows: unknown[]) =>
  JSON.stringify({ ResponseRefID: "1", ResponseCode: "1000", Response: [rows] });
const read = (...rows: unknown[]) => readPullAnswer(200, page(...rows));

describe("a page of the pull", () => {
  test("is read row by row, its time as Nairobi's", () => {
    expect(read(ROW)).toEqual({
      kind: "page",
      rows: 1,
      readable: "all",
      lines: [
        {
          receipt: "UKO7A1B2C3",
          amountCents: cents(16_800),
          reference: "ORDER1",
          phoneEnd: "678",
          paidAt: Date.UTC(2026, 10, 24, 9, 0, 13),
        },
      ],
    });
  });

  test("with a row that cannot be read is not whole, and counts that row for the offset", () => {
    for (const odd of [{ ...ROW, amount: "168.005" }, { ...ROW, transactionId: "?" }, null, 7]) {
      expect(read(ROW, odd)).toMatchObject({ rows: 2, readable: "some", lines: { length: 1 } });
    }
  });

  test("tells the end of a number only where digits are a number's", () => {
    const endOf = (msisdn: unknown) => {
      const answer = read({ ...ROW, msisdn });
      return answer.kind === "page" ? answer.lines[0]?.phoneEnd : undefined;
    };
    expect(endOf("254712345678")).toBe("5678");
    expect(endOf(722000000)).toBe("0000");
    expect(endOf("2547 ***** 126")).toBe("126");
    expect(endOf("25470****149")).toBe("149");
    expect(endOf(`${"a".repeat(60)}1234`)).toBeNull();
    expect(endOf("0".repeat(64))).toBeNull();
    expect(endOf("")).toBeNull();
    expect(endOf(undefined)).toBeNull();
  });

  test("without rows is an empty page", () => {
    const none = JSON.stringify({ ResponseCode: "1001", ResponseMessage: "none" });
    expect(readPullAnswer(200, none)).toEqual({
      kind: "page",
      rows: 0,
      lines: [],
      readable: "all",
    });
  });
});

test("a refusal, a page of the firewall and rubbish are silence, never an empty statement", () => {
  const fault = { fault: { faultstring: "Spike arrest violation", detail: { errorcode: "x" } } };
  expect(readPullAnswer(429, JSON.stringify(fault))).toMatchObject({ cause: "rate_limited" });
  expect(readPullAnswer(403, "<html>")).toMatchObject({ kind: "silent", cause: "unreachable" });
  expect(readPullAnswer(500, "{}")).toMatchObject({ kind: "silent", cause: "unreachable" });
  const token = JSON.stringify({ errorCode: "404.001.03", errorMessage: "Invalid Access Token" });
  expect(readPullAnswer(404, token)).toMatchObject({ kind: "token_refused" });
  fc.assert(
    fc.property(fc.json(), (body) => {
      const answer = readPullAnswer(200, body);
      const told = /"ResponseCode":\s*"100[01]"/.test(body);
      if (!told) expect(answer.kind).toBe("silent");
    }),
  );
});
