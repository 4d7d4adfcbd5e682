import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LookAnswer, LookGate } from "../ports.ts";
import { createLookGate } from "./look-gate.ts";

type LookPriority = Parameters<LookGate["take"]>[0];

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const PROCESSING: LookAnswer = { kind: "silent", cause: "processing", description: "" };
const UNREACHABLE: LookAnswer = { kind: "silent", cause: "unreachable", description: "" };

function limited(ratePerMinute?: number): LookAnswer {
  return { kind: "silent", cause: "rate_limited", description: "", ratePerMinute };
}

function world(): { gate: LookGate; pass(ms: number): void; wait(p: LookPriority): number } {
  let now = START;
  const gate = createLookGate({ clock: { now: () => now } });
  return {
    gate,
    pass(ms) {
      now += ms;
    },
    /** How long a look must wait, 0 for leave at once. */
    wait(priority) {
      const leave = gate.take(priority);
      return leave === "go" ? 0 : leave.waitMs;
    },
  };
}

/** Waits until a repeat has leave and says how long that took. */
function interval(w: ReturnType<typeof world>): number {
  let waited = 0;
  for (let ms = w.wait("repeat"); ms > 0; ms = w.wait("repeat")) {
    w.pass(ms);
    waited += ms;
  }
  return waited;
}

describe("the rate of looks", () => {
  it("starts at one a second without a burst", () => {
    const w = world();
    w.pass(10 * MINUTE);
    expect([interval(w), interval(w), interval(w)]).toEqual([0, 1_000, 1_000]);
  });

  it("halves with each refusal, down to the rate the fault names", () => {
    const w = world();
    const intervals: number[] = [];
    for (let refusals = 0; refusals < 6; refusals += 1) {
      interval(w);
      w.gate.report(limited(5));
      intervals.push(interval(w));
    }
    expect(intervals).toEqual([2_000, 4_000, 8_000, 12_000, 12_000, 12_000]);
  });

  it("is never raised by a refusal, and stops at five a minute where none is named", () => {
    const w = world();
    w.gate.report(limited(600));
    expect(interval(w)).toBe(1_000);
    for (let refusals = 0; refusals < 9; refusals += 1) w.gate.report(limited());
    expect(interval(w)).toBe(12_000);
  });

  it("recovers after ten quiet minutes, not before", () => {
    const w = world();
    for (let refusals = 0; refusals < 5; refusals += 1) w.gate.report(limited(5));
    w.pass(10 * MINUTE - 1);
    w.wait("repeat");
    w.gate.report(PROCESSING);
    expect(w.wait("repeat")).toBeLessThanOrEqual(12_000);
    w.pass(1_001);
    expect(interval(w)).toBe(0);
    expect(interval(w)).toBe(1_000);
  });
});

describe("first looks", () => {
  it("go before repeats that were waiting too", () => {
    const w = world();
    expect(w.wait("repeat")).toBe(0);
    expect(w.wait("repeat")).toBe(1_000);
    expect(w.wait("first")).toBe(1_000);
    w.pass(1_000);
    expect(w.wait("repeat")).toBeGreaterThan(0);
    expect(w.wait("first")).toBe(0);
    w.pass(1_000);
    expect(w.wait("repeat")).toBe(0);
  });

  it("that never come back do not block repeats for long", () => {
    const w = world();
    w.wait("repeat");
    w.wait("first");
    expect(interval(w)).toBeLessThanOrEqual(4_000);
  });
});

describe("the breaker", () => {
  function broken(): ReturnType<typeof world> {
    const w = world();
    for (let failures = 0; failures < 5; failures += 1) {
      interval(w);
      w.gate.report(UNREACHABLE);
    }
    return w;
  }

  it("stays closed while answers come between failures", () => {
    const w = world();
    for (let looks = 0; looks < 20; looks += 1) {
      interval(w);
      w.gate.report(looks % 4 === 3 ? PROCESSING : UNREACHABLE);
    }
    expect(w.wait("first")).toBeLessThanOrEqual(1_000);
  });

  it("opens after five failures in a row and then lets one probe through", () => {
    const w = broken();
    expect(w.wait("first")).toBe(30_000);
    w.pass(30_000);
    expect(w.wait("first")).toBe(0);
    w.pass(5_000);
    expect(w.wait("first")).toBe(10_000);
    w.gate.report(PROCESSING);
    expect(w.wait("first")).toBe(0);
  });

  it("waits longer after each failed probe, five minutes at most", () => {
    const w = broken();
    const waits: number[] = [];
    for (let probes = 0; probes < 6; probes += 1) {
      const ms = w.wait("first");
      waits.push(ms);
      w.pass(ms);
      expect(w.wait("first")).toBe(0);
      w.gate.report(UNREACHABLE);
    }
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  });

  it("forgets a probe whose answer never comes", () => {
    const w = broken();
    w.pass(30_000);
    expect(w.wait("repeat")).toBe(0);
    w.pass(15_000);
    expect(w.wait("repeat")).toBe(0);
  });
});

describe("a pull", () => {
  it("takes from the bucket of the looks, and its refusals slow them down", () => {
    const w = world();
    expect([w.wait("pull"), w.wait("repeat"), w.wait("pull")]).toEqual([0, 1_000, 2_000]);
    w.gate.report(limited(5), "pull");
    expect(interval(w)).toBe(2_000);
  });

  it("neither opens the breaker nor closes it, and passes beside it", () => {
    const w = world();
    for (let pulls = 0; pulls < 20; pulls += 1) {
      w.pass(MINUTE);
      expect(w.wait("pull")).toBe(0);
      w.gate.report(UNREACHABLE, "pull");
    }
    w.pass(MINUTE);
    for (let failures = 0; failures < 5; failures += 1) {
      interval(w);
      w.gate.report(UNREACHABLE);
    }
    w.pass(1_000);
    expect(w.wait("pull")).toBe(0);
    w.gate.report(limited(60), "pull");
    expect(w.wait("first")).toBe(29_000);
  });

  it("of many pages lets a look that waits go before each next one, and gets its own turn", () => {
    const w = world();
    const gone: LookPriority[] = [];
    for (let ms = 0; ms < 8_000; ms += 100) {
      for (const each of ["pull", "repeat"] as const) if (w.wait(each) === 0) gone.push(each);
      w.pass(100);
    }
    expect(gone.slice(0, 4)).toEqual(["pull", "repeat", "pull", "repeat"]);
  });
});

it.each([
  ["a second", 60],
  ["twelve seconds", 5],
])("a pull waits half a minute at most where first looks always wait, one every %s", (_, rate) => {
  const w = world();
  if (rate < 60) {
    for (let refusals = 0; refusals < 5; refusals += 1) w.gate.report(limited(rate));
  }
  const gone: LookPriority[] = [];
  let pullAt = 0;
  const waits: number[] = [];
  for (let ms = 0; ms < 4 * MINUTE; ms += 100) {
    if (w.wait("first") === 0) gone.push("first");
    if (ms >= pullAt) {
      const wait = w.wait("pull");
      if (wait === 0) gone.push("pull");
      waits.push(wait);
      pullAt = ms + Math.max(wait, 100);
    }
    w.pass(100);
  }
  const pulls = gone.filter((each) => each === "pull").length;
  expect(pulls).toBeGreaterThanOrEqual(6);
  expect(gone.length - pulls).toBeGreaterThan(pulls - 1);
  expect(Math.max(...waits)).toBeLessThan(30_000);
});

it("a pull that gave up holds up no look", () => {
  const w = world();
  w.wait("first");
  for (let seconds = 0; seconds < 25; seconds += 1) {
    w.wait("first");
    w.wait("pull");
    w.pass(1_000);
  }
  w.pass(MINUTE);
  expect(w.wait("first")).toBe(0);
});

describe("whatever happens", () => {
  const answer = fc.oneof(
    fc.constantFrom<LookAnswer>({ kind: "success" }, PROCESSING, UNREACHABLE),
    fc.option(fc.double({ min: 0, max: 1e6 }), { nil: undefined }).map((rate) => limited(rate)),
  );
  const step = fc.oneof(
    fc.record({ pass: fc.nat(20_000) }),
    fc.record({ take: fc.constantFrom<LookPriority>("first", "repeat", "pull") }),
    fc.record({ report: answer, of: fc.constantFrom("look" as const, "pull" as const) }),
  );

  it("no minute passes more than 61 looks and every wait has an end", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const w = world();
        let now = 0;
        const gone: number[] = [];
        for (const each of steps) {
          if ("pass" in each) {
            w.pass(each.pass);
            now += each.pass;
          } else if ("report" in each) w.gate.report(each.report, each.of);
          else {
            const ms = w.wait(each.take);
            expect(Number.isInteger(ms)).toBe(true);
            expect(ms).toBeLessThanOrEqual(5 * MINUTE);
            if (ms === 0) gone.push(now);
          }
        }
        for (const at of gone) {
          expect(gone.filter((other) => other >= at && other < at + MINUTE).length).toBeLessThan(
            62,
          );
        }
        for (const [index, at] of gone.entries()) {
          if (index > 0) expect(at - (gone[index - 1] ?? 0)).toBeGreaterThanOrEqual(999);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("waiting as told leads to leave for a first look", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const w = world();
        for (const each of steps) {
          if ("pass" in each) w.pass(each.pass);
          else if ("report" in each) w.gate.report(each.report, each.of);
          else w.gate.take(each.take);
        }
        let ms = w.wait("first");
        for (let tries = 0; ms > 0 && tries < 3; tries += 1) {
          w.pass(ms);
          ms = w.wait("first");
        }
        expect(ms).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
