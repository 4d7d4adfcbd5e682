/** What every answer carries, what a page may load, and how nonsense is answered (contract §4, §8). */

import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import { darajaEnv, localDaraja } from "../local-daraja.test-support.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house[Symbol.asyncDispose]());

let orders = 0;
async function opened(extra: object = {}) {
  orders += 1;
  const body = { amount: 20, orderReference: `server-${orders}`, ...extra };
  return (await house.call("POST", "/v1/payments", body)).body;
}
const get = (path: string, headers: Record<string, string> = {}) =>
  house.call("GET", path, undefined, headers);
const pathOf = (url: string) => new URL(url).pathname;

describe("Request-Id", () => {
  test("is on every answer, its own each time, and never the caller's", async () => {
    const replies = await Promise.all([
      get("/v1/payments"),
      get("/nothing"),
      get("/healthz"),
      get("/dashboard"),
      get("/v1/payments/x", { "Request-Id": "mine", "X-Request-Id": "mine" }),
      house.call("POST", "/v1/payments", "{"),
      house.call("POST", "/v1/payments", {}, { Authorization: "" }),
      house.call("POST", "/api/mpesa/stk-push", {}),
      house.call("PUT", "/v1/payments", {}),
    ]);
    const ids = replies.map(({ headers }) => headers.get("request-id"));
    for (const id of ids) expect(id).toMatch(/^req_[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("a page's policy", () => {
  const PAGES = ["/dashboard", "/dashboard/payments/x", "/handset", "/demo"];

  test.each(PAGES)("%s runs our own files only and is framed by nobody", async (path) => {
    const { status, headers } = await get(path);
    expect(status).toBe(200);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).not.toMatch(/unsafe|\*|https?:\/\//);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-powered-by")).toBeNull();
  });

  test("the checkout is framed by https and loopback pages until origins are listed", async () => {
    const { headers } = await get(pathOf((await opened()).checkoutUrl));
    const policy = headers.get("content-security-policy") ?? "";
    const [, ancestors = ""] = /frame-ancestors ([^;]+)/.exec(policy) ?? [];
    expect(ancestors.split(" ")).toEqual(
      expect.arrayContaining(["'self'", "https:", "http://localhost:*", "http://127.0.0.1:*"]),
    );
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-frame-options")).toBeNull();
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("the checkout is framed by the listed origins only, once there are any", async () => {
    const { checkoutUrl } = await opened();
    const db = new Database(databaseOf(house), { timeout: 5_000 });
    const set = db.prepare("update merchants set allowed_origins = ? where id = ?");
    try {
      set.run(JSON.stringify(["https://shop.example"]), house.app.merchant.id);
      const { headers } = await get(pathOf(checkoutUrl));
      expect(headers.get("content-security-policy")).toMatch(
        /frame-ancestors 'self' https:\/\/shop\.example$/,
      );
    } finally {
      set.run("[]", house.app.merchant.id);
      db.close();
    }
  });

  test("the loader may be loaded by any site, our other files by our own pages", async () => {
    const loader = await get("/lipia.js");
    expect(loader.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(loader.headers.get("access-control-allow-origin")).toBe("*");
    const page = (await get("/dashboard")).body as string;
    const script = /src="(\/assets\/[^"]+)"/.exec(page)?.[1] ?? "";
    expect((await get(script)).headers.get("cross-origin-resource-policy")).toBe("same-origin");
    for (const path of ["/v1/payments", "/checkout/v1/payment", "/pay/x", "/dashboard"]) {
      expect((await get(path)).headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("https sites are told to stay so, http ones are not", async () => {
    expect((await get("/healthz")).headers.get("strict-transport-security")).toBeNull();
    await using https = await testHouse({ env: { PUBLIC_URL: "https://pay.example.co.ke" } });
    const { headers } = await https.call("GET", "/dashboard");
    expect(headers.get("strict-transport-security")).toMatch(/max-age=31536000/);
    expect(headers.get("content-security-policy")).toContain("wss://pay.example.co.ke");
  });
});

describe("the checkout page", () => {
  test("writes a shop's words as data, whatever they contain", async () => {
    const evil = `</script><script>alert(1)</script><!--"'&`;
    const { checkoutUrl } = await opened({ description: evil, orderReference: `<b>${orders}&` });
    const { status, body } = await get(pathOf(checkoutUrl));
    expect(status).toBe(200);
    expect(body).not.toContain("<script>alert");
    expect(body).not.toContain("<b>");
    const json = /<script type="application\/json" id="lipia-view">(.*?)<\/script>/.exec(body)?.[1];
    expect(JSON.parse(json ?? "")).toMatchObject({ description: evil });
  });

  test("leaves the script its share of the first load, which tidy.test.ts counts", async () => {
    const { checkoutUrl } = await opened({
      description: "Two kiondo baskets and a kikoy from the workshop",
      orderReference: `ORDER-2026-${orders}`,
      phoneNumber: "0712345678",
    });
    const { body } = await get(pathOf(checkoutUrl));
    expect(gzipSync(body, { level: 9 }).length).toBeLessThanOrEqual(760);
  });

  test("of a wrong token is a 404 that looks alike for forged, absent and foreign", async () => {
    const { checkoutToken } = await opened();
    const forged = checkoutToken.slice(0, -1) + (checkoutToken.endsWith("A") ? "Q" : "A");
    const absent = `ct_${"0".repeat(32)}_${"A".repeat(22)}`;
    const pages = await Promise.all([forged, absent, "x", "a%2fb"].map((t) => get(`/pay/${t}`)));
    for (const { status, body } of pages) {
      expect(status).toBe(404);
      expect(body).toBe(pages[0]?.body);
    }
  });

  test("neither page nor API gives a browser the number, the attempt's id or another token", async () => {
    const payment = await opened({ phoneNumber: "0700060001" });
    await house.call("POST", `/v1/payments/${payment.id}/prompt`, { phoneNumber: "0700060001" });
    const headers = { Authorization: `Bearer ${payment.checkoutToken}` };
    const view = JSON.stringify((await get("/checkout/v1/payment", headers)).body);
    const page = (await get(pathOf(payment.checkoutUrl))).body as string;
    for (const text of [view, page]) {
      expect(text).toContain("254*****0001");
      expect(text).not.toMatch(/700060001|att_|ws_CO_|ct_[0-9a-f]/);
    }
  });
});

describe("nonsense", () => {
  test.each([
    ["GET", "/v1/payments/%E0%A4%A", 400],
    ["GET", "/pay/%ff", 400],
    ["GET", "/v1/payments/__proto__", 404],
    ["GET", "/v1/payments/pay_", 404],
    ["GET", "/v1/payments?limit=1&limit=2", 422],
    ["GET", "/v1/payments?limit=1e9", 422],
    ["GET", "/v1/payments?status=paid", 422],
    ["GET", "/v1/payments?createdFrom=yesterday", 422],
    ["GET", "/v1/payments?startingAfter=pay_x", 422],
    ["GET", "/v1/payments?q[$ne]=1&__proto__[x]=1", 200],
    ["GET", "/v1/payments?q=%25%27%22%3B--", 200],
    ["GET", "/.env", 404],
    ["GET", "/assets/../package.json", 404],
    ["GET", "/assets/pages/..%2f..%2fpackage.json", 404],
    ["DELETE", "/v1/payments", 404],
    ["PUT", "/v1/payments/x/prompt", 404],
    ["GET", "/api/mpesa/callback", 404],
    ["OPTIONS", "/v1/payments", 200],
  ])("%s %s is answered %i", async (method, path, status) => {
    const reply = await house.call(method, path);
    expect(reply.status).toBe(status);
    if (status >= 400) expect(reply.body.error.message).not.toBe("");
  });

  test.each([
    ["{", 400],
    ["null", 400],
    ['{"amount":1e999,"orderReference":"x"}', 422],
    ['{"amount":1,"orderReference":"\\ud800"}', 422],
    ['{"amount":1,"orderReference":"a\\u0000b"}', 422],
    ['{"amount":1,"orderReference":"a\\u202eb"}', 422],
    ['{"amount":[1],"orderReference":"x"}', 422],
    ['{"amount":{"valueOf":1},"orderReference":"x"}', 422],
    ['{"amount":1,"orderReference":"x","constructor":{"prototype":{"polluted":1}}}', 422],
    ['{"amount":1,"orderReference":"x","metadata":{"a":{}}}', 422],
    [`${"[".repeat(30_000)}`, 400],
  ])("the body %s is answered %i", async (text, status) => {
    const reply = await house.call("POST", "/v1/payments", text);
    expect([reply.status, typeof reply.body.error.message]).toEqual([status, "string"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test("odd names in metadata are kept as they came", async () => {
    const metadata = '{"constructor":"c","toString":"t"}';
    const text = `{"amount":1,"orderReference":"meta","metadata":${metadata}}`;
    const made = await house.call("POST", "/v1/payments", text);
    expect(made.status).toBe(201);
    const read = await get(`/v1/payments/${made.body.id}`);
    expect(JSON.stringify(read.body.metadata)).toBe(metadata);
  });

  test("a body in an encoding or charset we do not read is a 415", async () => {
    const headers = { "Content-Encoding": "zstd" };
    expect((await house.call("POST", "/v1/payments", "{}", headers)).status).toBe(415);
    const charset = { "Content-Type": "application/json; charset=klingon" };
    expect((await house.call("POST", "/v1/payments", "{}", charset)).status).toBe(415);
  });

  test("none of it was a bug of ours", () => {
    expect(house.logged.filter((line) => line.includes('"fault"'))).toEqual([]);
  });
});

test("HEAD is GET without its body", async () => {
  for (const path of ["/healthz", "/dashboard", "/lipia.js", "/v1/payments"]) {
    const [head, whole] = [await house.call("HEAD", path), await get(path)];
    expect([head.status, head.body]).toEqual([whole.status, ""]);
    expect(head.headers.get("content-type")).toBe(whole.headers.get("content-type"));
  }
});

test("a token in an address reaches neither the log nor a Referer", async () => {
  const { checkoutToken } = await opened();
  const hex = checkoutToken.slice(3, 35);
  for (const path of [`/pay/${checkoutToken}`, `/PAY/${checkoutToken}`, `/pay/${checkoutToken}/`]) {
    await get(path);
  }
  await get(`/daraja/callbacks/${hex}/${"a".repeat(64)}`);
  await get(`/other/base/${hex}/${"a".repeat(64)}`);
  const log = house.logged.join("\n");
  expect(log).not.toContain(checkoutToken);
  expect(log).not.toContain("a".repeat(64));
});

test("a header cannot be split by what a caller sends", async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const { port } = new URL(house.origin);
    const req = request(
      { port, host: "127.0.0.1", path: "/demo?lang=en%0d%0aX-Evil:%201", method: "GET" },
      (res) => resolve(res.rawHeaders.join("\n")),
    );
    req.on("error", reject);
    req.end();
  });
  expect(answer).not.toMatch(/X-Evil/i);
});

test("/healthz says the process is up, /readyz that the database takes a write", async () => {
  expect((await get("/readyz")).body).toEqual({ status: "ready" });
  const db = new Database(databaseOf(house), { timeout: 5_000 });
  db.exec("create trigger full before update on pulse begin select raise(abort, 'full'); end");
  try {
    const reply = await get("/readyz");
    expect([reply.status, reply.body]).toEqual([503, { status: "not_ready" }]);
    expect((await get("/healthz")).status).toBe(200);
  } finally {
    db.exec("drop trigger full");
    db.close();
  }
  expect((await get("/readyz")).status).toBe(200);
});

test("a database that was tried in the simulator moves no real money with its old keys", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lipia-env-"));
  const daraja = await localDaraja();
  try {
    const before = await testHouse({ folder });
    const wish = { amount: 20, orderReference: "moved" };
    const old = (await before.call("POST", "/v1/payments", wish)).body;
    await before[Symbol.asyncDispose]();
    await using after = await testHouse({ folder, env: darajaEnv(daraja) });
    const Authorization = `Bearer ${before.keys.secretKey}`;
    const asOld = await after.call("POST", "/v1/payments", wish, { Authorization });
    expect([asOld.status, asOld.body.error.code]).toEqual([401, "key_environment"]);
    expect((await after.call("GET", `/v1/payments/${old.id}`)).status).toBe(404);
    const token = { Authorization: `Bearer ${old.checkoutToken}` };
    const phone = { phoneNumber: "0712000001" };
    expect((await after.call("POST", "/checkout/v1/prompt", phone, token)).status).toBe(404);
    expect((await after.call("GET", "/checkout/v1/payment", undefined, token)).status).toBe(404);
    expect((await after.call("GET", `/pay/${old.checkoutToken}`)).status).toBe(404);
    expect((await after.call("POST", "/v1/payments", wish)).status).toBe(201);
    expect(daraja.pushes).toEqual([]);
  } finally {
    await daraja[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
});

function databaseOf({ env }: TestHouse): string {
  return (env.DATABASE_URL ?? "").slice("file:".length);
}

test("a checkout keeps the page it was opened from, and opens also where that cannot be kept", async () => {
  const { id, checkoutToken } = await opened();
  const show = (Referer: string) =>
    house.call("GET", `/pay/${checkoutToken}`, undefined, { Authorization: "", Referer });
  const pageNow = async () => (await house.app.store.payments.load(id))?.payment.page;
  const db = new Database(databaseOf(house), { timeout: 5_000 });
  db.exec("create trigger full before update on payments begin select raise(abort, 'full'); end");
  try {
    expect((await show("https://shop.co.ke/")).status).toBe(200);
    expect(await pageNow()).toBeNull();
  } finally {
    db.exec("drop trigger full");
    db.close();
  }
  expect((await show("https://shop.co.ke/basket?customer=7")).status).toBe(200);
  expect(await pageNow()).toBe("https://shop.co.ke");
});
