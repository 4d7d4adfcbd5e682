/** Pull in the whole house: the real client, the simulator's ledger, the worker (machine §9). */
import { expect, test } from "vitest";
import { fastClock, testHouse } from "./app.test-support.ts";

/** Twenty minutes and a minute's pause pass in about three seconds. */
const CLOCK = 500;
const PATIENCE_MS = 30_000;

test("a prompt that never was ends as absent, while a paid one keeps its receipt", async () => {
  const clock = fastClock(CLOCK);
  await using house = await testHouse({ env: { MPESA_PULL_ENABLED: "true" }, clock });
  const push = (phoneNumber: string, orderId: string) =>
    house.call("POST", "/api/mpesa/stk-push", { phoneNumber, amount: 50, orderId });
  const paid = await push("254700000001", "PAID-1");
  const lost = await push("254700000020", "LOST-1");
  expect([paid.status, lost.status]).toEqual([201, 202]);
  const read = async (id: string) => (await house.call("GET", `/v1/payments/${id}`)).body;
  await expect
    .poll(async () => (await read(lost.body.paymentId)).attempts[0].reason, {
      timeout: PATIENCE_MS,
      interval: 100,
    })
    .toBe("absent");
  expect(await read(paid.body.paymentId)).toMatchObject({ status: "confirmed", flags: [] });
});
