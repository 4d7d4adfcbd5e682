import { describe, expect, it } from "vitest";
import { callbacksOf, losesPrompts, type RecentTry, weatherOf } from "./weather.ts";

const NOW = 1_795_550_000_000;
const SECOND = 1_000;

function tried(over: Partial<RecentTry> = {}): RecentTry {
  const createdAt = NOW - 300 * SECOND;
  return {
    state: "confirmed",
    reason: null,
    createdAt,
    sentAt: createdAt + SECOND,
    acceptedAt: createdAt + 2 * SECOND,
    resolvedAt: createdAt + 15 * SECOND,
    callbacks: 1,
    ...over,
  };
}
const times = (n: number, over: Partial<RecentTry> = {}) =>
  Array.from({ length: n }, () => tried(over));
const failed = (reason: RecentTry["reason"]) => ({ state: "failed", reason }) as const;
const weather = (...tries: readonly RecentTry[]) => weatherOf(tries, NOW).weather;

describe("M-Pesa's weather", () => {
  it("is fine when prompts are taken at once and answered, also when customers decline", () => {
    const tries = [...times(6), ...times(4, failed("cancelled")), ...times(2, failed("wrong_pin"))];
    expect(weatherOf(tries, NOW)).toEqual({
      weather: "fine",
      prompts: 12,
      paid: 6,
      settled: 12,
      silent: 0,
      refused: 0,
      acceptMs: SECOND,
    });
  });

  it("says nothing of a handful", () => {
    expect(weather(...times(4, { state: "in_doubt" }))).toBe("unknown");
    expect(weatherOf([], NOW)).toMatchObject({ weather: "unknown", acceptMs: null });
  });

  it("is slow when some prompts are lost, and trouble when many are", () => {
    const lost = { state: "in_doubt" } as const;
    expect(weather(...times(9), ...times(1, lost))).toBe("fine");
    expect(weather(...times(8), ...times(2, lost))).toBe("slow");
    expect(weather(...times(6), ...times(4, lost))).toBe("trouble");
    expect(weather(...times(6), ...times(4, failed("mpesa_busy")))).toBe("trouble");
    expect(weather(...times(8), ...times(2, failed("not_sent")))).toBe("slow");
  });

  it("hears silence only after a minute", () => {
    const waiting = (seconds: number) =>
      times(5, { state: "pending", acceptedAt: NOW - seconds * SECOND, resolvedAt: null });
    expect(weather(...times(5), ...waiting(60))).toBe("fine");
    expect(weather(...times(5), ...waiting(61))).toBe("trouble");
  });

  it("is slow when M-Pesa takes long to accept", () => {
    const accepted = (seconds: number) =>
      times(5, { sentAt: NOW, acceptedAt: NOW + seconds * SECOND });
    expect(weather(...accepted(4))).toBe("fine");
    expect(weather(...accepted(5))).toBe("slow");
    expect(weather(...accepted(11))).toBe("trouble");
  });

  it("is trouble when hardly anybody gets to pay", () => {
    const unanswered = failed("unreachable");
    expect(weather(...times(1), ...times(9, unanswered))).toBe("trouble");
    expect(weather(...times(2), ...times(8, unanswered))).toBe("fine");
    expect(weather(...times(1), ...times(8, unanswered))).toBe("fine");
  });

  it("is M-Pesa's own where prompts are lost or taken late, not where customers do not pay", () => {
    const itsOwn = (...tries: readonly RecentTry[]) => losesPrompts(weatherOf(tries, NOW));
    expect(itsOwn(...times(3), ...times(2, { state: "in_doubt" }))).toBe(true);
    expect(itsOwn(...times(3), ...times(2, failed("prompt_not_delivered")))).toBe(true);
    expect(itsOwn(...times(5, { sentAt: NOW, acceptedAt: NOW + 11 * SECOND }))).toBe(true);
    expect(itsOwn(...times(4, { state: "in_doubt" }))).toBe(false);
    expect(itsOwn(...times(4), ...times(1, { state: "in_doubt" }))).toBe(false);
    expect(itsOwn(...times(1), ...times(9, failed("unreachable")))).toBe(false);
  });

  it("does not blame M-Pesa for the shop's own faults, nor for what is not sent yet", () => {
    const own = times(20, failed("merchant_setup"));
    expect(weatherOf([...own, ...times(20, { state: "sending" })], NOW).prompts).toBe(0);
    expect(weather(...own, ...times(5))).toBe("fine");
  });
});

describe("M-Pesa's callbacks", () => {
  const uncalled = (seconds: number, over: Partial<RecentTry> = {}) =>
    tried({ callbacks: 0, acceptedAt: NOW - seconds * SECOND, ...over });
  const callbacks = (...tries: readonly RecentTry[]) => callbacksOf(tries, NOW);

  it("are silent when none came for prompts whose time is over, though looks found their end", () => {
    expect(callbacks(uncalled(121), uncalled(300))).toBe("silent");
    expect(callbacks(uncalled(121, failed("cancelled")), uncalled(300), uncalled(5))).toBe(
      "silent",
    );
  });

  it("are heard when one came, whatever else waits", () => {
    expect(callbacks(uncalled(121), uncalled(300), tried())).toBe("heard");
  });

  it("say nothing while too few are owed", () => {
    expect(callbacks()).toBe("quiet");
    expect(callbacks(uncalled(121))).toBe("quiet");
    expect(callbacks(uncalled(121), uncalled(120), uncalled(1))).toBe("quiet");
    expect(callbacks(uncalled(121), tried({ callbacks: 0, acceptedAt: null }))).toBe("quiet");
  });
});
