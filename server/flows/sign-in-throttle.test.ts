/** The counters of sign-in: who is let in, and that nobody can make them grow without end. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Place, signInThrottle } from "./sign-in-throttle.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const at = (address: string): Place => ({ address, device: null });
const kinds = async (tries: number, email: (n: number) => string, place: Place) => {
  const throttle = signInThrottle(Date.now);
  const all = [];
  for (let n = 0; n < tries; n += 1) all.push((await throttle.admit(email(n), place)).kind);
  return { throttle, went: all.filter((kind) => kind === "go").length };
};

test("an address that is over its number makes no counter for each further name", async () => {
  const { throttle, went } = await kinds(60, (n) => `${n}@shop.co.ke`, at("192.0.2.1"));
  expect(went).toBe(60);
  // Every counter has a timer that ends it.
  const counters = vi.getTimerCount();
  for (let n = 0; n < 1_000; n += 1) {
    const { kind } = await throttle.admit(`more-${n}@shop.co.ke`, at("192.0.2.1"));
    expect(kind).toBe("wait");
  }
  expect(vi.getTimerCount()).toBe(counters);
});

test("tries that their own account holds back use nothing up of their address", async () => {
  const { throttle, went } = await kinds(200, () => "one@shop.co.ke", at("192.0.2.1"));
  expect(went).toBe(6);
  const other = await throttle.admit("other@shop.co.ke", at("192.0.2.1"));
  expect(other.kind).toBe("go");
});

test("a window ends by itself", async () => {
  const { throttle } = await kinds(70, (n) => `${n}@shop.co.ke`, at("192.0.2.1"));
  expect((await throttle.admit("new@shop.co.ke", at("192.0.2.1"))).kind).toBe("wait");
  vi.advanceTimersByTime(16 * 60_000);
  expect((await throttle.admit("new@shop.co.ke", at("192.0.2.1"))).kind).toBe("go");
});
