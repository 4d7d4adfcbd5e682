/** Which page a payment came from is what the first visit told. */
import { expect, test } from "vitest";
import { attemptIn, START, subjectOf } from "./machine.test-support.ts";
import { decide } from "./machine.ts";

const shown = (page: string) => ({ type: "checkout_shown", page }) as const;

test("the first page is kept, and a second one changes nothing", () => {
  const first = decide(subjectOf([]), shown("https://shop.co.ke"), START);
  if (first.kind !== "change") throw new Error(`a ${first.kind} instead of a change`);
  expect(first.payment.page).toBe("https://shop.co.ke");
  const again = { ...subjectOf([]), payment: first.payment };
  expect(decide(again, shown("https://other.co.ke"), START)).toMatchObject({ kind: "ignore" });
});

test("who looks at a payment that is over did not bring it", () => {
  for (const over of [
    subjectOf([attemptIn("confirmed")]),
    subjectOf([attemptIn("reversed")]),
    subjectOf([], { closing: "cancelled" }),
  ]) {
    expect(decide(over, shown("https://shop.co.ke"), START)).toMatchObject({ kind: "ignore" });
  }
});
