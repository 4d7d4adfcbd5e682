/** When a customer is told that M-Pesa is in trouble. */
import { expect, test } from "vitest";
import type { Payment } from "../core/payment.ts";
import { samplePayment } from "../db/samples.ts";
import { handClock } from "../flow-house.test-support.ts";
import { mpesaNotices } from "./mpesa-notice.ts";

const LOST = {
  state: "in_doubt",
  reason: null,
  createdAt: 0,
  sentAt: 0,
  acceptedAt: 1,
  resolvedAt: null,
  callbacks: 0,
} as const;

/** A shop whose last prompts were all lost, or that had none. */
function shop(lost: number, read: "well" | "fails" = "well") {
  const clock = handClock();
  const logged: string[] = [];
  let reads = 0;
  const world = { lost };
  const insight = {
    recentTries: async () => {
      reads += 1;
      if (read === "fails") throw new Error("disk I/O error");
      return Array.from({ length: world.lost }, () => LOST);
    },
  };
  const log = { error: (event: string) => void logged.push(event) };
  const notice = mpesaNotices({ insight, clock, log });
  const told = async (over: Partial<Payment> = {}) =>
    (await notice({ payment: samplePayment(over), attempts: [] })).mpesaNotice;
  return { clock, world, told, logged, reads: () => reads };
}

test("a customer who may still be prompted is told in both languages, others are not", async () => {
  const { told } = shop(5);
  for (const status of ["open", "pending", "in_doubt", "failed", "cancelled", "expired"] as const) {
    expect(await told({ status })).toEqual({
      en: expect.stringContaining("M-PESA has problems"),
      sw: expect.stringContaining("M-PESA ina matatizo"),
    });
  }
  for (const status of ["confirmed", "review", "reversed"] as const) {
    expect(await told({ status })).toBeUndefined();
  }
  expect(await told({ status: "failed", closing: "cancelled" })).toBeUndefined();
});

test("nobody is told on an ordinary day", async () => {
  expect(await shop(0).told()).toBeUndefined();
  expect(await shop(4).told()).toBeUndefined();
});

test("one look serves many customers for twenty seconds, then the end of the trouble is seen", async () => {
  const { clock, world, told, reads } = shop(5);
  await Promise.all(Array.from({ length: 50 }, () => told()));
  expect(reads()).toBe(1);
  world.lost = 0;
  clock.pass(19_000);
  expect(await told()).toBeDefined();
  clock.pass(1_000);
  expect(await told()).toBeUndefined();
  expect(reads()).toBe(2);
});

test("merchants have weathers of their own", async () => {
  const { told, reads } = shop(5);
  await told();
  await told({ merchantId: "mer_other" as Payment["merchantId"] });
  expect(reads()).toBe(2);
});

test("a look that fails is logged, and the checkout opens without a word", async () => {
  const { told, logged } = shop(5, "fails");
  expect(await told()).toBeUndefined();
  expect(logged).toEqual(["weather_not_read"]);
});
