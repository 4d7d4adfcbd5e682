import { expect, test } from "vitest";
import { figuresOf, median, quantile } from "./figures.ts";
import type { Measurement } from "./rounds.ts";

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test("a quantile is a value that was seen, by nearest rank", () => {
  expect(quantile(hundred, 0.5)).toBe(50);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile([7], 0.99)).toBe(7);
});

test("a median of an even count lies between the two in the middle", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
});

function measurement(
  endpoint: Measurement["endpoint"],
  round: number,
  requests: number,
): Measurement {
  const latenciesMs = Array.from({ length: requests }, () => 1);
  const result = { acknowledged: [], refused: 0, seconds: 1, latenciesMs };
  return { endpoint, connections: 32, round, result, cpuMs: requests / 2 };
}

test("ratios compare neighbours of one round, so that a slow round moves both sides", () => {
  const [level] = figuresOf([
    ...[measurement("empty", 1, 100), measurement("textbook", 1, 20), measurement("ours", 1, 50)],
    ...[measurement("empty", 2, 10), measurement("textbook", 2, 2), measurement("ours", 2, 5)],
    ...[measurement("empty", 3, 40), measurement("textbook", 3, 8), measurement("ours", 3, 24)],
  ]);
  expect(level?.ratios.oursToEmpty).toEqual({ median: 0.5, min: 0.5, max: 0.6 });
  expect(level?.ratios.textbookToEmpty.median).toBeCloseTo(0.2);
  expect(level?.ratios.oursToTextbook.max).toBeCloseTo(3);
  expect(level?.endpoints.empty).toMatchObject({ perSecond: 40, requests: 150, cpuMs: 0.5 });
});
