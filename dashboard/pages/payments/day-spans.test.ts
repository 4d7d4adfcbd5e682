import { expect, it } from "vitest";
import { daysOf } from "./day-spans.ts";

/** Half past midnight in Nairobi, still the day before in London. */
const NIGHT = Date.parse("2026-03-01T21:30:00Z");

it("counts days as Nairobi does", () => {
  expect(daysOf("today", NIGHT)).toEqual({ createdFrom: "2026-03-02", createdTo: "" });
  expect(daysOf("yesterday", NIGHT)).toEqual({
    createdFrom: "2026-03-01",
    createdTo: "2026-03-01",
  });
  expect(daysOf("week", NIGHT)).toEqual({ createdFrom: "2026-02-24", createdTo: "" });
  expect(daysOf("month", NIGHT)).toEqual({ createdFrom: "2026-03-01", createdTo: "" });
});
