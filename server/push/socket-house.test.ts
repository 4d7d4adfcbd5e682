/** Sockets of the whole server: who hears what, and what cuts them (contract §8). */
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { DASHBOARD_NAMESPACE, SOCKET_PATH } from "../../shared/push-events.ts";
import { eventually, type TestHouse, testHouse } from "../app.test-support.ts";

let house: TestHouse;
let own: string;
beforeAll(async () => {
  house = await testHouse();
  own = `http://localhost:${house.app.port}`;
});
afterAll(() => house[Symbol.asyncDispose]());

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

interface Watch {
  readonly socket: Socket;
  /** Every event that came, with its arguments. */
  readonly heard: unknown[][];
  readonly state: () => string;
}

function watch(namespace: string, options: Partial<ManagerOptions & SocketOptions>): Watch {
  const socket = io(house.origin + namespace, {
    path: SOCKET_PATH,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    ...options,
  });
  return follow(socket);
}

function follow(socket: Socket): Watch {
  sockets.push(socket);
  const heard: unknown[][] = [];
  let state = "connecting";
  socket.on("connect", () => (state = "connected"));
  socket.on("connect_error", (error) => (state = error.message));
  socket.on("disconnect", (reason) => (state = reason));
  socket.onAny((...all) => heard.push(all));
  return { socket, heard, state: () => state };
}

const reaches = ({ state }: Watch, wanted: string) =>
  eventually(
    async () => state(),
    (now) => now === wanted,
    3_000,
  );
const refused = async (watched: Watch) => {
  await eventually(
    async () => watched.state(),
    (now) => now !== "connecting",
    3_000,
  );
  return watched.state();
};

let orders = 0;
async function opened() {
  orders += 1;
  const wish = { amount: 20, orderReference: `socket-${orders}` };
  return (await house.call("POST", "/v1/payments", wish)).body;
}
const checkout = (checkoutToken: unknown, Origin?: string) =>
  watch("/", {
    auth: { checkoutToken },
    ...(Origin === undefined ? {} : { extraHeaders: { Origin } }),
  });

async function signIn(): Promise<string> {
  const credentials = { email: "owner@shop.co.ke", password: "a long enough password" };
  const reply = await house.call("POST", "/dashboard/api/sign-in", credentials, { Origin: own });
  return String(reply.headers.get("set-cookie")).split(";", 1)[0] ?? "";
}
const dashboard = (headers: Record<string, string>) =>
  watch(DASHBOARD_NAMESPACE, { extraHeaders: headers });

test("a checkout hears of its own payment only, and nothing but id and version", async () => {
  const [mine, other] = [await opened(), await opened()];
  const watched = checkout(mine.checkoutToken);
  await reaches(watched, "connected");
  await house.call("POST", `/v1/payments/${other.id}/cancel`);
  await house.call("POST", `/v1/payments/${mine.id}/cancel`);
  await eventually(
    async () => watched.heard,
    (heard) => heard.length > 0,
  );
  expect(watched.heard).toEqual([["payment", { id: mine.id, version: 2 }]]);
});

test("what is told is committed already: the version can be read", async () => {
  const { id, checkoutToken } = await opened();
  const watched = checkout(checkoutToken);
  await reaches(watched, "connected");
  await house.call("POST", `/v1/payments/${id}/prompt`, { phoneNumber: "0700050002" });
  await eventually(
    async () => (await house.call("GET", `/v1/payments/${id}`)).body,
    ({ status }) => status === "cancelled",
  );
  const { version } = (await house.call("GET", `/v1/payments/${id}`)).body;
  await eventually(
    async () => watched.heard.length,
    (times) => times === version - 1,
  );
  const versions = watched.heard.map(([, nudge]) => (nudge as { version: number }).version);
  expect(versions).toEqual(Array.from({ length: version - 1 }, (_, index) => index + 2));
});

test("whatever is no token opens nothing", async () => {
  for (const token of [undefined, null, "", 5, {}, ["ct_"], "ct_x", { toString: "ct_" }]) {
    expect(await refused(checkout(token))).toBe("unauthorised");
  }
});

test("a page of another origin may not use a token it found", async () => {
  const { checkoutToken } = await opened();
  expect(await refused(checkout(checkoutToken, "https://evil.example"))).toBe("unauthorised");
  expect(await refused(checkout(checkoutToken, "null"))).toBe("unauthorised");
  await reaches(checkout(checkoutToken, own), "connected");
  await reaches(checkout(checkoutToken, house.origin), "connected");
});

test("the dashboard needs the cookie and the exact Origin, both", async () => {
  const Cookie = await signIn();
  const bad: Record<string, string>[] = [
    { Cookie },
    { Origin: own },
    { Cookie: `${Cookie}x`, Origin: own },
    { Cookie, Origin: "https://evil.example" },
    { Cookie, Origin: `${own}.evil.example` },
    { Cookie, Origin: `http://localhost:${house.app.port + 1}` },
    { Cookie, Origin: own.replace("http:", "https:") },
    { Cookie, Origin: `${own}/` },
    { Cookie: `${Cookie}; ${Cookie}`, Origin: own },
  ];
  for (const headers of bad) expect(await refused(dashboard(headers))).toBe("unauthorised");
  await reaches(dashboard({ Cookie, Origin: own }), "connected");
});

test("a dashboard hears of every payment, until its session ends", async () => {
  const Cookie = await signIn();
  const stays = await signIn();
  const [mine, other] = [
    dashboard({ Cookie, Origin: own }),
    dashboard({ Cookie: stays, Origin: own }),
  ];
  await Promise.all([reaches(mine, "connected"), reaches(other, "connected")]);
  const { id } = await opened();
  await eventually(
    async () => mine.heard,
    (heard) => heard.length > 0,
  );
  expect(mine.heard).toEqual([["payment", { id, version: 1 }]]);
  await house.call("POST", "/dashboard/api/sign-out", {}, { Cookie, Origin: own });
  await eventually(
    async () => mine.socket.connected,
    (connected) => !connected,
  );
  expect(other.socket.connected).toBe(true);
  expect(await refused(dashboard({ Cookie, Origin: own }))).toBe("unauthorised");
});

test("a checkout's connection does not become a dashboard's", async () => {
  const { checkoutToken } = await opened();
  const watched = checkout(checkoutToken, own);
  await reaches(watched, "connected");
  const second = follow(watched.socket.io.socket(DASHBOARD_NAMESPACE).connect());
  expect(await refused(second)).not.toBe("connected");
  expect((await house.call("GET", "/healthz")).status).toBe(200);
});

test("a socket may join its payment a second time, and another one not by the way", async () => {
  const [mine, other] = [await opened(), await opened()];
  const watched = checkout(mine.checkoutToken);
  await reaches(watched, "connected");
  watched.socket.emit("join", `payment ${other.id}`);
  watched.socket.emit("payment", { id: other.id, version: 9 });
  const again = follow(watched.socket.io.socket("/nowhere").connect());
  expect(await refused(again)).toMatch(/Invalid namespace/);
  await house.call("POST", `/v1/payments/${other.id}/cancel`);
  await house.call("POST", `/v1/payments/${mine.id}/cancel`);
  await eventually(
    async () => watched.heard,
    (heard) => heard.length > 0,
  );
  expect(watched.heard).toEqual([["payment", { id: mine.id, version: 2 }]]);
});

test("more than 8 KB in one message ends the connection", async () => {
  const { checkoutToken } = await opened();
  const watched = checkout(checkoutToken);
  await reaches(watched, "connected");
  watched.socket.emit("anything", "x".repeat(9_000));
  await eventually(
    async () => watched.socket.connected,
    (connected) => !connected,
  );
});

test("polling is refused", async () => {
  const reply = await house.call("GET", `${SOCKET_PATH}/?EIO=4&transport=polling`);
  expect(reply.status).toBe(400);
  const { checkoutToken } = await opened();
  const watched = watch("/", { transports: ["polling"], auth: { checkoutToken } });
  expect(await refused(watched)).not.toBe("connected");
});
