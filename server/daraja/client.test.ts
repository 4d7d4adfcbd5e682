import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Phone } from "../../shared/phone.ts";
import type { AttemptId } from "../core/payment.ts";
import type { Daraja, DarajaCall, Log, PullSource, PushOrder } from "../ports.ts";
import { createDaraja, type DarajaOptions } from "./client.ts";

const ORDER: PushOrder = {
  attemptId: "0123456789abcdef0123456789abcdef" as AttemptId,
  amount: 1250,
  phone: "254712345678" as Phone,
  accountReference: "ORDER1",
  description: "Two blue shirts",
  callbackUrl: "https://pay.example.co.ke/daraja/callbacks/0a/0b",
  waitedMs: 0,
};
const ACCEPTED = {
  MerchantRequestID: "c20c-4eb8-8161-40af4f84ee39148692",
  CheckoutRequestID: "ws_CO_05042025123030394100000123",
  ResponseCode: "0",
  ResponseDescription: "Success. Request accepted for processing",
  CustomerMessage: "Success. Request accepted for processing",
};
const TOKEN_REFUSED = {
  requestId: "1",
  errorCode: "404.001.03",
  errorMessage: "Invalid Access Token",
};

type Answer = (req: IncomingMessage, res: ServerResponse, body: string) => void;
interface World {
  baseUrl: string;
  requests: { path: string; authorization: string; body: string }[];
  count(part: string): number;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A Daraja on a free port: tokens "token-1", "token-2" …, and what the test wants of the rest. */
async function startDaraja(answer: Answer, oauth?: Answer): Promise<World> {
  const requests: World["requests"] = [];
  let tokens = 0;
  const server = createServer((req, res) => {
    let body = "";
    req.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    req.on("end", () => {
      const path = req.url ?? "";
      requests.push({ path, authorization: req.headers.authorization ?? "", body });
      if (!path.includes("/oauth/")) return answer(req, res, body);
      if (oauth !== undefined) return oauth(req, res, body);
      tokens += 1;
      return json(200, { access_token: `token-${tokens}`, expires_in: "3599" })(req, res, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const count = (part: string): number => requests.filter(({ path }) => path.includes(part)).length;
  return { baseUrl: `http://127.0.0.1:${port}`, requests, count };
}

/** A port where each connection meets `onSocket` and no HTTP at all. */
async function startSockets(onSocket: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>();
  const server = createSocketServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

function json(status: number, body: unknown): Answer {
  return (_req, res) => {
    res.writeHead(status, { "Content-Type": "application/json;charset=UTF-8" });
    res.end(JSON.stringify(body, null, 2));
  };
}

function page(status: number): Answer {
  return (_req, res) => {
    res.writeHead(status, { "Content-Type": "text/html" });
    res.end("<html><body>Request unsuccessful. Incapsula incident ID: 0-0</body></html>");
  };
}

const logged: string[] = [];
const log: Log = {
  info: (event, fields) => logged.push(JSON.stringify([event, fields])),
  warn: (event, fields) => logged.push(JSON.stringify([event, fields])),
  error: (event, fields) => logged.push(JSON.stringify([event, fields])),
};

const NOW = Date.UTC(2026, 0, 26, 22, 0, 0);

function client(baseUrl: string, more: Partial<DarajaOptions> = {}): Daraja & PullSource {
  return createDaraja({
    baseUrl,
    consumerKey: "consumer",
    consumerSecret: "hush",
    shortcode: "174379",
    passkey: "passkey",
    transactionType: "CustomerPayBillOnline",
    partyB: "174379",
    clock: { now: () => NOW },
    log,
    timeouts: { connectMs: 400, oauthMs: 400, pushMs: 400, queryMs: 400 },
    ...more,
  });
}

describe("a push", () => {
  it("sends what daraja.md §2 asks and reads the acceptance", async () => {
    const world = await startDaraja(json(200, ACCEPTED));
    expect(await client(world.baseUrl).push(ORDER)).toEqual({
      kind: "accepted",
      merchantRequestId: ACCEPTED.MerchantRequestID,
      checkoutRequestId: ACCEPTED.CheckoutRequestID,
      customerMessage: ACCEPTED.CustomerMessage,
    });
    const [oauth, push] = world.requests;
    expect(oauth?.path).toBe("/oauth/v1/generate?grant_type=client_credentials");
    expect(oauth?.authorization).toBe(`Basic ${btoa("consumer:hush")}`);
    expect(push?.path).toBe("/mpesa/stkpush/v1/processrequest");
    expect(push?.authorization).toBe("Bearer token-1");
    expect(JSON.parse(push?.body ?? "")).toEqual({
      BusinessShortCode: "174379",
      Password: btoa("174379passkey20260127010000"),
      Timestamp: "20260127010000",
      TransactionType: "CustomerPayBillOnline",
      Amount: 1250,
      PartyA: "254712345678",
      PartyB: "174379",
      PhoneNumber: "254712345678",
      CallBackURL: ORDER.callbackUrl,
      AccountReference: "ORDER1",
      TransactionDesc: "Two blue shir",
    });
  });

  it("tells what was said, without the password", async () => {
    const world = await startDaraja(json(200, ACCEPTED));
    const heard: DarajaCall[] = [];
    await client(world.baseUrl, { heard: (call) => heard.push(call) }).push(ORDER);
    expect(heard).toHaveLength(1);
    const { Password: _, ...sent } = JSON.parse(world.requests[1]?.body ?? "");
    expect(JSON.parse(heard[0]?.sent ?? "")).toEqual(sent);
    expect(heard[0]).toMatchObject({
      attemptId: ORDER.attemptId,
      call: "push",
      status: 200,
      fault: null,
    });
    expect(JSON.parse(heard[0]?.answer ?? "")).toEqual(ACCEPTED);
  });

  it("tells why no answer came", async () => {
    const world = await startDaraja((req) => void req.socket.destroy());
    const heard: DarajaCall[] = [];
    await client(world.baseUrl, { heard: (call) => heard.push(call) }).push(ORDER);
    expect(heard).toMatchObject([{ call: "push", status: null, answer: null }]);
    expect(heard[0]?.fault).toBeTruthy();
  });

  it("keeps a path prefix of the base address", async () => {
    const world = await startDaraja(json(200, ACCEPTED));
    await client(`${world.baseUrl}/simulator/`).push(ORDER);
    expect(world.requests.map(({ path }) => path)).toEqual([
      "/simulator/oauth/v1/generate?grant_type=client_credentials",
      "/simulator/mpesa/stkpush/v1/processrequest",
    ]);
  });

  it.each<[string, Answer]>([
    ["an HTML page", page(403)],
    ["a redirect, which it does not follow", redirect],
    ["a busy system", json(500, { errorCode: "500.003.02", errorMessage: "System is busy." })],
    ["an answer too large to be Daraja's", (_req, res) => void res.end("x".repeat(70_000))],
    ["an answer that drips past the deadline", drip],
    ["no answer at all", () => undefined],
    ["a reset once the request has left", (req) => void req.socket.destroy()],
    ["an answer cut off in the middle", cutOff],
  ])("is unknown after %s, and is sent once", async (_name, answer) => {
    const world = await startDaraja(answer);
    expect(await client(world.baseUrl).push(ORDER)).toMatchObject({ kind: "unknown" });
    expect(world.count("stkpush")).toBe(1);
  });

  it("is surely not sent where nobody listens", async () => {
    const world = await startDaraja(json(200, ACCEPTED));
    const daraja = client(world.baseUrl);
    expect(await daraja.ready()).toEqual({ ok: true });
    for (const close of closers.splice(0)) await close();
    expect(await daraja.push(ORDER)).toMatchObject({ kind: "not_sent", cause: "network" });
  });

  it("is surely not sent when TLS fails or never finishes", async () => {
    const babble = await startSockets((socket) => void socket.end("HTTP/1.1 400 Bad\r\n\r\n"));
    const silent = await startSockets(() => undefined);
    for (const port of [babble, silent]) {
      const answer = await client(`https://127.0.0.1:${port}`).push(ORDER);
      expect(answer).toMatchObject({ kind: "not_sent", cause: "network" });
    }
  });

  it("is surely not sent when its host has no address", async () => {
    const answer = await client("http://nowhere.invalid").push(ORDER);
    expect(answer).toMatchObject({ kind: "not_sent", cause: "network" });
  });

  it.each<[string, Partial<PushOrder>]>([
    ["a fraction", { amount: 10.5 }],
    ["nothing", { amount: 0 }],
    ["a local phone number", { phone: "0712345678" as Phone }],
    ["a long account reference", { accountReference: "ORDER00000013" }],
    ["a callback address with spaces", { callbackUrl: "https://pay.example.co.ke/a b" }],
    ["a callback address that is none", { callbackUrl: "pay.example.co.ke" }],
    ["a callback address with brackets", { callbackUrl: "https://<host>/callbacks" }],
  ])("never leaves with %s", async (_name, fault) => {
    const world = await startDaraja(json(200, ACCEPTED));
    const answer = await client(world.baseUrl).push({ ...ORDER, ...fault });
    expect(answer).toMatchObject({ kind: "not_sent", cause: "invalid" });
    expect(world.requests).toEqual([]);
  });

  it("takes a plain-http callback address towards loopback only", async () => {
    const order = { ...ORDER, callbackUrl: "http://127.0.0.1:4100/daraja/callbacks/0a/0b" };
    const world = await startDaraja(json(200, ACCEPTED));
    expect(await client(world.baseUrl).push(order)).toMatchObject({ kind: "accepted" });
    expect(await client("https://daraja.invalid").push(order)).toMatchObject({ cause: "invalid" });
  });

  it("reads an answer that ends with its connection", async () => {
    const world = await startDaraja((_req, res) => {
      res.removeHeader("Content-Length");
      res.shouldKeepAlive = false;
      res.useChunkedEncodingByDefault = false;
      res.write(JSON.stringify(ACCEPTED));
      setTimeout(() => res.end(), 20);
    });
    expect(await client(world.baseUrl).push(ORDER)).toMatchObject({ kind: "accepted" });
  });

  it("logs no phone number, token, secret or callback address", async () => {
    logged.length = 0;
    const world = await startDaraja(json(404, TOKEN_REFUSED));
    await client(world.baseUrl).push(ORDER);
    expect(logged).not.toEqual([]);
    expect(logged.join()).not.toMatch(/254712345678|token-\d|hush|passkey|callbacks/);
  });
});

describe("what the customer has waited", () => {
  it("is taken from the push's time, also in parts of a millisecond, but for a quarter of it", async () => {
    const world = await startDaraja(json(200, ACCEPTED));
    const accepted = { kind: "accepted" };
    expect(await client(world.baseUrl).push({ ...ORDER, waitedMs: 3.2173 })).toMatchObject(
      accepted,
    );
    const silent = await startDaraja(() => undefined);
    const startedAt = performance.now();
    const late = { ...ORDER, waitedMs: 60_000.5 };
    const timeouts = { pushMs: 6_000 };
    const answer = await client(silent.baseUrl, { timeouts }).push(late);
    expect(answer.kind).toBe("unknown");
    expect(performance.now() - startedAt).toBeGreaterThan(1_400);
    expect(performance.now() - startedAt).toBeLessThan(5_500);
  });
});

describe("a rate that was refused", () => {
  it("lets the next prompts rest before they leave, and is over soon", async () => {
    const world = await startDaraja(json(429, {}));
    let now = NOW;
    const daraja = client(world.baseUrl, { clock: { now: () => now } });
    expect(await daraja.ready()).toEqual({ ok: true });
    expect(await daraja.push(ORDER)).toMatchObject({ kind: "not_sent", cause: "rate_limited" });
    expect(await daraja.ready()).toMatchObject({ ok: false, cause: "rate_limited" });
    now += 1_000;
    expect(await daraja.ready()).toEqual({ ok: true });
  });
});

describe("the token", () => {
  it("is renewed once when Daraja refuses it, inside the same attempt", async () => {
    const world = await startDaraja((req, res, body) => {
      const stale = req.headers.authorization === "Bearer token-1";
      (stale ? json(404, TOKEN_REFUSED) : json(200, ACCEPTED))(req, res, body);
    });
    expect(await client(world.baseUrl).push(ORDER)).toMatchObject({ kind: "accepted" });
    expect(world.count("stkpush")).toBe(2);
    expect(world.count("oauth")).toBe(2);
  });

  it("is not renewed a second time", async () => {
    const world = await startDaraja(json(404, TOKEN_REFUSED));
    expect(await client(world.baseUrl).push(ORDER)).toEqual({
      kind: "not_sent",
      cause: "token",
      description: "Invalid Access Token",
    });
    expect(world.count("stkpush")).toBe(2);
  });

  it("is fetched once for calls of the same moment, and once for their refusals", async () => {
    const world = await startDaraja((req, res, body) => {
      const stale = req.headers.authorization === "Bearer token-1";
      (stale ? json(404, TOKEN_REFUSED) : json(200, ACCEPTED))(req, res, body);
    });
    const daraja = client(world.baseUrl);
    await Promise.all([daraja.ready(), daraja.ready(), daraja.ready()]);
    expect(world.count("oauth")).toBe(1);
    await Promise.all([daraja.push(ORDER), daraja.push(ORDER), daraja.push(ORDER)]);
    expect(world.count("oauth")).toBe(2);
  });

  it("is renewed 60 s before its end and no earlier", async () => {
    let now = Date.UTC(2026, 0, 1);
    const world = await startDaraja(json(200, ACCEPTED));
    const daraja = client(world.baseUrl, { clock: { now: () => now } });
    await daraja.ready();
    now += (3_599 - 60) * 1_000 - 1;
    await daraja.ready();
    expect(world.count("oauth")).toBe(1);
    now += 1;
    await daraja.ready();
    expect(world.count("oauth")).toBe(2);
  });

  it.each<["network" | "token", string, Answer]>([
    [
      "token",
      "credentials refused with an empty body",
      (_req, res) => void res.writeHead(400).end(),
    ],
    ["network", "the web firewall", page(403)],
    ["network", "silence", () => undefined],
  ])("is missing (%s) after %s, and nothing is pushed", async (cause, _name, oauth) => {
    const world = await startDaraja(json(200, ACCEPTED), oauth);
    const daraja = client(world.baseUrl);
    expect(await daraja.ready()).toMatchObject({ ok: false, cause });
    expect(await daraja.push(ORDER)).toMatchObject({ kind: "not_sent", cause });
    expect(world.count("stkpush")).toBe(0);
  });

  it("that comes too late for a push leaves the push unsent in time", async () => {
    const world = await startDaraja(json(200, ACCEPTED), () => undefined);
    const timeouts = { oauthMs: 5_000, pushMs: 100 };
    const startedAt = performance.now();
    const answer = await client(world.baseUrl, { timeouts }).push(ORDER);
    expect(answer).toMatchObject({ kind: "not_sent", cause: "network" });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe("a query", () => {
  const ID = ACCEPTED.CheckoutRequestID;
  const paid = { ResponseCode: "0", CheckoutRequestID: ID, ResultCode: "0", ResultDesc: "ok" };

  it("asks by id and reads the verdict", async () => {
    const world = await startDaraja(json(200, paid));
    expect(await client(world.baseUrl).query(ID, "a1" as AttemptId)).toEqual({ kind: "success" });
    expect(JSON.parse(world.requests[1]?.body ?? "")).toEqual({
      BusinessShortCode: "174379",
      Password: btoa("174379passkey20260127010000"),
      Timestamp: "20260127010000",
      CheckoutRequestID: ID,
    });
  });

  it.each<[string, Answer]>([
    ["an HTML page", page(403)],
    ["silence", () => undefined],
    ["a reset", (req) => void req.socket.destroy()],
    ["a missing token", json(404, TOKEN_REFUSED)],
  ])("tells nothing after %s", async (_name, answer) => {
    const world = await startDaraja(answer);
    const look = await client(world.baseUrl).query(ID, "a1" as AttemptId);
    expect(look).toMatchObject({ kind: "silent", cause: "unreachable" });
  });

  it("follows no redirect to somebody who says paid", async () => {
    const liar = await startDaraja(json(200, paid));
    const world = await startDaraja((_req, res) => {
      res.writeHead(307, { Location: `${liar.baseUrl}/mpesa/stkpushquery/v1/query` }).end();
    });
    expect((await client(world.baseUrl).query(ID, "a1" as AttemptId)).kind).toBe("silent");
    expect(liar.requests).toEqual([]);
  });
});

function redirect(_req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(302, { Location: "/mpesa/stkpush/v1/processrequest" }).end();
}

/** One byte every 20 ms: never silent for long, never done. */
function drip(_req: IncomingMessage, res: ServerResponse): void {
  const text = JSON.stringify(ACCEPTED);
  let at = 0;
  const timer = setInterval(() => {
    res.write(text.charAt(at));
    at += 1;
  }, 20);
  res.on("close", () => clearInterval(timer));
}

function cutOff(_req: IncomingMessage, res: ServerResponse): void {
  const text = JSON.stringify(ACCEPTED);
  res.writeHead(200, { "Content-Length": text.length });
  res.write(text.slice(0, 40), () => res.socket?.destroy());
}

describe("a pull", () => {
  const NOTHING = { ResponseRefID: "1", ResponseCode: "1001", ResponseMessage: "No records" };
  const MINUTE = 60_000;
  const at = (date: Date | null): Answer => {
    return (req, res, body) => {
      if (date === null) res.sendDate = false;
      else res.setHeader("Date", date.toUTCString());
      return json(200, NOTHING)(req, res, body);
    };
  };

  it.each([
    ["agree", new Date(NOW), true],
    ["differ by a minute", new Date(NOW - MINUTE), true],
    ["differ by ten minutes", new Date(NOW + 10 * MINUTE), false],
    ["cannot be compared", null, false],
  ])("is whole only where the clocks agree: they %s", async (_, date, whole) => {
    const { baseUrl } = await startDaraja(at(date));
    expect(await client(baseUrl).pull(NOW - MINUTE, NOW, 0)).toEqual({
      kind: "page",
      rows: 0,
      lines: [],
      whole,
    });
  });

  const row = (number: number) => ({
    transactionId: `TKN${String(number).padStart(7, "0")}`,
    trxDate: "2026-01-26T21:59:00Z",
    msisdn: "25472****123",
    billreference: "ORDER12345",
    amount: "168.00",
    organizationname: "Shop",
  });
  const FOUND = { ResponseRefID: "1", ResponseCode: "1000", ResponseMessage: "Success" };
  const pageOf = (rows: number): Answer =>
    json(200, { ...FOUND, Response: [Array.from({ length: rows }, (_, each) => row(each))] });

  it("reads a page of a megabyte, and none of more than eight", async () => {
    const { baseUrl, requests } = await startDaraja(pageOf(4_000));
    const patient = { connectMs: 400, oauthMs: 400, pushMs: 400, queryMs: 10_000 };
    const options = { timeouts: patient, clocks: "one" } as const;
    const answer = await client(baseUrl, options).pull(NOW - MINUTE, NOW, 50);
    expect(answer).toMatchObject({ kind: "page", rows: 4_000, whole: true });
    expect(answer.kind === "page" && answer.lines).toHaveLength(4_000);
    expect(JSON.parse(requests.at(-1)?.body ?? "")).toMatchObject({ OffSetValue: "50" });
    const heavy = await startDaraja((_req, res) => res.end(" ".repeat(9 * 1_048_576)));
    expect(await client(heavy.baseUrl, options).pull(NOW - MINUTE, NOW, 0)).toMatchObject({
      kind: "silent",
      description: "the answer was too large",
    });
  });
});
