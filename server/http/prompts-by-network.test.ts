/** The soft signal against prompts for many phones from one place (machine §8). */
import { expect, test } from "vitest";
import type { PaymentStatus } from "../../shared/words.ts";
import type { PaymentId } from "../core/payment.ts";
import { samplePayment } from "../db/samples.ts";
import { handClock } from "../flow-house.test-support.ts";
import { promptsByNetwork, REMEMBERED_MAX, UNPAID_MAX } from "./prompts-by-network.ts";

function desk(statusOf: (id: PaymentId) => PaymentStatus) {
  const clock = handClock();
  let reads = 0;
  const payments = {
    load: async (id: PaymentId) => {
      reads += 1;
      return { payment: samplePayment({ id, status: statusOf(id) }), attempts: [] };
    },
  };
  const desk = promptsByNetwork({ clock, payments, log: { warn: () => undefined } });
  let count = 0;
  return {
    clock,
    reads: () => reads,
    admit: (network: string) => desk.admit(network, `pay_${++count}` as PaymentId),
    async admitted(network: string, tries: number): Promise<number> {
      let done = 0;
      for (let i = 0; i < tries; i += 1) {
        if ((await this.admit(network)).kind === "go") done += 1;
      }
      return done;
    },
  };
}

test("after 300 unpaid prompts in ten minutes a network waits, others do not", async () => {
  const { clock, admit, admitted } = desk(() => "failed");
  expect(await admitted.call({ admit }, "a", UNPAID_MAX + 50)).toBe(UNPAID_MAX);
  const refused = await admit("a");
  expect(refused).toEqual({ kind: "wait", seconds: 600 });
  expect((await admit("b")).kind).toBe("go");
  clock.pass(600_000);
  expect((await admit("a")).kind).toBe("go");
});

test("a thousand customers behind one address who pay, or are being asked, are not refused", async () => {
  const paying = desk(() => "confirmed");
  for (let minute = 0; minute < 10; minute += 1) {
    paying.clock.pass(6_000);
    expect(await paying.admitted("carrier", 250)).toBe(250);
  }
  const asked = desk(() => "pending");
  expect(await asked.admitted("carrier", 1_000)).toBe(1_000);
});

test("what is remembered has an end, and looking it up does not come with every try", async () => {
  const { admitted, admit, reads } = desk(() => "pending");
  expect(await admitted.call({ admit }, "a", 3 * REMEMBERED_MAX)).toBe(REMEMBERED_MAX);
  expect(reads()).toBeLessThanOrEqual(2 * REMEMBERED_MAX);
});

test("a prompt that was refused by another rule does not count", async () => {
  const { admit } = desk(() => "failed");
  for (let i = 0; i < 2 * UNPAID_MAX; i += 1) {
    const admission = await admit("a");
    expect(admission.kind).toBe("go");
    if (admission.kind === "go") admission.takeBack();
  }
});
