/** The soft signal against prompts for many phones from one place (machine §8). */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { expect, test } from "vitest";
import type { PaymentStatus } from "../../shared/words.ts";
import type { PaymentId } from "../core/payment.ts";
import { samplePayment } from "../db/samples.ts";
import { handClock } from "../flow-house.test-support.ts";
import type { PaymentStore } from "../ports.ts";
import { createTokens } from "../tokens.ts";
import { checkoutRoutes } from "./checkout-routes.ts";
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

test("the checkout's own prompt route asks it by network, and says when to come back", async () => {
  const tokens = createTokens(Buffer.alloc(32, 1));
  const id = `pay_${"0".repeat(32)}` as PaymentId;
  const asked: string[] = [];
  let prompted = 0;
  const unused = null as never;
  const app = express();
  app.use(express.json());
  app.use(
    checkoutRoutes({
      tokens,
      payments: {
        load: async () => ({ payment: samplePayment({ id }), attempts: [] }),
      } as unknown as PaymentStore,
      merchants: unused,
      present: unused,
      clock: handClock(),
      environment: "simulator",
      publicUrl: "http://localhost",
      prompt: async () => {
        prompted += 1;
        return { kind: "unknown_payment" };
      },
      tellCode: unused,
      codeTries: unused,
      promptsFrom: {
        admit: async (network) => {
          asked.push(network);
          return { kind: "wait", seconds: 59.2 };
        },
      },
      isExempt: (phone) => phone.endsWith("01"),
      networkOf: () => "41.90.64.1",
    }),
  );
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const send = (phoneNumber: string) =>
    fetch(`http://127.0.0.1:${port}/checkout/v1/prompt`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${tokens.checkoutToken(id)}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ phoneNumber }),
    });
  try {
    const refused = await send("0711000002");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    expect([prompted, asked]).toEqual([0, ["41.90.64.1"]]);
    expect((await send("0711000001")).status).toBe(404);
    expect([prompted, asked.length]).toEqual([1, 1]);
  } finally {
    server.close();
  }
});
