/** Success that is told of a payment in review is remembered, so that nobody can fail it any more. */
import { expect, test } from "vitest";
import { ATTEMPT, attemptIn, LATER, subjectOf, usual } from "./machine.test-support.ts";
import { decide } from "./machine.ts";

const unproven = subjectOf([attemptIn("review", { successSeen: false })]);

function seenAfter(type: Parameters<typeof usual>[0]): boolean | undefined {
  const decision = decide(unproven, usual(type), LATER);
  if (decision.kind !== "change") throw new Error(`${type} is a ${decision.kind}`);
  return decision.attempts.find(({ id }) => id === ATTEMPT)?.successSeen;
}

test.each(["callback_success", "callback_mismatch", "look_success"] as const)("%s", (type) => {
  expect(seenAfter(type)).toBe(true);
});

test.each(["callback_failure", "look_failure", "statement_absent"] as const)(
  "%s proves no success",
  (type) => {
    expect(seenAfter(type)).toBe(false);
  },
);
