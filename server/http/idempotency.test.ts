/** The same call said twice, also over the death of a process (contract §4). */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fastClock, type TestHouse, testHouse } from "../app.test-support.ts";
import { readConfig } from "../config.ts";
import type { PaymentId } from "../core/payment.ts";
import type { Params } from "../db/engine.ts";
import { createSeal } from "../db/seal.ts";
import { openSqlite } from "../db/sqlite.ts";
import { darajaEnv, type LocalDaraja, localDaraja } from "../local-daraja.test-support.ts";
import type { IdempotencyClaim } from "../ports.ts";

let daraja: LocalDaraja;
let house: TestHouse;
/** What still has room on a disk that fills up in the middle of a call. */
const ROOM = {
  well: () => true,
  full_but_for_claims: (params: Params) => "bodyHash" in params,
  full_but_for_openings: (params: Params) =>
    "bodyHash" in params || ("claimsOrder" in params && params.version === 1),
};
let disk: keyof typeof ROOM = "well";
const folder = mkdtempSync(join(tmpdir(), "lipia-keys-"));
beforeAll(async () => {
  daraja = await localDaraja();
  house = await testHouse({
    folder,
    env: darajaEnv(daraja),
    clock: fastClock(1),
    openEngine: async (path) => {
      const engine = await openSqlite(path);
      return {
        ...engine,
        async commit(statements) {
          if (!statements.some(({ params }) => ROOM[disk](params))) {
            throw Object.assign(new Error("disk is full"), { code: "SQLITE_FULL" });
          }
          return engine.commit(statements);
        },
      };
    },
  });
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await daraja[Symbol.asyncDispose]();
});
beforeEach(() => {
  daraja.onPush = (_push, accepted) => accepted;
});

let count = 0;
const fresh = () => `${++count}`;
const phone = () => `25473${fresh().padStart(7, "0")}`;
const SEED = "/api/mpesa/stk-push";

function send(path: string, body: object, key: string) {
  return house.call("POST", path, body, { "Idempotency-Key": key });
}

/** The trace of a call that an earlier process was answering when it died. */
async function deadClaim(
  path: string,
  body: object,
  key: string,
  at = Date.now() - 60_000,
): Promise<IdempotencyClaim> {
  const { id: merchantId, environment } = house.app.merchant;
  const seal = createSeal(readConfig(house.env).secret);
  const claim: IdempotencyClaim = {
    merchantId,
    environment,
    key,
    bodyHash: seal.hash("requestBody", `POST ${path}\n${JSON.stringify(body)}`),
    at,
  };
  expect(await house.app.store.idempotency.claim(claim)).toEqual({ kind: "fresh" });
  return claim;
}

describe("after a crash", () => {
  test("a call that had made nothing runs again", async () => {
    const key = fresh();
    const body = { amount: 20, orderReference: `crash-${key}` };
    await deadClaim("/v1/payments", body, key);
    const reply = await send("/v1/payments", body, key);
    expect([reply.status, reply.body.status]).toEqual([201, "open"]);
    expect((await send("/v1/payments", body, key)).body).toEqual(reply.body);
  });

  test("one whose clock was ahead of ours runs again too", async () => {
    const key = fresh();
    const body = { amount: 20, orderReference: `ahead-${key}` };
    await deadClaim("/v1/payments", body, key, Date.now() + 3_600_000);
    expect((await send("/v1/payments", body, key)).status).toBe(201);
  });

  test("a call that had made a payment answers with it as it now is", async () => {
    const key = fresh();
    const body = { amount: 20, orderReference: `crash-${key}` };
    const claim = await deadClaim("/v1/payments", body, key);
    const made = (await house.call("POST", "/v1/payments", body)).body;
    await house.app.store.idempotency.link(claim, made.id);
    await house.call("POST", `/v1/payments/${made.id}/cancel`);
    const reply = await send("/v1/payments", body, key);
    expect([reply.status, reply.body.id, reply.body.status]).toEqual([201, made.id, "cancelled"]);
  });

  test("a prompt is not sent a second time", async () => {
    const key = fresh();
    const opened = await house.call("POST", "/v1/payments", {
      amount: 20,
      orderReference: `crash-${key}`,
    });
    const path = `/v1/payments/${opened.body.id}/prompt`;
    const body = { phoneNumber: phone() };
    const claim = await deadClaim(path, body, key);
    await house.app.store.idempotency.link(claim, opened.body.id);
    await house.call("POST", path, body);
    const pushed = daraja.pushes.length;
    const reply = await send(path, body, key);
    expect([reply.status, reply.body.attempts.length]).toEqual([201, 1]);
    expect(daraja.pushes).toHaveLength(pushed);
  });

  test("the seed route answers with the attempt that was made, or that none was", async () => {
    const [one, two] = [fresh(), fresh()];
    const sent = { phoneNumber: phone(), amount: 20, orderId: `seed-${one}` };
    const claim = await deadClaim(SEED, sent, one);
    const first = await house.call("POST", SEED, sent);
    await house.app.store.idempotency.link(claim, first.body.paymentId as PaymentId);
    const again = await send(SEED, sent, one);
    expect([again.status, again.body]).toEqual([201, first.body]);

    const unsent = { phoneNumber: phone(), amount: 20, orderId: `seed-${two}` };
    const dead = await deadClaim(SEED, unsent, two);
    const opened = { amount: 20, orderReference: `seed-${two}` };
    const { body } = await house.call("POST", "/v1/payments", opened);
    await house.app.store.idempotency.link(dead, body.id);
    const none = await send(SEED, unsent, two);
    expect([none.status, none.body.paymentId]).toEqual([502, body.id]);
  });

  test("eight callers that find the dead call at once: one runs it", async () => {
    const key = fresh();
    const body = { phoneNumber: phone(), amount: 20, orderId: `herd-${key}` };
    await deadClaim(SEED, body, key);
    const pushed = daraja.pushes.length;
    const replies = await Promise.all(Array.from({ length: 8 }, () => send(SEED, body, key)));
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1);
    for (const { status, body: told, headers } of replies) {
      if (status === 201) continue;
      expect([status, told.error.code]).toEqual([409, "idempotency_in_progress"]);
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(daraja.pushes).toHaveLength(pushed + 1);
  });
});

describe("while this process runs", () => {
  test("a call under way is not begun a second time", async () => {
    const key = fresh();
    const body = { phoneNumber: phone(), amount: 20, orderId: `twice-${key}` };
    const pushed = daraja.pushes.length;
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    daraja.onPush = async (_push, accepted) => {
      await held;
      return accepted;
    };
    const first = send(SEED, body, key);
    await expect.poll(() => daraja.pushes.length).toBe(pushed + 1);
    const second = await send(SEED, body, key);
    expect([second.status, second.body.error.code]).toEqual([409, "idempotency_in_progress"]);
    answer();
    expect((await first).status).toBe(201);
    expect((await send(SEED, body, key)).body).toEqual((await first).body);
    expect(daraja.pushes).toHaveLength(pushed + 1);
  });

  test("a call that a full disk ended, and that could not let its key go, may be said again", async () => {
    const key = fresh();
    const body = { amount: 20, orderReference: `full-${key}` };
    disk = "full_but_for_claims";
    const refused = await send("/v1/payments", body, key);
    disk = "well";
    expect([refused.status, refused.body.error.code]).toEqual([503, "storage_unavailable"]);
    const again = await send("/v1/payments", body, key);
    expect([again.status, again.body.status]).toEqual([201, "open"]);
    expect((await send("/v1/payments", body, key)).body).toEqual(again.body);
  });
});

describe("a disk that fills up after the payment was opened", () => {
  test("leaves the seed route's key free: it says that nothing was sent, and then sends", async () => {
    const key = fresh();
    const body = { phoneNumber: phone(), amount: 20, orderId: `opened-${key}` };
    const pushed = daraja.pushes.length;
    disk = "full_but_for_openings";
    const told = [(await send(SEED, body, key)).status];
    disk = "well";
    for (let n = 0; n < 3; n += 1) told.push((await send(SEED, body, key)).status);
    expect(told).toEqual([503, 502, 201, 201]);
    expect(daraja.pushes).toHaveLength(pushed + 1);
  });

  test("lets a prompt be asked for again, and keeps no answer about a prompt that never was", async () => {
    const key = fresh();
    const opened = { amount: 20, orderReference: `opened-${key}` };
    const path = `/v1/payments/${(await house.call("POST", "/v1/payments", opened)).body.id}/prompt`;
    const body = { phoneNumber: phone() };
    disk = "full_but_for_openings";
    expect((await send(path, body, key)).status).toBe(503);
    disk = "well";
    const again = await send(path, body, key);
    expect([again.status, again.body.attempts.length]).toEqual([201, 1]);
  });
});

test("a second server on the same database does not take a call under way for a dead one", async () => {
  const second = await testHouse({ folder, env: darajaEnv(daraja), clock: fastClock(1) });
  const key = fresh();
  const body = { phoneNumber: phone(), amount: 20, orderId: `two-${key}` };
  const headers = { "Idempotency-Key": key, Authorization: `Bearer ${house.keys.secretKey}` };
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  daraja.onPush = async (_push, accepted) => {
    await held;
    return accepted;
  };
  const pushed = daraja.pushes.length;
  const first = send(SEED, body, key);
  await expect.poll(() => daraja.pushes.length).toBe(pushed + 1);
  const other = await second.call("POST", SEED, body, headers);
  expect([other.status, other.body.error.code]).toEqual([409, "idempotency_in_progress"]);
  answer();
  expect((await send(SEED, body, key)).status).not.toBe(202);
  expect((await send(SEED, body, key)).body).toEqual((await first).body);
  await second[Symbol.asyncDispose]();
});

describe("what is kept under a key", () => {
  test("a refusal too, with its own request id", async () => {
    const orderReference = `kept-${fresh()}`;
    const { body } = await house.call("POST", "/v1/payments", { amount: 20, orderReference });
    await house.call("POST", `/v1/payments/${body.id}/prompt`, { phoneNumber: phone() });
    const key = fresh();
    const first = await send("/v1/payments", { amount: 30, orderReference }, key);
    const again = await send("/v1/payments", { amount: 30, orderReference }, key);
    expect([first.status, again.status]).toEqual([409, 409]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
  });

  test.each(["/prompt", "seed"])("but not one that says when to come back (%s)", async (road) => {
    const orderReference = `later-${fresh()}`;
    const phoneNumber = phone();
    const { body } = await house.call("POST", "/v1/payments", { amount: 20, orderReference });
    daraja.onPush = () => ({
      status: 500,
      body: { errorCode: "500.001.1001", errorMessage: "Unable to lock subscriber" },
    });
    await house.call("POST", `/v1/payments/${body.id}/prompt`, { phoneNumber });
    const key = fresh();
    const call = () =>
      road === "seed"
        ? send(SEED, { phoneNumber, amount: 20, orderId: orderReference }, key)
        : send(`/v1/payments/${body.id}/prompt`, { phoneNumber }, key);
    for (let i = 0; i < 2; i += 1) {
      const reply = await call();
      expect(reply.status).toBe(409);
      expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(30);
      expect(reply.headers.get("idempotent-replayed")).toBeNull();
    }
  });

  test("and not a 502: nothing was sent, the same key may try again", async () => {
    const key = fresh();
    const body = { phoneNumber: phone(), amount: 20, orderId: `unsent-${key}` };
    daraja.onPush = () => ({
      status: 429,
      body: { fault: { faultstring: "Spike arrest violation", detail: { errorcode: "x" } } },
    });
    expect((await send(SEED, body, key)).status).toBe(502);
    daraja.onPush = (_push, accepted) => accepted;
    expect((await send(SEED, body, key)).status).toBe(201);
  });
});

describe("a key", () => {
  test("is one call's: another path or body is a conflict, not a replay", async () => {
    const key = fresh();
    const orderReference = `key-${key}`;
    const { body } = await send("/v1/payments", { amount: 20, orderReference }, key);
    for (const [path, other] of [
      ["/v1/payments", { amount: 21, orderReference }],
      [`/v1/payments/${body.id}/prompt`, { phoneNumber: phone() }],
      [`/v1/payments/${body.id}/cancel`, {}],
    ] as const) {
      const reply = await send(path, other, key);
      expect([reply.status, reply.body.error.code]).toEqual([409, "idempotency_key_reused"]);
    }
  });

  test.each(["", "x".repeat(256)])("of %j is a 422", async (key) => {
    const reply = await send("/v1/payments", { amount: 20, orderReference: `k-${fresh()}` }, key);
    expect([reply.status, reply.body.error.param]).toEqual([422, "Idempotency-Key"]);
  });

  test.each(["__proto__", "constructor", "' or 1=1 --", "%00"])("of %j is a key", async (key) => {
    const body = { amount: 20, orderReference: `odd-${fresh()}` };
    const first = await send("/v1/payments", body, key);
    expect(first.status).toBe(201);
    expect((await send("/v1/payments", body, key)).body).toEqual(first.body);
  });

  test("is not used up by a request that could not be read", async () => {
    const key = fresh();
    const body = { amount: 20, orderReference: `again-${key}` };
    expect((await send("/v1/payments", { ...body, amount: "20" }, key)).status).toBe(422);
    expect((await send("/v1/payments", body, key)).status).toBe(201);
  });
});
