/** What anybody can try against the HTTP surface without a key (issue "Security of the surface"). */
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Reply, type TestHouse, testHouse } from "../app.test-support.ts";
import { readConfig } from "../config.ts";
import type { MerchantId } from "../core/payment.ts";
import { createSeal } from "../db/seal.ts";
import { createKeys } from "../flows/create-keys.ts";
import { systemIds } from "../ids.ts";
import { darajaEnv, type LocalDaraja, localDaraja } from "../local-daraja.test-support.ts";
import { createHttpServer } from "./server.ts";

let daraja: LocalDaraja;
let house: TestHouse;
let own: string;
beforeAll(async () => {
  daraja = await localDaraja();
  house = await testHouse();
  own = `http://localhost:${house.app.port}`;
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await daraja[Symbol.asyncDispose]();
});

let count = 0;
const wish = (extra: object = {}) => ({ amount: 20, orderReference: `s-${++count}`, ...extra });
const opened = async (extra: object = {}) =>
  (await house.call("POST", "/v1/payments", wish(extra))).body;

/** Sends bytes as they are; resolves with everything that came back when the server hangs up. */
function raw(bytes: string, port = house.app.port): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(heard));
  });
}
const lines = (...all: string[]) => `${all.join("\r\n")}\r\n\r\n`;
const HEAD = ["Host: localhost", "Connection: close"] as const;

describe("every page", () => {
  const PAGES = ["/", "/demo", "/dashboard", "/handset", "/pay/x", "/nothing", "/v1/nothing"];

  test.each(PAGES)(
    "%s has a policy without unsafe-* and no other site may frame it",
    async (path) => {
      const { headers } = await house.call("GET", path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|script-src[^;]*(?:data:|http|\*)/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      if (path.startsWith("/pay/")) return;
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get("x-frame-options")).toBe("DENY");
    },
  );

  test.each(PAGES)("%s holds no inline script, style or handler", async (path) => {
    const { body } = await house.call("GET", path);
    expect(String(body)).not.toMatch(/<script(?![^>]*(?: src=|type="application\/json"))/);
    expect(String(body)).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
  });
});

describe("another site's page", () => {
  const Origin = "https://evil.example";
  const PATHS = [
    ["GET", "/v1/payments"],
    ["POST", "/v1/payments"],
    ["OPTIONS", "/v1/payments"],
    ["GET", "/checkout/v1/payment"],
    ["OPTIONS", "/checkout/v1/prompt"],
    ["POST", "/api/mpesa/stk-push"],
    ["OPTIONS", "/api/mpesa/stk-push"],
    ["GET", "/dashboard/api/session"],
    ["OPTIONS", "/dashboard/api/sign-in"],
    ["GET", "/dashboard"],
    ["GET", "/pay/x"],
    ["GET", "/healthz"],
    ["POST", "/api/mpesa/callback"],
    ["GET", "/nothing"],
  ] as const;

  test.each(PATHS)("may not read %s %s, nor is it told that it may ask", async (method, path) => {
    const { headers } = await house.call(method, path, undefined, {
      Origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization,content-type",
    });
    const told = [...headers.keys()].filter((name) => name.startsWith("access-control-"));
    expect(told).toEqual([]);
  });

  test("may load the loader and nothing else", async () => {
    const loader = await house.call("GET", "/lipia.js", undefined, { Origin });
    expect(loader.headers.get("access-control-allow-origin")).toBe("*");
    expect(loader.headers.get("access-control-allow-credentials")).toBeNull();
  });

  test.each(["sign-in", "sign-out", "set-up"])(
    "may not post to the dashboard's %s",
    async (door) => {
      const post = (headers: Record<string, string>) =>
        house.call("POST", `/dashboard/api/${door}`, {}, headers);
      const foreign: Record<string, string>[] = [
        { Origin },
        { Origin: "null" },
        { "Sec-Fetch-Site": "cross-site" },
        {},
      ];
      for (const headers of foreign) expect((await post(headers)).status).toBe(403);
      const form = { Origin: own, "Content-Type": "text/plain" };
      expect((await post(form)).status).toBe(415);
    },
  );

  test("may not prompt with a token it stole, while our own page may", async () => {
    const { checkoutToken } = await opened();
    const prompt = (headers: Record<string, string>) =>
      house.call(
        "POST",
        "/checkout/v1/prompt",
        { phoneNumber: "0700000002" },
        { Authorization: `Bearer ${checkoutToken}`, ...headers },
      );
    for (const foreign of [Origin, "null", `${own}.evil.example`]) {
      const { status, body } = await prompt({ Origin: foreign });
      expect([status, body.error.code]).toEqual([403, "cross_site"]);
    }
    expect((await prompt({ Origin: own })).status).toBe(200);
  });
});

describe("a request that is not one", () => {
  test("with two lengths, or a length and chunks, is refused and nothing behind it is read", async () => {
    const smuggled = lines("GET /healthz HTTP/1.1", ...HEAD);
    for (const framing of [
      ["Content-Length: 5", "Transfer-Encoding: chunked"],
      ["Content-Length: 5", "Content-Length: 6"],
      ["Transfer-Encoding: chunked, identity"],
      ["Transfer-Encoding : chunked"],
      ["Content-Length: +5"],
    ]) {
      for (const path of ["/v1/payments", "/api/mpesa/callback"]) {
        const head = lines(`POST ${path} HTTP/1.1`, "Host: localhost", ...framing);
        const answer = await raw(`${head}0\r\n\r\n${smuggled}`);
        expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 400"]);
      }
    }
  });

  test("with too large or broken headers is refused", async () => {
    const large = lines("GET /healthz HTTP/1.1", ...HEAD, `X: ${"x".repeat(20_000)}`);
    expect(await raw(large)).toMatch(/^HTTP\/1\.1 431/);
    const many = Array.from({ length: 5_000 }, (_, index) => `X${index}: 1`);
    expect(await raw(lines("GET /healthz HTTP/1.1", ...HEAD, ...many))).toMatch(/^HTTP\/1\.1 431/);
    for (const broken of ["Bad Header: 1", "X: a\0b", "X: a\rY: b"]) {
      expect(await raw(lines("GET /healthz HTTP/1.1", ...HEAD, broken))).toMatch(/^HTTP\/1\.1 400/);
    }
    expect(await raw(lines("GET /healthz HTTP/1.1"))).toMatch(/^HTTP\/1\.1 400/);
  });

  test.each(["TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "PROPFIND"])(
    "%s changes nothing and is not echoed",
    async (method) => {
      const answer = await raw(lines(`${method} /v1/payments HTTP/1.1`, ...HEAD, "X-Secret: echo"));
      expect(answer).not.toMatch(/^HTTP\/1\.1 [25]|X-Secret: echo/i);
    },
  );

  test.each([
    "/assets/../../package.json",
    "/assets/pages/%2e%2e/%2e%2e/manifest.json",
    "/assets/pages/manifest.json",
    "/assets/checkout/..%5c..%5cpackage.json",
    "//evil.example/..",
    "/%00",
    "/pay/%00",
    "/v1/payments/pay_%00",
    "/dashboard/%2e%2e/%2e%2e/data/lipia.db",
    "/data/lipia.db",
    "/pay/%ff%fe",
    `/${"a/".repeat(4_000)}`,
    "http://evil.example/v1/payments",
    "/?".padEnd(9_000, "a=b&"),
  ])("GET %.60s opens no file and is no bug of ours", async (path) => {
    const answer = await raw(lines(`GET ${path} HTTP/1.1`, ...HEAD));
    expect(answer).not.toMatch(/^HTTP\/1\.1 5|SQLite format|"dependencies"|isEntry/);
    expect(answer).not.toMatch(/Location: (?:https?:)?\/\/evil/i);
  });

  test.each([
    [
      "the seed route",
      "/api/mpesa/stk-push",
      { phoneNumber: "0700000002", amount: 1, orderId: "d" },
    ],
    ["the API", "/v1/payments", { amount: 20, orderReference: "deep" }],
  ])(
    "that nests without end is refused by %s, with a key and without",
    async (_who, path, wish) => {
      const open = JSON.stringify(wish).slice(0, -1);
      const deep = (levels: number, [left, right]: readonly [string, string]) =>
        `${open},"extra":${left.repeat(levels)}1${right.repeat(levels)}}`;
      const bodies = [deep(30_000, ["[", "]"]), deep(9_000, ['{"a":', "}"]), deep(40, ["[", "]"])];
      for (const body of bodies) {
        const calls: Record<string, string>[] = [{}, { "Idempotency-Key": "deep" }];
        for (const headers of calls) {
          const reply = await house.call("POST", path, body, headers);
          expect([reply.status, reply.body.error.code]).toEqual([400, "body_too_deep"]);
        }
      }
    },
  );

  test("is never a fault of ours", () => {
    expect(house.logged.filter((line) => line.includes('"fault"'))).toEqual([]);
  });
});

describe("a slow client", () => {
  const SHORT = { headersMs: 300, requestMs: 600, idleMs: 900, checkMs: 100 };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  let server: Server | null = null;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function slowServer(): Promise<number> {
    const made = createHttpServer({
      publicUrl: new URL("http://localhost"),
      trustProxy: 0,
      callbacks: () => false,
      assets: {
        handler: (_req, _res, next) => next(),
        entry: () => ({ script: "", styles: [], preloads: [] }),
      },
      store: house.app.store,
      isSound: () => true,
      clock: { now: Date.now, elapsed: Date.now, sleep: async () => undefined },
      ids: systemIds(),
      log,
      early: [],
      routers: [],
      patience: SHORT,
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    return (made.address() as AddressInfo).port;
  }

  /** Sends the beginning, then a byte every 50 ms; resolves with how long it was borne, in ms. */
  async function trickle(port: number, beginning: string): Promise<number> {
    const startedAt = Date.now();
    const socket = connect(port, "127.0.0.1", () => socket.write(beginning));
    const timer = setInterval(() => socket.write("x"), 50);
    socket.on("error", () => undefined);
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(timer);
    return Date.now() - startedAt;
  }

  test("that trickles its headers is cut", async () => {
    const port = await slowServer();
    expect(await trickle(port, "GET /healthz HTTP/1.1\r\nX: ")).toBeLessThan(2_000);
  });

  test("that trickles its body is cut", async () => {
    const port = await slowServer();
    const head = lines(
      "POST /v1/payments HTTP/1.1",
      "Host: localhost",
      "Content-Type: application/json",
      "Content-Length: 60000",
    );
    expect(await trickle(port, head)).toBeLessThan(2_000);
  });

  test("that opens a connection and says nothing is cut", async () => {
    const port = await slowServer();
    const startedAt = Date.now();
    await raw("", port);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });
});

describe("bodies", () => {
  const send = (text: string) => house.call("POST", "/v1/payments", text);

  test.each([
    '{"__proto__":{"polluted":1},"amount":1,"orderReference":"p1"}',
    '{"constructor":{"prototype":{"polluted":1}},"amount":1,"orderReference":"p2"}',
    '{"amount":1,"orderReference":"p3","metadata":{"__proto__":{"polluted":"1"}}}',
    '{"amount":1,"orderReference":"p4","metadata":{"__proto__":"polluted"}}',
  ])("%s poisons no object", async (text) => {
    expect((await send(text)).status).toBeLessThan(500);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test("neither does an address", async () => {
    for (const query of ["__proto__[polluted]=1", "constructor[prototype][polluted]=1"]) {
      expect((await house.call("GET", `/v1/payments?${query}`)).status).toBe(200);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("of endless depth are refused without a bug", async () => {
    for (const open of ['{"a":', "["]) {
      const close = open === "[" ? "]" : "}";
      const depth = Math.floor(60_000 / (open.length + 1));
      const text = `${open.repeat(depth)}1${close.repeat(depth)}`;
      const inside = `{"amount":1,"orderReference":"d","metadata":${text.slice(0, 60_000)}}`;
      for (const body of [text, inside]) {
        const { status } = await send(body);
        expect([400, 413, 422]).toContain(status);
      }
    }
  });

  test.each(["1e999", "-1e999", "1e21", "9007199254740993", "-0", "0.1", "250001", '"20"', "true"])(
    "an amount of %s is refused",
    async (amount) => {
      expect((await send(`{"amount":${amount},"orderReference":"n"}`)).status).toBe(422);
    },
  );

  test.each([
    ["a right-to-left override", "A\u202e1"],
    ["an isolate", "A\u20661"],
    ["a zero-width space", "A\u200b1"],
    ["a zero-width joiner", "A\u200d1"],
    ["a byte order mark", "A\ufeff1"],
    ["a soft hyphen", "A\u00ad1"],
    ["a letter that is not drawn", "A\u31641"],
    ["a line end", "A\r\nB"],
    ["a control", "A\u0007"],
    ["a no-break space", "A\u00a01"],
    ["half a character", "A\ud800"],
  ])("an order reference with %s is refused", async (_what, orderReference) => {
    const { status, body } = await house.call("POST", "/v1/payments", wish({ orderReference }));
    expect([status, body.error.param]).toEqual([422, "orderReference"]);
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "//evil.example", "https:", "ftp://x.y"])(
    "the address %s to go on to is refused",
    async (successUrl) => {
      const { status } = await house.call("POST", "/v1/payments", wish({ successUrl }));
      expect(status).toBe(422);
    },
  );

  test("an address with line ends reaches no header", async () => {
    const successUrl = "https://shop.example/%0d%0aX-Evil:%201?a=\r\nX-Evil: 1";
    const { status, body } = await house.call("POST", "/v1/payments", wish({ successUrl }));
    if (status === 422) return;
    const page = await house.call("GET", new URL(body.checkoutUrl).pathname);
    expect(page.headers.get("x-evil")).toBeNull();
  });
});

describe("guessing", () => {
  const alike = ({ status, body }: Reply) => {
    const { requestId: _, ...error } = body.error;
    return { status, error };
  };

  test("another merchant's payment, another environment's and none at all answer alike", async () => {
    const { store, merchant } = house.app;
    const other = { ...merchant, id: "mer_other" as MerchantId, name: "Other" };
    const db = new Database(databaseOf(house), { timeout: 5_000 });
    db.prepare(
      `insert into merchants (id, environment, name, shortcode, allowed_origins, is_default)
       select ?, environment, name, shortcode, allowed_origins, 0 from merchants where id = ?`,
    ).run(other.id, merchant.id);
    const { secret } = readConfig(house.env);
    const clock = { now: Date.now, elapsed: Date.now, sleep: async () => undefined };
    const deps = { merchants: store.merchants, seal: createSeal(secret), ids: systemIds(), clock };
    const stranger = { Authorization: `Bearer ${(await createKeys(deps, other)).secretKey}` };
    const { id } = await opened();
    const elsewhere = (await opened()).id;
    db.prepare("update payments set environment = 'sandbox' where id = ?").run(elsewhere);
    db.close();
    const absent = systemIds().payment();
    for (const [method, tail, body] of [
      ["GET", "", undefined],
      ["POST", "/prompt", { phoneNumber: "0700000002" }],
      ["POST", "/cancel", {}],
    ] as const) {
      const path = (which: string) => `/v1/payments/${which}${tail}`;
      const none = alike(await house.call(method, path(absent), body));
      expect(none.status).toBe(404);
      expect(alike(await house.call(method, path(id), body, stranger))).toEqual(none);
      expect(alike(await house.call(method, path(elsewhere), body))).toEqual(none);
      expect(alike(await house.call(method, path("pay_x"), body))).toEqual(none);
    }
    const list = await house.call("GET", "/v1/payments", undefined, stranger);
    expect(list.body.data).toEqual([]);
    const after = await house.call("GET", `/v1/payments?startingAfter=${id}`, undefined, stranger);
    expect([after.status, after.body.data]).toEqual([200, []]);
  });

  test("a token that is forged, cut, foreign or of nothing is the same 401, and is logged", async () => {
    const { checkoutToken } = await opened();
    const from = house.logged.length;
    const forged = checkoutToken.slice(0, -4) + (checkoutToken.endsWith("AAAA") ? "BBBB" : "AAAA");
    const absent = `ct_${"0".repeat(32)}_${"A".repeat(22)}`;
    const tokens = [forged, absent, checkoutToken.slice(0, -1), "x", house.keys.publishableKey];
    const answers = [];
    for (const token of tokens) {
      const Authorization = `Bearer ${token}`;
      answers.push(
        alike(await house.call("GET", "/checkout/v1/payment", undefined, { Authorization })),
        alike(await house.call("POST", "/checkout/v1/prompt", {}, { Authorization })),
      );
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.status).toBe(401);
    const told = house.logged.slice(from).filter((line) => line.includes('"status":401'));
    expect(told).toHaveLength(answers.length);
    expect(told[0]).toContain('"level":"warn"');
    expect(told[0]).toContain('"address":"');
    // Nobody is locked out for another's guesses.
    const Authorization = `Bearer ${checkoutToken}`;
    const right = await house.call("GET", "/checkout/v1/payment", undefined, { Authorization });
    expect(right.status).toBe(200);
  });

  test("a secret key that is unknown, short or of another kind opens nothing", async () => {
    const { secretKey, signingKey, publishableKey } = house.keys;
    for (const key of [`${secretKey}x`, secretKey.slice(0, -1), "sk_test_", "' or 1=1 --", ""]) {
      const headers = { Authorization: `Bearer ${key}` };
      expect((await house.call("GET", "/v1/payments", undefined, headers)).status).toBe(401);
    }
    for (const key of [signingKey, publishableKey]) {
      const headers = { Authorization: `Bearer ${key}` };
      expect((await house.call("GET", "/v1/payments", undefined, headers)).status).toBe(403);
    }
  });
});

test("an error tells neither stack nor statement", async () => {
  const db = new Database(databaseOf(house), { timeout: 5_000 });
  db.exec(
    "create trigger broken before insert on payments begin select raise(abort, 'no space'); end",
  );
  try {
    const { status, body } = await house.call("POST", "/v1/payments", wish());
    expect(status).toBe(500);
    expect(body.error).toMatchObject({ type: "internal", code: "internal" });
    expect(JSON.stringify(body)).not.toMatch(/no space|sqlite|insert|\.ts|\.js|\bat\b .*\(/i);
  } finally {
    db.exec("drop trigger broken");
    db.close();
  }
});

test("a whole journey leaves no number, token or secret in the files or the log", async () => {
  await using real = await testHouse({ env: darajaEnv(daraja) });
  const phoneNumber = "254798123457";
  const key = { "Idempotency-Key": "journey" };
  const made = await real.call("POST", "/v1/payments", wish({ phoneNumber }), key);
  const body = { phoneNumber };
  await real.call("POST", `/v1/payments/${made.body.id}/prompt`, body, { "Idempotency-Key": "p" });
  const push = daraja.pushes.find(({ phone }) => phone === phoneNumber);
  if (push === undefined) throw new Error("nothing was pushed");
  const canary = "canary-in-a-raw-body";
  const failure = {
    MerchantRequestID: "m-1",
    CheckoutRequestID: push.checkoutRequestId,
    ResultCode: 1032,
    ResultDesc: "Request Cancelled by user.",
    canary,
    PhoneNumber: phoneNumber,
  };
  const callback = { Body: { stkCallback: failure } };
  await real.call("POST", new URL(push.callbackUrl).pathname, callback);
  const now = await real.call("GET", `/v1/payments/${made.body.id}`);
  expect(now.body.status).toBe("cancelled");
  const file = databaseOf(real);
  const disk = [file, `${file}-wal`].map((name) => readFileSync(name, "latin1")).join("");
  expect(disk).toContain(made.body.orderReference);
  const secrets = [
    phoneNumber,
    phoneNumber.slice(3),
    push.checkoutRequestId,
    push.callbackUrl.slice(-64),
    made.body.checkoutToken,
    made.body.checkoutToken.slice(-22),
    canary,
    real.keys.secretKey,
    real.keys.signingKey,
    real.keys.webhookSecret,
    readConfig(real.env).secret.toString("hex"),
  ];
  const log = real.logged.join("\n");
  for (const secret of secrets) {
    expect(disk).not.toContain(secret);
    expect(log).not.toContain(secret);
  }
});

function databaseOf({ env }: TestHouse): string {
  return (env.DATABASE_URL ?? "").slice("file:".length);
}
