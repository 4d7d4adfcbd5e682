/** Time as a running server tells it, whatever is done to the clock on the wall. */
import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";

const MINUTE = 60_000;

function machine(start: number) {
  let wall = start;
  let elapsed = 5_000.25;
  return {
    wall: () => wall,
    elapsed: () => elapsed,
    pass(ms: number) {
      wall += ms;
      elapsed += ms;
    },
    set(to: number) {
      wall = to;
    },
  };
}

test("a clock that nobody touches is the wall's", () => {
  const hand = machine(1_000_000);
  const clock = systemClock(hand);
  expect(clock.now()).toBe(1_000_000);
  hand.pass(1_234);
  expect(clock.now()).toBe(1_001_234);
});

test("put back by a day: it never runs back, does not stand still, and is right again later", () => {
  const hand = machine(100 * 24 * 60 * MINUTE);
  const clock = systemClock(hand);
  const before = clock.now();
  hand.set(before - 24 * 60 * MINUTE);
  expect(clock.now()).toBe(before);
  let told = before;
  for (let minutes = 1; minutes <= 24 * 60; minutes += 1) {
    hand.pass(MINUTE);
    const now = clock.now();
    expect(now).toBe(told + MINUTE / 2);
    told = now;
  }
  expect(told).toBe(before + 12 * 60 * MINUTE);
  hand.pass(24 * 60 * MINUTE);
  expect(clock.now()).toBe(hand.wall());
});

test("a jump forward is followed at once", () => {
  const hand = machine(1_000_000);
  const clock = systemClock(hand);
  hand.set(9_000_000);
  expect(clock.now()).toBe(9_000_000);
});
