import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { io, Manager } from "socket.io-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DASHBOARD_NAMESPACE, SOCKET_PATH } from "../../shared/push-events.ts";
import { eventually, fastClock } from "../app.test-support.ts";
import type { MerchantId, PaymentId, UserId } from "../core/payment.ts";
import { createTokens } from "../tokens.ts";
import { createSocketPush, type SocketPush } from "./socket.ts";

const PAYMENT = `pay_${"0".repeat(32)}` as PaymentId;
const MERCHANT = "mer_test" as MerchantId;
const OWN = "http://shop.test";
const tokens = createTokens(Buffer.alloc(32, 1));

const http = createServer();

const ASHA = { userId: "usr_asha" as UserId, idHash: "hash" };
let living = true;
let push: SocketPush;
let origin = "";

beforeAll(async () => {
  push = createSocketPush({
    http,
    tokens,
    isOwnOrigin: (theirs) => theirs === OWN,
    networkOf: () => "one",
    clock: fastClock(60),
    sessionLives: async () => living,
    session: async (cookie) => (cookie === "lipia=good" ? ASHA : null),
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await push.close();
  await new Promise((resolve) => http.close(resolve));
});

/** Connects; once in, the payment is nudged and the first nudge is the answer. */
function firstNudge(
  namespace: string,
  headers: Record<string, string>,
  auth: Record<string, string> = {},
): Promise<unknown> {
  const socket = io(origin + namespace, {
    path: SOCKET_PATH,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    extraHeaders: headers,
    auth,
  });
  return new Promise((resolve) => {
    socket.once("connect_error", (error) => resolve(error.message));
    socket.once("payment", resolve);
    socket.once("connect", () => push.nudge({ id: PAYMENT, merchantId: MERCHANT, version: 2 }));
  }).finally(() => socket.disconnect());
}

const nudge = { id: PAYMENT, version: 2 };

test("a signed-in person on our own page hears of every payment of the merchant", async () => {
  const headers = { Origin: OWN, Cookie: "lipia=good" };
  expect(await firstNudge(DASHBOARD_NAMESPACE, headers)).toEqual(nudge);
});

test.each([
  ["without a session", { Origin: OWN, Cookie: "lipia=bad" }],
  ["from a foreign page", { Origin: "http://evil.test", Cookie: "lipia=good" }],
])("the dashboard's nudges are refused %s", async (_why, headers) => {
  expect(await firstNudge(DASHBOARD_NAMESPACE, headers)).toBe("unauthorised");
});

test("a checkout token hears of its payment", async () => {
  const auth = { checkoutToken: tokens.checkoutToken(PAYMENT) };
  expect(await firstNudge("/", { Origin: OWN }, auth)).toEqual(nudge);
});

test.each([
  ["from a foreign page", "http://evil.test", tokens.checkoutToken(PAYMENT)],
  ["with a forged token", OWN, `${tokens.checkoutToken(PAYMENT).slice(0, -2)}AA`],
])("a checkout's nudges are refused %s", async (_why, from, checkoutToken) => {
  expect(await firstNudge("/", { Origin: from }, { checkoutToken })).toBe("unauthorised");
});

const connected = (namespace: string, headers: Record<string, string>) => {
  const socket = io(origin + namespace, {
    path: SOCKET_PATH,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    extraHeaders: headers,
  });
  return new Promise<typeof socket>((resolve) => socket.once("connect", () => resolve(socket)));
};

test("a session that runs out is cut off, though nobody signed out", async () => {
  const socket = await connected(DASHBOARD_NAMESPACE, { Origin: OWN, Cookie: "lipia=good" });
  living = false;
  try {
    await new Promise((resolve) => socket.once("disconnect", resolve));
  } finally {
    living = true;
  }
  expect(socket.connected).toBe(false);
});

const UPGRADE = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": Buffer.alloc(16).toString("base64"),
};

/** A connection that never says who it is. */
function silent(): Promise<{ state: "open" | "refused"; close(): void }> {
  return new Promise((resolve) => {
    const upgrade = request(`${origin}${SOCKET_PATH}/?EIO=4&transport=websocket`, {
      headers: UPGRADE,
    });
    const refused = () => resolve({ state: "refused", close: () => undefined });
    upgrade.on("upgrade", (_res, socket) =>
      resolve({ state: "open", close: () => socket.destroy() }),
    );
    upgrade.on("response", refused);
    upgrade.on("error", refused);
    upgrade.end();
  });
}

test("a flood of handshakes that say nothing is refused beyond a number, and makes room", async () => {
  const flood = await Promise.all(Array.from({ length: 200 }, silent));
  expect(new Set(flood.map(({ state }) => state))).toEqual(new Set(["open"]));
  expect((await silent()).state).toBe("refused");
  for (const one of flood) one.close();
  const auth = { checkoutToken: tokens.checkoutToken(PAYMENT) };
  await eventually(
    () => firstNudge("/", { Origin: OWN }, auth),
    (told) => typeof told === "object",
  );
});

/** A connection that writes its packets by hand; what it hears is gathered. */
async function byHand() {
  const manager = new Manager(origin, {
    path: SOCKET_PATH,
    transports: ["websocket"],
    reconnection: false,
    autoConnect: false,
  });
  const heard: { readonly data?: { readonly message?: string } }[] = [];
  manager.on("packet", (packet) => heard.push(packet));
  await new Promise<void>((resolve, reject) => {
    manager.open((error) => (error === undefined ? resolve() : reject(error)));
  });
  return {
    heard,
    write: (text: string) => manager.engine.send(text),
    close: () => manager.engine.close(),
  };
}
/** Socket.IO's packet that joins. */
const opening = (id: PaymentId) =>
  `0${JSON.stringify({ checkoutToken: tokens.checkoutToken(id) })}`;

/** A message as a browser frames it: short, and masked with zeros. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

test("a connection joins once, however often it asks in one breath", async () => {
  const upgrade = request(`${origin}${SOCKET_PATH}/?EIO=4&transport=websocket`, {
    headers: UPGRADE,
  }).end();
  const line = await new Promise<Duplex>((resolve) =>
    upgrade.on("upgrade", (_res, socket) => resolve(socket)),
  );
  let heard = "";
  line.on("data", (chunk: Buffer) => {
    heard += chunk.toString("latin1");
  });
  const answers = (start: string) => heard.split(start).length - 1;
  // Socket.IO itself refuses whoever asks again later; these all come before it has answered.
  line.write(Buffer.concat(Array.from({ length: 99 }, () => frame(`4${opening(PAYMENT)}`))));
  await eventually(
    async () => answers("44{"),
    (refused) => refused === 98,
  );
  push.nudge({ id: PAYMENT, merchantId: MERCHANT, version: 2 });
  await eventually(
    async () => answers("42["),
    (nudges) => nudges > 0,
  );
  line.destroy();
  expect([answers("40{"), answers("42[")]).toEqual([1, 1]);
});

/** So many connections that ask to hear of one payment, and how many of them may. */
async function crowd(size: number, id: PaymentId) {
  const all = await Promise.all(Array.from({ length: size }, byHand));
  for (const one of all) one.write(opening(id));
  const heard = await eventually(
    async () => all.flatMap((one) => one.heard),
    (packets) => packets.length === size,
  );
  const refused = heard.filter(({ data }) => data?.message === "no seat").length;
  return {
    joined: size - refused,
    leave: () => {
      for (const one of all) one.close();
    },
  };
}

test("a payment has fifty seats, which are given back", async () => {
  const first = await crowd(52, PAYMENT);
  expect(first.joined).toBe(50);
  const other = await crowd(1, `pay_${"1".repeat(32)}` as PaymentId);
  expect(other.joined).toBe(1);
  first.leave();
  other.leave();
  const auth = { checkoutToken: tokens.checkoutToken(PAYMENT) };
  await eventually(
    () => firstNudge("/", { Origin: OWN }, auth),
    (told) => typeof told === "object",
  );
});
