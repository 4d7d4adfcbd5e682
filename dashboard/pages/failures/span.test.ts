import { describe, expect, it } from "vitest";
import { PRESETS, spanFromQuery, spanPath } from "./span.ts";

/** 28 November 2026, 00:30 in Nairobi: still the 27th in London. */
const NOW = Date.UTC(2026, 10, 27, 21, 30);
const queryOf = (path: string) =>
  Object.fromEntries(new URL(path, "http://shop").searchParams.entries());

describe("the span of the failures", () => {
  it("is days of Nairobi, counted from its today", () => {
    const spans = PRESETS.map((preset) => spanFromQuery(queryOf(spanPath(preset)), NOW));
    expect(spans).toEqual([
      { preset: "today", from: "2026-11-28", to: "2026-11-28" },
      { preset: "yesterday", from: "2026-11-27", to: "2026-11-27" },
      { preset: "week", from: "2026-11-22", to: "2026-11-28" },
      { preset: "month", from: "2026-10-30", to: "2026-11-28" },
    ]);
  });

  it("may be any days, and is today where the address makes no sense", () => {
    const any = { from: "2026-01-30", to: "2026-02-02" };
    expect(spanFromQuery({ ...any, span: "week" }, NOW)).toEqual({ preset: null, ...any });
    expect(spanFromQuery({ from: "2026-01-30", span: "year" }, NOW).preset).toBe("today");
  });
});
