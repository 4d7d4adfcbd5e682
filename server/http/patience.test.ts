/** How long a real house waits for a slow client: the values that shoppers and Daraja meet. */
import { Server } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import {
  type ArrivedPush,
  darajaEnv,
  type LocalDaraja,
  localDaraja,
} from "../local-daraja.test-support.ts";

const SECOND = 1_000;
/** The body of a callback may take so long; on a busy machine its answer comes a little later. */
const BODY_MS = { least: 9.9 * SECOND, most: 15 * SECOND };

let daraja: LocalDaraja;
let house: TestHouse;
let servers: readonly unknown[];
beforeAll(async () => {
  daraja = await localDaraja();
  const listening = vi.spyOn(Server.prototype, "listen");
  house = await testHouse({ env: darajaEnv(daraja) });
  servers = [...listening.mock.contexts];
  listening.mockRestore();
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await daraja[Symbol.asyncDispose]();
});

test("headers within 10 s, a body within 30, a sign of life each minute, looked for every 5 s", () => {
  expect(servers).toHaveLength(1);
  const [server] = servers;
  if (!(server instanceof Server)) throw new Error("the house listens in another way");
  expect(server.address()).toMatchObject({ port: house.app.port });
  expect(server).toMatchObject({
    headersTimeout: 10 * SECOND,
    requestTimeout: 30 * SECOND,
    timeout: 60 * SECOND,
    connectionsCheckingInterval: 5 * SECOND,
  });
});

interface Trickled {
  readonly status: string;
  readonly tookMs: number;
}

/** Posts a body that never ends, a byte at a time; resolves when the answer begins. */
function trickle({ callbackUrl }: ArrivedPush): Promise<Trickled> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect(house.app.port, "127.0.0.1", () => {
      const path = new URL(callbackUrl).pathname;
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{"Body":`);
    });
    const timer = setInterval(() => socket.write(" "), 200);
    socket.once("data", (chunk) => {
      const status = chunk.toString("latin1").split("\r\n", 1)[0] ?? "";
      resolve({ status, tookMs: performance.now() - startedAt });
      socket.destroy();
    });
    socket.once("error", reject);
    socket.once("close", () => clearInterval(timer));
  });
}

test("a body that trickles to an attempt's own address is answered in 10 s and moves nothing", async () => {
  const phoneNumber = "254712000345";
  const wish = { amount: 20, orderReference: "slow", phoneNumber };
  const { id } = (await house.call("POST", "/v1/payments", wish)).body;
  await house.call("POST", `/v1/payments/${id}/prompt`, { phoneNumber });
  const [push] = daraja.pushes;
  if (push === undefined) throw new Error("nothing was pushed");
  const { status, tookMs } = await trickle(push);
  expect(status).toBe("HTTP/1.1 200 OK");
  expect(tookMs).toBeGreaterThanOrEqual(BODY_MS.least);
  expect(tookMs).toBeLessThan(BODY_MS.most);
  const now = (await house.call("GET", `/v1/payments/${id}`)).body;
  expect(now.status).toBe("pending");
}, 30_000);
