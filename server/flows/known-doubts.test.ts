/** What a process knows of its doubts, by a clock that nobody sets. */
import { expect, test } from "vitest";
import type { Attempt, AttemptId, MerchantId } from "../core/payment.ts";
import { handClock } from "../flow-house.test-support.ts";
import { knownDoubts } from "./known-doubts.ts";

const MINUTE = 60_000;
const [SHOP, OTHER] = ["mer_shop", "mer_other"] as MerchantId[] as [MerchantId, MerchantId];
const doubt = (id: string) => ({ id: id as AttemptId }) as Attempt;

test("twenty minutes count from when it was seen first, whatever the wall's clock does", () => {
  const clock = handClock();
  const known = knownDoubts(clock);
  expect(known.note(SHOP, [doubt("a")]).size).toBe(0);
  clock.shift(48 * 60 * MINUTE);
  clock.pass(20 * MINUTE - 1);
  expect(known.note(SHOP, [doubt("a"), doubt("b")]).size).toBe(0);
  clock.shift(-48 * 60 * MINUTE);
  clock.pass(1);
  expect([...known.note(SHOP, [doubt("a"), doubt("b")])]).toEqual(["a"]);
});

test("who left the doubts is forgotten; each merchant's are its own", () => {
  const clock = handClock();
  const known = knownDoubts(clock);
  known.note(SHOP, [doubt("a"), doubt("b")]);
  clock.pass(20 * MINUTE);
  known.note(OTHER, []);
  expect([...known.note(SHOP, [doubt("b")])]).toEqual(["b"]);
  expect([...known.note(SHOP, [doubt("a"), doubt("b")])]).toEqual(["b"]);
});
