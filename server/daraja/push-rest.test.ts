/** How a refused rate spares the next customers a push that would be refused too (machine §5). */
import { expect, test } from "vitest";
import type { PushAnswer } from "../ports.ts";
import { pushRest } from "./push-rest.ts";

const REFUSED: PushAnswer = { kind: "not_sent", cause: "rate_limited", description: "429" };
const UNKNOWN: PushAnswer = { kind: "unknown", description: "reset" };
const NO_NETWORK: PushAnswer = { kind: "not_sent", cause: "network", description: "refused" };

test("a crowd that is refused at once rests as long as one", () => {
  const rest = pushRest({ now: () => 1_000_000 });
  for (let pushes = 0; pushes < 6; pushes += 1) rest.heard(REFUSED);
  expect(rest.leftMs()).toBe(1_000);
});

test("the rest doubles with every refusal, has an end, and is forgotten once a push went out", () => {
  let now = 1_000_000;
  const rest = pushRest({ now: () => now });
  expect(rest.leftMs()).toBe(0);
  for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
    rest.heard(REFUSED);
    expect(rest.leftMs()).toBe(seconds * 1_000);
    now += seconds * 1_000 - 1;
    expect(rest.leftMs()).toBe(1);
    now += 1;
    expect(rest.leftMs()).toBe(0);
  }
  now += 30_000;
  rest.heard(NO_NETWORK);
  rest.heard(REFUSED);
  expect(rest.leftMs()).toBe(30_000);
  now += 30_000;
  rest.heard(UNKNOWN);
  rest.heard(REFUSED);
  expect(rest.leftMs()).toBe(1_000);
});
