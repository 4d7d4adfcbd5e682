/** Figures of tries and pages of which a part is not known: the part is left out, never guessed. */
import { describe, expect, it } from "vitest";
import { waitingSince } from "./alerts.ts";
import { failuresOf, type RollupCell, total } from "./insight.ts";
import { attemptIn, HOUR, MINUTE, paymentOf, START } from "./machine.test-support.ts";
import { losesPrompts, type RecentTry, weatherOf } from "./weather.ts";

const NOW = START + HOUR;

/** Paid by its callback, while M-Pesa's answer to the push was lost. */
const unanswered: RecentTry = {
  state: "confirmed",
  reason: null,
  createdAt: NOW - 5 * MINUTE,
  sentAt: NOW - 5 * MINUTE,
  acceptedAt: null,
  resolvedAt: NOW - 4 * MINUTE,
  callbacks: 1,
};
const tries = (state: RecentTry["state"]) =>
  Array.from({ length: 5 }, () => ({ ...unanswered, state }));

describe("pushes whose answers were all lost", () => {
  it("say nothing of how fast M-Pesa takes a push, which makes it neither slow nor late", () => {
    const report = weatherOf(tries("confirmed"), NOW);
    expect(report).toMatchObject({ weather: "fine", prompts: 5, paid: 5, acceptMs: null });
    expect(losesPrompts(report)).toBe(false);
  });

  it("are not silent while they wait, since nobody knows from when", () => {
    expect(weatherOf(tries("pending"), NOW)).toMatchObject({ silent: 0, weather: "fine" });
  });

  it("do not lengthen the middle time of those that were answered", () => {
    const answered = { ...unanswered, acceptedAt: unanswered.createdAt + 700 };
    expect(weatherOf([...tries("confirmed"), answered], NOW).acceptMs).toBe(700);
  });
});

describe("how long a payment waits", () => {
  it("counts from its try's beginning where the moment of doubt is not known", () => {
    const doubt = attemptIn("in_doubt", { inDoubtAt: null, createdAt: START + 3 * MINUTE });
    const known = attemptIn("in_doubt", { inDoubtAt: START + 7 * MINUTE });
    const wait = (attempts: readonly (typeof doubt)[]) =>
      waitingSince({ payment: paymentOf(attempts), attempts });
    expect(wait([doubt])).toBe(START + 3 * MINUTE);
    expect(wait([known, doubt])).toBe(START + 3 * MINUTE);
  });

  it("counts from its last change where no try is in doubt", () => {
    const attempts = [attemptIn("review")];
    const payment = { ...paymentOf(attempts), updatedAt: START + 9 * MINUTE };
    expect(waitingSince({ payment, attempts })).toBe(START + 9 * MINUTE);
  });
});

describe("pages opened equally often", () => {
  const page = (part: string): RollupCell => ({
    ...total([]),
    kind: "page",
    day: 20_000,
    part,
    detail: "",
    opened: 2,
  });
  const order = (...parts: readonly string[]) =>
    failuresOf({
      days: [],
      hours: [],
      orders: [],
      reasons: [],
      pages: parts.map(page),
    }).pages.map((one) => one.page);

  it("stand in the order of their names, the unknown one first, however they came", () => {
    const wanted = [null, "https://a.ke", "https://b.ke"];
    expect(order("https://b.ke", "https://a.ke", "")).toEqual(wanted);
    expect(order("", "https://a.ke", "https://b.ke")).toEqual(wanted);
    expect(order("https://a.ke", "", "https://b.ke")).toEqual(wanted);
  });
});
