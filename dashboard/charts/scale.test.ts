import { expect, it } from "vitest";
import { labelStep, niceMax, percentOf } from "./scale.ts";

it("an axis ends at a round number that holds everything", () => {
  expect([0, 1, 2, 3, 5, 6, 11, 38, 41, 99, 240].map(niceMax)).toEqual([
    1, 1, 2, 4, 6, 6, 20, 40, 60, 100, 400,
  ]);
});

it("parts are shares, also of nothing", () => {
  expect([percentOf(1, 3), percentOf(0, 4), percentOf(0, 0)]).toEqual(["33.33%", "0%", "0%"]);
});

it("labels are thinned out until they fit", () => {
  expect([labelStep(7, 8), labelStep(24, 8), labelStep(30, 8)]).toEqual([1, 3, 4]);
});
