/** Whom a success is believed from at once, over HTTP: nobody may name an address of its own choice. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fastClock, type TestHouse, testHouse } from "../app.test-support.ts";
import { paidBody } from "../built-house.test-support.ts";
import type { Env } from "../config.ts";
import { SAFARICOM_ADDRESSES } from "../daraja/source-addresses.ts";
import { darajaEnv, type LocalDaraja, localDaraja } from "../local-daraja.test-support.ts";

const [LISTED = ""] = SAFARICOM_ADDRESSES;
const STRANGER = "203.0.113.9";

let daraja: LocalDaraja;
beforeAll(async () => {
  daraja = await localDaraja();
});
afterAll(async () => {
  await daraja[Symbol.asyncDispose]();
});

const open = (env: Env) =>
  testHouse({
    env: { ...darajaEnv(daraja), MPESA_CALLBACK_TRUST: "listed", ...env },
    clock: fastClock(1),
  });

let count = 0;

/** What becomes of a payment whose success is posted with this X-Forwarded-For. */
async function told(house: TestHouse, forwarded?: string): Promise<string> {
  count += 1;
  const phoneNumber = `25472${String(count).padStart(7, "0")}`;
  const wish = { amount: 20, orderReference: `source-${count}` };
  const opened = await house.call("POST", "/v1/payments", wish);
  await house.call("POST", `/v1/payments/${opened.body.id}/prompt`, { phoneNumber });
  const push = daraja.pushes.at(-1);
  if (push?.phone !== phoneNumber) throw new Error("nothing was pushed");
  const headers: Record<string, string> =
    forwarded === undefined ? {} : { "X-Forwarded-For": forwarded };
  const receipt = `TKN${count.toString(36).toUpperCase().padStart(7, "0")}`;
  const { pathname } = new URL(push.callbackUrl);
  const reply = await house.call("POST", pathname, paidBody(push, receipt), headers);
  expect(reply.status).toBe(200);
  return (await house.call("GET", `/v1/payments/${opened.body.id}`)).body.status;
}

describe("behind one trusted proxy", () => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await open({ TRUST_PROXY: "1" });
  });
  afterAll(() => house[Symbol.asyncDispose]());

  test("a success that the proxy had from a listed address pays", async () => {
    expect(await told(house, LISTED)).toBe("confirmed");
    expect(await told(house, `${STRANGER}, ${LISTED}`)).toBe("confirmed");
  });

  test("one that it had from elsewhere is held, whatever its caller had written there before", async () => {
    expect(await told(house, STRANGER)).toBe("in_doubt");
    expect(await told(house, `${LISTED}, ${STRANGER}`)).toBe("in_doubt");
    expect(await told(house, `${LISTED}, ${LISTED}, ${STRANGER}`)).toBe("in_doubt");
  });
});

test("without a trusted proxy the header is nothing: the peer is who called", async () => {
  await using house = await open({});
  expect(await told(house, LISTED)).toBe("in_doubt");
});
