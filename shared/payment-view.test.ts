import { describe, expect, it } from "vitest";
import { canPrompt, isBlocking, isSettled, isUnderway } from "./payment-view.ts";
import { PAYMENT_STATUSES, type PaymentStatus } from "./words.ts";

const NOW = Date.UTC(2026, 10, 24, 9);
const instant = (ms: number) => new Date(NOW + ms).toISOString();

function view(status: PaymentStatus, patch: { closed?: boolean; retryAt?: string | null } = {}) {
  return { status, closed: false, retryAt: null, expiresAt: instant(60_000), ...patch };
}

const having = (test: (status: PaymentStatus) => boolean) => PAYMENT_STATUSES.filter(test);

describe("what a page may conclude", () => {
  it("money has moved or may still move", () => {
    expect(having(isBlocking)).toEqual(["pending", "in_doubt", "confirmed", "review"]);
  });

  it("somebody is still finding out", () => {
    expect(having(isUnderway)).toEqual(["pending", "in_doubt"]);
  });

  it("nothing more happens by itself", () => {
    expect(having((status) => isSettled(view(status)))).toEqual(["confirmed", "reversed"]);
  });

  it("a closed payment is settled unless money may still move", () => {
    expect(having((status) => isSettled(view(status, { closed: true })))).toEqual([
      "open",
      "confirmed",
      "cancelled",
      "expired",
      "failed",
      "reversed",
    ]);
  });
});

describe("may the customer ask for a prompt?", () => {
  it("while the payment is open or the last prompt came to nothing", () => {
    expect(having((status) => canPrompt(view(status), NOW))).toEqual([
      "open",
      "cancelled",
      "expired",
      "failed",
    ]);
  });

  it("never once it is closed", () => {
    expect(having((status) => canPrompt(view(status, { closed: true }), NOW))).toEqual([]);
  });

  it("until it expires, and not at that moment", () => {
    expect(canPrompt(view("open"), NOW + 59_999)).toBe(true);
    expect(canPrompt(view("open"), NOW + 60_000)).toBe(false);
  });

  it("from the moment a wait is over", () => {
    const waiting = view("failed", { retryAt: instant(5_000) });
    expect(canPrompt(waiting, NOW + 4_999)).toBe(false);
    expect(canPrompt(waiting, NOW + 5_000)).toBe(true);
  });
});
