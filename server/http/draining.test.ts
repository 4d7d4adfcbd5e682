/** Stopping under load, over real connections: what has arrived is answered, nothing else is waited for. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Draining, draining } from "./draining.ts";

let server: Server;
let connections: Draining;
let port: number;
let arrived = 0;
beforeEach(async () => {
  arrived = 0;
  server = createServer(async (req, res) => {
    arrived += 1;
    const body = await text(req);
    await delay(req.url === "/slow" ? 300 : 0);
    res.end(`read ${body}`);
  });
  connections = draining(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
});

async function dial(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}
const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

test("a request under way is answered to its end, and told that it is the last", async () => {
  const socket = await dial();
  socket.write(post("/slow", "one"));
  await expect.poll(() => arrived).toBe(1);
  const [answer] = await Promise.all([text(socket), connections.stop(5_000)]);
  expect(answer).toContain("Connection: close");
  expect(answer).toMatch(/read one$/);
});

test("a body that is still arriving is read and answered", async () => {
  const socket = await dial();
  const whole = post("/", "halves");
  socket.write(whole.slice(0, -3));
  await expect.poll(() => arrived).toBe(1);
  const stopped = connections.stop(5_000);
  await delay(500);
  socket.write(whole.slice(-3));
  expect(await text(socket)).toMatch(/read halves$/);
  await stopped;
});

test("a connection that was taken before is served after; nobody new gets in", async () => {
  const [kept, fresh] = [await dial(), await dial()];
  kept.write(post("/", "first"));
  await once(kept, "data");
  const stopped = connections.stop(5_000);
  await expect.poll(() => server.listening).toBe(false);
  await expect(dial()).rejects.toThrow("ECONNREFUSED");
  kept.write(post("/", "second"));
  fresh.write(post("/", "third"));
  expect(await text(kept)).toMatch(/Connection: close[\s\S]*read second$/);
  expect(await text(fresh)).toMatch(/Connection: close[\s\S]*read third$/);
  await stopped;
});

test("silent connections do not hold it up, and nothing does beyond its patience", async () => {
  await dial();
  const startedAt = performance.now();
  await connections.stop(5_000);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test("half a request that never ends is cut when patience ends", async () => {
  const socket = await dial();
  socket.on("error", () => undefined);
  socket.write("POST / HTTP/1.1\r\nHost:");
  await expect.poll(() => server.listening).toBe(true);
  await delay(50);
  const startedAt = performance.now();
  await connections.stop(600);
  expect(performance.now() - startedAt).toBeGreaterThan(500);
});
