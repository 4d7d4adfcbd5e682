import { describe, expect, it } from "vitest";
import { ALERT_KINDS } from "../../../shared/alert-words.ts";
import type { WatchedPayment, WatchView } from "../../../shared/insight-api.ts";
import { decide, type Known, readKnown, seen } from "./matters.ts";

const NOW = Date.UTC(2026, 10, 28, 9);
const MINUTE = 60_000;

function waits(id: string, minutes: number): WatchedPayment {
  const since = new Date(NOW - minutes * MINUTE).toISOString();
  return { id, merchant: "mer_1", orderReference: `MUG-${id}`, amount: 1_250, since };
}
/** Of one merchant, and of a second one where it is given. */
const callbacks = (...states: WatchView["callbacks"][number]["state"][]): WatchView["callbacks"] =>
  states.map((state, n) => ({ merchant: `mer_${n + 1}`, state }));
const watch = (over: Partial<WatchView> = {}): WatchView => ({
  inDoubt: [],
  inReview: [],
  callbacks: callbacks("heard"),
  ...over,
});
const decided = (known: Known, now: WatchView, wanted = ALERT_KINDS.slice()) =>
  decide(known, now, NOW, wanted);
const kinds = (matters: readonly { readonly kind: string }[]) => matters.map(({ kind }) => kind);

describe("what is worth an alert", () => {
  it("is nothing on a calm day", () => {
    expect(decided({}, watch())).toEqual({ raise: [], open: [], known: {} });
  });

  it("is a doubt of more than five minutes, and not one that may still end by itself", () => {
    const inDoubt = [waits("young", 5), waits("old", 5.1)];
    const { raise } = decided({}, watch({ inDoubt }));
    expect(raise).toMatchObject([{ kind: "doubt", payment: { id: "old" } }]);
  });

  it("is a review at once, and silent callbacks before all", () => {
    const now = watch({
      inDoubt: [waits("a", 9)],
      inReview: [waits("b", 0)],
      callbacks: callbacks("silent"),
    });
    expect(kinds(decided({}, now).raise)).toEqual(["callbacks", "review", "doubt"]);
    expect(decided({}, watch({ callbacks: callbacks("quiet") })).raise).toEqual([]);
  });

  it("is only what was asked for; the rest is raised when it is asked for", () => {
    const now = watch({ inDoubt: [waits("a", 9)], inReview: [waits("b", 9)] });
    const first = decided({}, now, ["review"]);
    expect(kinds(first.raise)).toEqual(["review"]);
    expect(kinds(decided(first.known, now).raise)).toEqual(["doubt"]);
  });
});

describe("a matter", () => {
  const now = watch({
    inDoubt: [waits("a", 9)],
    inReview: [waits("b", 9)],
    callbacks: callbacks("silent"),
  });
  const { known, open } = decided({}, now);

  it("is raised once and stays open until it is seen", () => {
    const again = decided(known, now);
    expect(again.raise).toEqual([]);
    expect(again.open).toEqual(open);
    expect(again.known).toEqual(known);
    const afterwards = decided(seen(known, open.slice(0, 1)), now);
    expect(kinds(afterwards.open)).toEqual(["review", "doubt"]);
    expect(afterwards.raise).toEqual([]);
  });

  it("is open no longer once it is settled, seen or not", () => {
    expect(decided(known, watch()).open).toEqual([]);
  });

  it("is not raised again when it comes back to the newest few", () => {
    const settled = decided(known, watch({ callbacks: callbacks("quiet") }));
    expect(decided(settled.known, now).raise).toEqual([]);
  });

  it("is a new one when a later try is in doubt, or callbacks fail after they were heard", () => {
    const later = watch({ inDoubt: [waits("a", 6)] });
    expect(kinds(decided(known, later).raise)).toEqual(["doubt"]);
    const heard = decided(seen(known, open), watch());
    expect(kinds(decided(heard.known, now).raise)).toEqual(["callbacks"]);
  });
});

describe("the callbacks of several merchants", () => {
  it("are a matter each: one that is heard neither hides nor ends another's silence", () => {
    const first = decided({}, watch({ callbacks: callbacks("heard", "silent") }));
    expect(first.raise).toMatchObject([{ kind: "callbacks", merchant: "mer_2" }]);
    const both = decided(first.known, watch({ callbacks: callbacks("silent", "silent") }));
    expect(both.raise).toMatchObject([{ kind: "callbacks", merchant: "mer_1" }]);
    expect(both.open).toHaveLength(2);
    const ended = decided(both.known, watch({ callbacks: callbacks("silent", "heard") }));
    expect(ended.raise).toEqual([]);
    const again = decided(ended.known, watch({ callbacks: callbacks("silent", "silent") }));
    expect(again.raise).toMatchObject([{ kind: "callbacks", merchant: "mer_2" }]);
  });
});

describe("what a browser remembers", () => {
  it("is bounded, and forgets the oldest", () => {
    const many = Array.from({ length: 320 }, (_, n) => waits(String(n), 9));
    const { known } = decided({}, watch({ inReview: many }));
    expect(Object.keys(known)).toHaveLength(300);
    expect(known["review 319"]).toBe("told");
  });

  it("is read with suspicion", () => {
    for (const odd of [null, 3, "told", ["seen", "x"][1]]) expect(readKnown(odd)).toEqual({});
    expect(readKnown({ a: "told", b: "seen", c: "loud", d: 1 })).toEqual({ a: "told", b: "seen" });
  });
});
