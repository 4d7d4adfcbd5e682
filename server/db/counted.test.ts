import { describe, expect, it } from "vitest";
import type { Attempt, Payment } from "../core/payment.ts";
import { countsAlike } from "./counted.ts";
import { sampleAttempt, sampleChange, samplePayment, samplePhone } from "./samples.ts";
import { createSeal } from "./seal.ts";

const seal = createSeal(Buffer.alloc(32, 1));
const payment = samplePayment();
const attempt = sampleAttempt(payment, samplePhone(), seal);
const before = { payment, attempts: [attempt] };

const withPayment = (over: Partial<Payment>) =>
  countsAlike(before, sampleChange({ ...payment, ...over }));
const withAttempt = (over: Partial<Attempt>) =>
  countsAlike(before, sampleChange(payment, { attempts: [{ ...attempt, ...over }] }));

describe("a change leaves the counts alone", () => {
  it("when a look found nothing", () => {
    expect(withAttempt({ looks: 3, lastLookAt: 5, nextLookAt: 9, wakeAt: 9 })).toBe(true);
    expect(withPayment({ flags: ["aged"], retryAt: 9, updatedAt: 9 })).toBe(true);
  });

  it("never when an attempt is new, or not among the rows that were read", () => {
    const created = sampleAttempt(payment, samplePhone(), seal);
    expect(countsAlike(before, sampleChange(payment, { created }))).toBe(false);
    expect(countsAlike(before, sampleChange(payment, { attempts: [created] }))).toBe(false);
  });

  it.each([
    { state: "failed" },
    { reason: "wrong_pin" },
    { resultCode: "2001" },
    { resultDescription: "other words" },
    { receivedCents: 1 },
    { reversedCents: 1 },
    { sentAt: 1 },
    { acceptedAt: 1 },
    { inDoubtAt: 1 },
    { resolvedAt: 1 },
    { paidAt: 1 },
    { createdAt: 1 },
    { amountCents: 1 },
  ] as unknown as Partial<Attempt>[])("not when an attempt changes by %o", (over) => {
    expect(withAttempt(over)).toBe(false);
  });

  it.each([
    { status: "expired" },
    { page: "https://shop.co.ke" },
    { amountCents: 1 },
    { amountSource: "link" },
    { createdAt: 1 },
  ] as unknown as Partial<Payment>[])("not when the payment changes by %o", (over) => {
    expect(withPayment(over)).toBe(false);
  });
});
