import { describe, expect, it } from "vitest";
import { successShare } from "../../shared/insight-words.ts";
import { cents } from "../../shared/money.ts";
import { daySoFar, failuresOf, type RollupCell, total } from "./insight.ts";

function cell(kind: RollupCell["kind"], over: Partial<RollupCell> = {}): RollupCell {
  return { kind, day: 20_000, part: "", detail: "", ...total([]), ...over };
}

describe("a day so far", () => {
  const hours = [
    cell("hour", { part: "8", opened: 10, prompted: 8, paid: 6, failed: 2 }),
    cell("hour", { part: "9", opened: 10, prompted: 10, paid: 8, cancelled: 2 }),
    cell("hour", { part: "10", opened: 7 }),
  ];
  const taken = [
    cell("taken", { part: "8", detail: "2", paid: 6, cents: cents(600_000) }),
    cell("taken", { part: "9", detail: "4", paid: 8, cents: cents(800_000) }),
    cell("taken", { part: "10", detail: "60", paid: 90, cents: cents(9) }),
  ];

  it("counts the running hour whole today, and by its minutes on another day", () => {
    const today = daySoFar(hours, taken, { hour: 9, share: 1 });
    expect(today.counts).toMatchObject({ opened: 20, prompted: 18, paid: 14, failed: 2 });
    expect(today.takenCents).toBe(1_400_000);
    const then = daySoFar(hours, taken, { hour: 9, share: 0.5 });
    expect(then.counts).toMatchObject({ opened: 15, paid: 10, cancelled: 1 });
    expect(then.takenCents).toBe(1_000_000);
  });

  it("takes the middle wait of who paid, within its step of five seconds", () => {
    const { medianWaitMs } = daySoFar(hours, taken, { hour: 9, share: 1 });
    expect(medianWaitMs).toBe(20_000 + (1 / 8) * 5_000);
    expect(daySoFar(hours, [], { hour: 9, share: 1 }).medianWaitMs).toBeNull();
  });

  it("is empty before anything happened", () => {
    const empty = daySoFar([], [], { hour: 0, share: 1 });
    expect(empty.counts).toEqual(total([]));
    expect(successShare(empty.counts)).toBeNull();
  });
});

describe("failures", () => {
  const found = failuresOf({
    days: [
      cell("all", { day: 1, opened: 3, prompted: 3, paid: 1, failed: 1, expired: 1 }),
      cell("all", { day: 2, opened: 4, prompted: 2, paid: 2 }),
    ],
    hours: [cell("hour", { part: "7", failed: 1 }), cell("hour", { part: "19", failed: 2 })],
    orders: [
      cell("order", { part: "1", detail: "server", opened: 2 }),
      cell("order", { part: "3", detail: "link", opened: 4 }),
      cell("order", { part: "3", detail: "server", opened: 1 }),
    ],
    reasons: [
      cell("reason", { part: "wrong_pin", detail: "2001", tries: 9, failed: 1, retried: 8 }),
      cell("reason", { part: "merchant_setup", detail: "2028", tries: 2, failed: 2 }),
      cell("reason", { part: "merchant_setup", detail: "SFC_IC0003", tries: 3, failed: 3 }),
      cell("reason", {
        part: "merchant_setup",
        detail: "500.001.1001 wrong_credentials",
        tries: 1,
      }),
      cell("reason", { part: "merchant_setup", detail: "404.001.03", tries: 1 }),
      cell("reason", { part: "unreachable", detail: "1037" }),
    ],
    pages: [
      cell("page", { part: "", opened: 2 }),
      cell("page", { part: "https://b.ke", opened: 2 }),
      cell("page", { part: "https://a.ke", opened: 3, paid: 1 }),
      cell("page", { part: "https://gone.ke" }),
    ],
  });

  it("add up, and keep the day's order", () => {
    expect(found.total).toMatchObject({ opened: 7, prompted: 5, paid: 3, failed: 1, expired: 1 });
    expect(found.days.map(({ day, opened }) => [day, opened])).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(successShare(found.total)).toBe(3 / 5);
  });

  it("show all 24 hours, all bands, and the sources that were used", () => {
    expect(found.hours).toHaveLength(24);
    expect(found.hours.filter(({ failed }) => failed > 0).map(({ hour }) => hour)).toEqual([7, 19]);
    expect(found.bands.map(({ opened }) => opened)).toEqual([0, 2, 0, 5, 0, 0, 0]);
    expect(found.sources.map(({ source, opened }) => [source, opened])).toEqual([
      ["server", 3],
      ["link", 4],
    ]);
  });

  it("show the pages that most were opened from first, and what is not known as that", () => {
    expect(found.pages.map(({ page, opened, paid }) => [page, opened, paid])).toEqual([
      ["https://a.ke", 3, 1],
      [null, 2, 0],
      ["https://b.ke", 2, 0],
    ]);
  });

  it("put first what left most payments unpaid, and drop what came to nothing", () => {
    expect(found.reasons.map(({ reason, failed, tries }) => [reason, failed, tries])).toEqual([
      ["merchant_setup", 5, 7],
      ["wrong_pin", 1, 9],
    ]);
  });

  it("say what a code means where only M-Pesa's answer to a question told it", () => {
    const asked = (detail: string) => cell("reason", { part: "query_only", detail, tries: 1 });
    const reasons = [asked("1032"), asked("1037"), asked("4711")];
    const [queryOnly] = failuresOf({ days: [], hours: [], orders: [], pages: [], reasons }).reasons;
    expect(queryOnly?.codes.map(({ code, meaning }) => [code, meaning])).toEqual([
      ["1032", "cancelled"],
      ["1037", "unreachable"],
      ["4711", null],
    ]);
  });

  it("name the faults that are the merchant's own, by code or by M-Pesa's words", () => {
    const [setUp, pin] = found.reasons;
    expect(setUp?.codes.map(({ code, fault }) => [code, fault])).toEqual([
      ["SFC_IC0003", "wrong_receiver"],
      ["2028", "not_permitted"],
      ["500.001.1001", "wrong_credentials"],
      ["404.001.03", "other"],
    ]);
    expect(pin?.codes.map(({ code, fault }) => [code, fault])).toEqual([["2001", null]]);
  });
});
