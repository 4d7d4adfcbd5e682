import { describe, expect, it } from "vitest";
import { clockTime, dayWord, duration, hourMoment, kes } from "./format.ts";

const NOW = Date.parse("2026-03-02T20:59:59Z");

describe("money and moments", () => {
  it("are written as Nairobi reads them, whatever zone the browser is in", () => {
    expect(kes(1250)).toBe("KES 1,250");
    expect(clockTime("2026-03-02T20:59:59Z")).toBe("23:59:59");
    expect(clockTime("2026-03-02T21:00:00Z")).toBe("00:00:00");
  });

  it.each([
    ["2026-03-01T21:00:00Z", "Today"],
    ["2026-03-01T20:59:59Z", "Yesterday"],
    ["2026-02-28T10:00:00Z", "28 Feb"],
    ["2025-12-31T10:00:00Z", "31 Dec 2025"],
  ])("%s is %s", (instant, word) => {
    expect(dayWord(instant, NOW)).toBe(word);
  });

  it.each([
    ["2026-03-02T20:00:00Z", "within the hour"],
    ["2026-03-02T19:00:00Z", "Today 22:00"],
    ["2026-03-01T20:00:00Z", "Yesterday 23:00"],
  ])("%s, known to the hour, is %s", (instant, words) => {
    expect(hourMoment(instant, NOW)).toBe(words);
  });

  it("give a length of time in its largest unit", () => {
    expect([300, 12_000, 180_000, 7_200_000].map(duration)).toEqual([
      "1 s",
      "12 s",
      "3 min",
      "2 h",
    ]);
  });
});
