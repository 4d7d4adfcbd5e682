/** Success from an unlisted address waits for a second source (machine §2, rows 23 and 24). */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Phone } from "../../shared/phone.ts";
import type { PaymentId, UserId } from "../core/payment.ts";
import { type FlowHouse, flowHouse, SILENT, sweepLooks } from "../flow-house.test-support.ts";
import type { LookAnswer, LookGate } from "../ports.ts";
import { askNow } from "./ask-now.ts";
import { asker } from "./ask-result.ts";
import { erasePhone } from "./erase-phone.ts";
import { type CallbackDeps, takeCallback } from "./take-callback.ts";

const SECOND = 1_000;
const UNREACHABLE: LookAnswer = { kind: "silent", cause: "unreachable", description: "403" };
const FAILED: LookAnswer = { kind: "failure", code: "1032", description: "cancelled" };

let house: FlowHouse;
let wary: CallbackDeps;
beforeEach(async () => {
  house = await flowHouse();
  wary = { ...house.deps, trust: () => "second_source" };
});
afterEach(() => house[Symbol.asyncDispose]());

/** A prompt whose success has come from an unlisted address. */
async function unsure(by = wary): Promise<PaymentId> {
  const { id } = await house.open();
  const prompted = await house.prompt(id);
  if (prompted.kind !== "prompted") throw new Error("not prompted");
  house.clock.pass(20 * SECOND);
  const body = JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: "m-1",
        CheckoutRequestID: `ws_CO_${prompted.attemptId}`,
        ResultCode: 0,
        ResultDesc: "The service request is processed successfully.",
        CallbackMetadata: {
          Item: [
            { Name: "Amount", Value: 20 },
            { Name: "MpesaReceiptNumber", Value: "TKN1A2B3C4" },
            { Name: "TransactionDate", Value: 20251123120010 },
          ],
        },
      },
    },
  });
  expect(await takeCallback(by, prompted.attemptId, body, "198.51.100.7")).toBe("kept");
  // The look that the callback asked for runs beside the answer.
  await new Promise((resolve) => setTimeout(resolve, 20));
  return id;
}

const standing = async (id: PaymentId) => {
  const { payment } = await house.read(id);
  return [payment.status, payment.receipt, payment.flags];
};

/** Lets time pass in steps, with the passes that a running server makes. */
async function wait(seconds: number, by: CallbackDeps = house.deps): Promise<void> {
  for (let gone = 0; gone < seconds; gone += 15) {
    house.clock.pass(15 * SECOND);
    await sweepLooks({ ...house.deps, ...by });
  }
}

describe("a held success", () => {
  test("is confirmed with its receipt as soon as the query agrees", async () => {
    house.daraja.onQuery = async () => ({ kind: "success" });
    const id = await unsure();
    expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4", []]);
  });

  test("is neither paid nor lost while the query is silent", async () => {
    house.daraja.onQuery = async () => UNREACHABLE;
    const id = await unsure();
    expect((await standing(id))[0]).toBe("in_doubt");
  });

  test("confirms as singleSource once the query was unreachable for a minute", async () => {
    house.daraja.onQuery = async () => UNREACHABLE;
    const id = await unsure();
    await wait(75);
    expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4", ["singleSource"]]);
  });

  test("waits half an hour where the query only says that it is being processed", async () => {
    house.daraja.onQuery = async () => SILENT;
    const id = await unsure();
    await wait(25 * 60);
    expect((await standing(id))[0]).toBe("in_doubt");
    await wait(15 * 60);
    expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4", ["singleSource"]]);
  });

  test.each(["unknown_id", "nonsense"] as const)(
    "waits half an hour where the query answers %s, and no longer",
    async (cause) => {
      house.daraja.onQuery = async () => ({ kind: "silent", cause, description: "no verdict" });
      const id = await unsure();
      await wait(25 * 60);
      expect((await standing(id))[0]).toBe("in_doubt");
      await wait(15 * 60);
      expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4", ["singleSource"]]);
    },
  );

  test("waits half an hour where the query was reached once and then was not", async () => {
    house.daraja.onQuery = async () => SILENT;
    const id = await unsure();
    house.daraja.onQuery = async () => UNREACHABLE;
    await wait(25 * 60);
    expect((await standing(id))[0]).toBe("in_doubt");
    await wait(15 * 60);
    expect((await standing(id))[0]).toBe("confirmed");
  });

  describe("that the query called cancelled once, and was unreachable since", () => {
    async function contradicted(): Promise<PaymentId> {
      house.daraja.onQuery = async () => FAILED;
      const id = await unsure();
      house.daraja.onQuery = async () => UNREACHABLE;
      return id;
    }

    test("stays in doubt, is asked about on, and ages as any doubt", async () => {
      const id = await contradicted();
      await wait(2 * 3_600);
      expect((await standing(id))[0]).toBe("in_doubt");
      for (let hour = 0; hour < 23; hour += 1) {
        house.clock.pass(3_600 * SECOND);
        await sweepLooks(house.deps);
      }
      expect(await standing(id)).toEqual(["in_doubt", null, ["aged"]]);
      const before = house.daraja.queries.length;
      await wait(2 * 3_600);
      expect(house.daraja.queries.length).toBeGreaterThan(before);
    });

    test.each([
      ["says so again", FAILED, ["review", null, ["evidenceConflict"]]],
      ["says paid", { kind: "success" }, ["confirmed", "TKN1A2B3C4", []]],
    ] as const)("ends when the query %s", async (_words, answer, end) => {
      const id = await contradicted();
      await wait(5 * 60);
      house.daraja.onQuery = async () => answer;
      await wait(15 * 60);
      expect(await standing(id)).toEqual(end);
    });
  });

  describe("of a strict merchant", () => {
    const strict = (): CallbackDeps => {
      const ask = asker({ ...house.shared, hold: "lasts" });
      return { ...house.deps, ask, trust: () => "second_source" };
    };
    async function silent(seconds: number): Promise<PaymentId> {
      house.daraja.onQuery = async () => UNREACHABLE;
      const id = await unsure(strict());
      await wait(seconds, strict());
      return id;
    }

    test("stays in doubt however long the query is out of reach, and ages", async () => {
      const id = await silent(45 * 60);
      expect((await standing(id))[0]).toBe("in_doubt");
      for (let hours = 0; hours < 24; hours += 1) {
        house.clock.pass(3_600 * SECOND);
        await sweepLooks({ ...house.deps, ...strict() });
      }
      expect(await standing(id)).toEqual(["in_doubt", null, ["aged"]]);
    });

    test("is confirmed when the query agrees", async () => {
      const id = await silent(10 * 60);
      house.daraja.onQuery = async () => ({ kind: "success" });
      await wait(15 * 60, strict());
      expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4", []]);
    });
  });

  describe("that one source alone confirmed", () => {
    async function single(): Promise<PaymentId> {
      house.daraja.onQuery = async () => UNREACHABLE;
      const id = await unsure();
      await wait(75);
      expect((await standing(id))[0]).toBe("confirmed");
      return id;
    }
    const nextLook = async (id: PaymentId) => (await house.read(id)).attempts[0]?.nextLookAt;

    test("is asked about until the query agrees, and no more after", async () => {
      const id = await single();
      house.daraja.onQuery = async () => ({ kind: "success" });
      await wait(60);
      expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4", []]);
      expect(await nextLook(id)).toBeNull();
      const before = house.daraja.queries.length;
      await wait(3_600);
      expect(house.daraja.queries).toHaveLength(before);
    });

    test("comes before a person when the query says twice that it failed", async () => {
      const id = await single();
      house.daraja.onQuery = async () => FAILED;
      await wait(90);
      expect(await standing(id)).toEqual([
        "confirmed",
        "TKN1A2B3C4",
        ["evidenceConflict", "singleSource"],
      ]);
      expect(house.logged.map(({ event }) => event)).toContain("payment_alarm");
      expect(await nextLook(id)).toBeNull();
    });

    test("keeps its flag after two days of silence, and a person may ask still", async () => {
      const id = await single();
      for (let quarters = 0; quarters < 3 * 24 * 4; quarters += 1) {
        house.clock.pass(900 * SECOND);
        await sweepLooks(house.deps);
      }
      expect(await nextLook(id)).toBeNull();
      expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4", ["singleSource"]]);
      house.daraja.onQuery = async () => ({ kind: "success" });
      const by = { id: "usr_w" as UserId, email: "w@shop.co.ke" };
      const asked = await askNow({ ...house.deps, audit: house.store.audit }, id, by);
      expect(asked).toEqual({ kind: "asked" });
      expect((await standing(id))[2]).toEqual([]);
    });

    test("is asked about no more once the payer's number was erased", async () => {
      const id = await single();
      const { store, deps, clock } = house;
      const erasing = { erasure: store.erasure, audit: store.audit, clock, log: deps.log };
      expect(await erasePhone(erasing, "254711000001" as Phone, "command")).toMatchObject({
        kind: "erased",
      });
      const before = house.daraja.queries.length;
      await wait(60);
      expect(house.daraja.queries).toHaveLength(before);
      expect(await nextLook(id)).toBeNull();
      expect(await store.payments.due(deps.environment, clock.now(), 9)).toEqual([]);
    });
  });

  test("counts an open breaker as unreachable, and a spent bucket as no answer yet", async () => {
    house.daraja.onQuery = async () => UNREACHABLE;
    const id = await unsure();
    house.clock.pass(61 * SECOND);
    const spared = (because: "rate" | "down") => {
      const gate = { take: () => ({ waitMs: 5_000, because }), report: () => undefined };
      return { ...house.deps, ask: asker({ ...house.shared, apps: house.paced(gate) }) };
    };
    await sweepLooks(spared("rate"));
    expect((await standing(id))[0]).toBe("in_doubt");
    await sweepLooks(spared("down"));
    expect((await standing(id))[0]).toBe("confirmed");
  });

  test("once it is confirmed it is asked about behind every customer who waits", async () => {
    house.daraja.onQuery = async () => UNREACHABLE;
    const id = await unsure();
    await wait(75);
    expect((await standing(id))[0]).toBe("confirmed");
    const asked: string[] = [];
    const take: LookGate["take"] = (priority) => {
      asked.push(priority);
      return "go";
    };
    const gate = { take, report: () => undefined };
    const [attempt] = (await house.read(id)).attempts;
    if (attempt === undefined) throw new Error("no attempt");
    await asker({ ...house.shared, apps: house.paced(gate) })(attempt.id, "first");
    expect(asked).toEqual(["repeat"]);
  });

  test("goes to a person when the query says twice that it failed", async () => {
    house.daraja.onQuery = async () => FAILED;
    const id = await unsure();
    await wait(60);
    expect(await standing(id)).toEqual(["review", null, ["evidenceConflict"]]);
  });
});
