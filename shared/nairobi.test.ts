import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  darajaTimestamp,
  nairobiDate,
  nairobiDay,
  nairobiDayStart,
  parseDarajaTimestamp,
} from "./nairobi.ts";

const HOUR = 3_600_000;

describe("Daraja's clock (EAT, no zone)", () => {
  it.each([
    [Date.UTC(2026, 10, 24, 9, 0, 13), "20261124120013"],
    [Date.UTC(2026, 11, 31, 21, 0, 0), "20270101000000"],
    [Date.UTC(2028, 1, 28, 21, 0, 0), "20280229000000"],
    [Date.UTC(2026, 0, 1, 0, 0, 0, 999), "20260101030000"],
  ])("%i is written %s", (at, text) => {
    expect(darajaTimestamp(at)).toBe(text);
  });

  it.each([20261124120013, "20261124120013"])("%j is read back", (value) => {
    expect(parseDarajaTimestamp(value)).toBe(Date.UTC(2026, 10, 24, 9, 0, 13));
  });

  it("any second survives the way there and back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (second) => {
        const at = second * 1_000;
        expect(parseDarajaTimestamp(darajaTimestamp(at))).toBe(at);
        expect(parseDarajaTimestamp(Number(darajaTimestamp(at)))).toBe(at);
      }),
    );
  });

  it.each([
    "",
    "yesterday",
    "2026112412001",
    "202611241200130",
    " 20261124120013",
    "20261124 120013",
    "20261324120013",
    "20260230120013",
    "20270229120013",
    "20261124240000",
    "20261124126013",
    "20261124120060",
    "20260001120013",
    20261124,
    1.5,
    Number.NaN,
    -20261124120013,
    null,
    undefined,
    true,
    {},
    [20261124120013],
  ])("%j is no moment", (value) => {
    expect(parseDarajaTimestamp(value)).toBeNull();
  });
});

describe("the day in Nairobi", () => {
  const midnight = Date.UTC(2026, 10, 24) - 3 * HOUR;

  it("begins at 21:00 UTC", () => {
    expect(nairobiDay(midnight) - nairobiDay(midnight - 1)).toBe(1);
    expect(nairobiDay(midnight + 24 * HOUR - 1)).toBe(nairobiDay(midnight));
    expect(nairobiDay(-3 * HOUR)).toBe(0);
    expect(nairobiDay(-3 * HOUR - 1)).toBe(-1);
  });

  it("is found by its date", () => {
    expect(nairobiDayStart("2026-11-24")).toBe(midnight);
    expect(["2026-02-30", "2026-3-1", "today", ""].map(nairobiDayStart)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it("has a date", () => {
    expect(nairobiDate(midnight)).toEqual({ year: 2026, month: 11, day: 24 });
    expect(nairobiDate(midnight - 1)).toEqual({ year: 2026, month: 11, day: 23 });
  });
});
