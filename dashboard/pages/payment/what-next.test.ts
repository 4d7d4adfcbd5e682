import { describe, expect, it } from "vitest";
import type { DashboardPayment, DashboardPaymentDetail } from "../../../shared/api.ts";
import { whatNext } from "./what-next.ts";

const NOW = Date.parse("2026-03-01T09:00:00Z");
const soon = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

function told(payment: Partial<DashboardPayment>, because?: "no_id"): string {
  const whole = {
    closed: false,
    nextLookAt: null,
    retryAt: null,
    expiresAt: soon(3_600),
    ...payment,
  };
  const actions = because ? [{ name: "ask", kind: "refused", because, at: null }] : [];
  return whatNext({ payment: whole, actions } as unknown as DashboardPaymentDetail, NOW).join(" ");
}

describe("what happens next", () => {
  it.each([
    [{ status: "in_doubt", nextLookAt: soon(65) }, "Lipia asks M-PESA by itself: Today 12:01:05."],
    [{ status: "pending", nextLookAt: soon(-1) }, "Lipia asks M-PESA any moment now."],
    [{ status: "open" }, "Unless it is paid, it closes by itself: Today 13:00:00."],
    [
      { status: "failed", retryAt: soon(30) },
      "A new prompt is possible: Today 12:00:30. Unless it is paid, it closes by itself: Today 13:00:00.",
    ],
    [{ status: "failed", retryAt: soon(-30), closed: true }, "Nothing more happens by itself."],
    [{ status: "confirmed", closed: true }, "Nothing more happens by itself."],
    [{ status: "confirmed", nextLookAt: soon(65) }, "Lipia asks M-PESA by itself: Today 12:01:05."],
    [{ status: "review" }, "Nothing happens by itself until a person decides."],
  ] as const)("%j", (payment, sentence) => {
    expect(told(payment)).toBe(sentence);
  });

  it("promises no look where there is no id to ask by", () => {
    expect(told({ status: "in_doubt", nextLookAt: soon(3_600) }, "no_id")).toMatch(
      /cannot ask about this prompt/,
    );
  });
});
