/**
 * Several merchants on one installation, over HTTP in the whole house: each has its own Daraja app,
 * and none of them sees or moves what is another's.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AddMerchantRequest, merchantsView } from "../shared/merchants-api.ts";
import { DEFAULT_PROMPT_LIMITS } from "../shared/prompt-limits.ts";
import {
  eventually,
  fastClock,
  type Reply,
  type TestHouse,
  testHouse,
} from "./app.test-support.ts";
import { handClock } from "./flow-house.test-support.ts";
import { darajaEnv, type LocalDaraja, localDaraja } from "./local-daraja.test-support.ts";
import type { Clock } from "./ports.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };
/** Each test starts a house and makes dozens of calls. */
const PATIENCE = { timeout: 90_000 };
const opened: AsyncDisposable[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lipia-merchants-"));
});
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** What an owner does in the dashboard. */
async function owner(house: TestHouse) {
  const headers = { Origin: house.origin, Authorization: "" };
  const signedIn = await house.call("POST", "/dashboard/api/sign-in", OWNER, headers);
  const cookie = (signedIn.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  const send = (method: string, path: string, body?: object) =>
    house.call(method, `/dashboard/api/${path}`, body, { ...headers, Cookie: cookie });
  const list = async () => merchantsView.parse((await send("GET", "merchants")).body).merchants;
  return {
    send,
    list,
    async add(wish: AddMerchantRequest): Promise<string> {
      const added = await send("POST", "merchants", wish);
      expect(added.status, JSON.stringify(added.body)).toBe(201);
      return (await list()).find(({ name }) => name === wish.name)?.id ?? "";
    },
    async key(merchant: string): Promise<string> {
      const made = await send("POST", `settings/keys?merchant=${merchant}`, { kind: "secret" });
      return made.body.key;
    },
  };
}

/** A merchant's server with its secret key. */
function shop(house: TestHouse, key: string) {
  const call = (method: string, path: string, body?: object, more: Record<string, string> = {}) =>
    house.call(method, path, body, { Authorization: `Bearer ${key}`, ...more });
  return {
    call,
    open: (orderReference: string, more: Record<string, string> = {}) =>
      call("POST", "/v1/payments", { amount: 20, orderReference }, more),
    prompt: (id: string, phoneNumber: string) =>
      call("POST", `/v1/payments/${id}/prompt`, { phoneNumber }),
  };
}
const code = ({ status, body }: Reply) => [status, body.error?.code];
const kiosk = (shortcode = "600001"): AddMerchantRequest => ({
  name: `Kiosk ${shortcode}`,
  kind: "paybill",
  shortcode,
});

describe("in the simulator", PATIENCE, () => {
  async function two(clock?: Clock) {
    const house = await testHouse({ folder, env: { MPESA_PULL_ENABLED: "true" }, clock });
    opened.push(house);
    const boss = await owner(house);
    const id = await boss.add(kiosk());
    const second = shop(house, await boss.key(id));
    return { house, boss, id, first: shop(house, house.keys.secretKey), second };
  }

  test("no key sees or moves a payment of another merchant", async () => {
    const { first, second } = await two();
    const { body: mine } = await first.open("ORDER-1");
    const foreign = [
      await second.call("GET", `/v1/payments/${mine.id}`),
      await second.prompt(mine.id, "0700000101"),
      await second.call("POST", `/v1/payments/${mine.id}/cancel`, {}),
    ];
    const absent = await second.call("GET", `/v1/payments/pay_${"0".repeat(32)}`);
    for (const reply of [...foreign, absent]) {
      expect(code(reply)).toEqual([404, "payment_not_found"]);
      expect(reply.body.error.message).toBe(absent.body.error.message);
    }
    expect((await second.call("GET", "/v1/payments")).body.data).toEqual([]);
    for (const query of ["q=ORDER-1", "orderReference=ORDER-1", `startingAfter=${mine.id}`]) {
      expect((await second.call("GET", `/v1/payments?${query}`)).body.data).toEqual([]);
    }
    const now = (await first.call("GET", `/v1/payments/${mine.id}`)).body;
    expect([now.status, now.attempts, now.version]).toEqual(["open", [], mine.version]);
  });

  test("an order and an idempotency key are each merchant's own", async () => {
    const { first, second } = await two();
    const key = { "Idempotency-Key": "same" };
    const [mine, theirs] = [await first.open("ORDER-1", key), await second.open("ORDER-1", key)];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.body.id).not.toBe(mine.body.id);
    const again = await second.open("ORDER-1", key);
    expect([again.body.id, again.headers.get("Idempotent-Replayed")]).toEqual([
      theirs.body.id,
      "true",
    ]);
    expect(
      (
        await second.call("POST", "/api/mpesa/stk-push", {
          ...{ phoneNumber: "0700000205", amount: 20, orderId: "ORDER-1" },
        })
      ).body.paymentId,
    ).toBe(theirs.body.id);
    expect((await first.call("GET", `/v1/payments/${mine.body.id}`)).body.attempts).toEqual([]);
  });

  test("each is paid by its own callbacks, under its own shortcode and name", async () => {
    const { house, first, second } = await two(fastClock(20));
    const payments = [await first.open("A-1"), await second.open("B-1")].map(({ body }) => body);
    const [mine, theirs] = payments;
    await first.prompt(mine.id, "0700000301");
    // The callback of this one is lost, so it is the resolver that asks, as the right app.
    await second.prompt(theirs.id, "0700000307");
    for (const [who, { id }] of [
      [first, mine],
      [second, theirs],
    ] as const) {
      const read = async () => (await who.call("GET", `/v1/payments/${id}`)).body;
      expect((await eventually(read, ({ status }) => status === "confirmed", 60_000)).status).toBe(
        "confirmed",
      );
    }
    const prompts = house.app.simulator?.ledger.prompts() ?? [];
    expect(prompts.map(({ shortcode, merchantName }) => [shortcode, merchantName])).toEqual([
      ["600000", "Demo Shop"],
      ["600001", "Kiosk 600001"],
    ]);
    const page = await house.call("GET", new URL(theirs.checkoutUrl).pathname);
    expect(page.body).toContain("Kiosk 600001");
  });

  test("a phone is asked once at a time, whoever asks", async () => {
    const { first, second } = await two();
    const phone = "0700000400";
    await first.prompt((await first.open("A-1")).body.id, phone);
    const refused = await second.prompt((await second.open("B-1")).body.id, phone);
    expect(code(refused)).toEqual([409, "phone_in_progress"]);
  });

  test("a paused one gets no new payment, and what it has is followed to its end", async () => {
    const { house, boss, id, first, second } = await two();
    const { body: open } = await second.open("B-1");
    const pause = (paused: boolean) => boss.send("POST", `merchants/${id}/pause`, { paused });
    expect((await pause(true)).status).toBe(200);
    expect(code(await pause(true))).toEqual([409, "stale"]);
    const key = { "Idempotency-Key": "while paused" };
    expect(code(await second.open("B-2", key))).toEqual([409, "merchant_paused"]);
    const push = { phoneNumber: "0700000501", amount: 20, orderId: "B-3" };
    expect((await second.call("POST", "/api/mpesa/stk-push", push)).status).toBe(409);
    const dearer = { amount: 30, orderReference: "B-1" };
    expect(code(await second.call("POST", "/v1/payments", dearer))).toEqual([
      409,
      "merchant_paused",
    ]);
    expect((await first.open("A-1")).status).toBe(201);
    expect(await second.open("B-1")).toMatchObject({ status: 200, body: { id: open.id } });
    await second.prompt(open.id, "0700000501");
    const read = async () => (await second.call("GET", `/v1/payments/${open.id}`)).body;
    await eventually(read, ({ status }) => status === "confirmed", 60_000);
    expect((await pause(false)).status).toBe(200);
    expect((await second.open("B-2", key)).status).toBe(201);
    const rows = (await boss.send("GET", "audit")).body.data.map(
      ({ action }: { action: string }) => action,
    );
    expect(rows).toEqual(
      expect.arrayContaining(["merchant_added", "merchant_paused", "merchant_resumed"]),
    );
    expect(house.logged.join("\n")).not.toContain("sweep_failed");
  });

  test("the dashboard lays all together, or shows one alone", async () => {
    const { house, boss, id, first, second } = await two();
    for (const order of ["1", "2", "3"]) {
      await first.open(`A-${order}`);
      await second.open(`B-${order}`);
    }
    const orders = async (query: string) => {
      const { body } = await boss.send("GET", `payments?${query}`);
      const rows: { orderReference: string; merchantId: string; id: string }[] = body.data;
      return { rows, names: rows.map((row) => row.orderReference), more: body.hasMore };
    };
    const all = await orders("");
    expect(all.names).toEqual(["B-3", "A-3", "B-2", "A-2", "B-1", "A-1"]);
    const [top, rest] = [await orders("limit=4"), all.rows.at(3)?.id];
    expect([top.names, top.more]).toEqual([["B-3", "A-3", "B-2", "A-2"], true]);
    expect((await orders(`limit=4&startingAfter=${rest}`)).names).toEqual(["B-1", "A-1"]);
    const alone = await orders(`merchant=${id}`);
    expect(alone.names).toEqual(["B-3", "B-2", "B-1"]);
    expect(new Set(alone.rows.map(({ merchantId }) => merchantId))).toEqual(new Set([id]));
    const totals = async (query: string) =>
      (await boss.send("GET", `payments/totals?${query}`)).body;
    expect([(await totals("")).count, (await totals(`merchant=${id}`)).count]).toEqual([6, 3]);
    const opens = async (query: string) =>
      (await boss.send("GET", `insight/home?${query}`)).body.today.counts.opened;
    expect([await opens(""), await opens(`merchant=${id}`)]).toEqual([6, 3]);
    const day = new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 10);
    const failures = await boss.send("GET", `insight/failures?from=${day}&to=${day}`);
    expect(failures.body.total.opened).toBe(6);
    expect(failures.body.days).toHaveLength(1);
    expect(failures.body.days[0].opened).toBe(6);
    const file = await boss.send("GET", "payments/export?columns=order,merchant");
    expect(file.body).toContain("B-1,Kiosk 600001");
    expect((await boss.send("GET", `payments/${alone.rows[0]?.id}`)).status).toBe(200);
    expect(house.app.merchant.id).not.toBe(id);
  });

  test("settings are one merchant's; another's key or an unknown merchant is not found", async () => {
    const { house, boss, id } = await two();
    const keys = async (query: string) => (await boss.send("GET", `settings${query}`)).body.keys;
    const [mine] = await keys("");
    const [theirs] = await keys(`?merchant=${id}`);
    const revoke = (key: { id: string }, query: string) =>
      boss.send("POST", `settings/keys/${key.id}/revoke${query}`, {});
    expect(code(await revoke(theirs, ""))).toEqual([404, "key_not_found"]);
    expect(code(await revoke(mine, `?merchant=${id}`))).toEqual([404, "key_not_found"]);
    const origins = { was: [], origins: ["https://kiosk.co.ke"] };
    expect((await boss.send("POST", `settings/origins?merchant=${id}`, origins)).status).toBe(200);
    expect((await boss.send("GET", "settings")).body.allowedOrigins).toEqual([]);
    const sandboxed = await house.app.store.merchants.ensureDefault({
      ...{ ...house.app.merchant, id: "mer_elsewhere" as typeof house.app.merchant.id },
      environment: "sandbox",
    });
    for (const wrong of ["mer_nobody", sandboxed.id, "mer_a&merchant=mer_b"]) {
      for (const path of [
        ...["settings", "settings/brand", "settings/limits", "privacy/retention"],
        ...["go-live", "payments", "insight/home"],
      ]) {
        const { status } = await boss.send("GET", `${path}?merchant=${wrong}`);
        expect([404, 422], `${path} of ${wrong}`).toContain(status);
      }
      for (const [path, body] of [
        ["settings/origins", origins],
        ["settings/keys", { kind: "secret" }],
        ["go-live/callback", {}],
        ["settings/limits", { version: 1, ...DEFAULT_PROMPT_LIMITS }],
        ["privacy/retention", { version: 1, days: null, shop: "" }],
      ] as const) {
        expect((await boss.send("POST", `${path}?merchant=${wrong}`, body)).status).toBe(404);
      }
    }
  });

  test("limits are each merchant's own, and count every prompt on the phone", async () => {
    const house = await testHouse({ folder, env: { LIPIA_LIMITS: "enforce" } });
    opened.push(house);
    const boss = await owner(house);
    const id = await boss.add(kiosk());
    const [first, second] = [shop(house, house.keys.secretKey), shop(house, await boss.key(id))];
    const path = `settings/limits?merchant=${id}`;
    const { version, limits } = (await boss.send("GET", path)).body;
    const strict = { ...limits, inTenMinutes: 2, inAnHour: 2 };
    const changed = await boss.send("POST", path, { version, ...strict });
    expect(changed.body).toMatchObject({ version: version + 1, limits: strict });
    expect((await boss.send("GET", "settings/limits")).body).toMatchObject({ version: 1, limits });
    const { rows } = await house.app.store.audit.list({ limit: 1 });
    expect(rows[0]).toMatchObject({
      action: "limits_changed",
      details: { merchant: "Kiosk 600001", inTenMinutes: "3 → 2" },
    });
    // Refuses at once, each time for a new order: only the limits hold the next one back.
    const prompt = async (by: typeof first, orderReference: string) => {
      const { id: payment } = (await by.open(orderReference)).body;
      const reply = await by.prompt(payment, "0700000404");
      if (reply.status >= 300) return code(reply);
      const read = async () => (await by.call("GET", `/v1/payments/${payment}`)).body.status;
      await eventually(read, (status) => status === "failed");
      return reply.status;
    };
    expect(await prompt(second, "B-1")).toBe(201);
    expect(await prompt(first, "A-1")).toBe(201);
    expect(await prompt(second, "B-2")).toEqual([429, "too_many_prompts"]);
    expect(await prompt(first, "A-2")).toBe(201);
    expect(await prompt(first, "A-3")).toEqual([429, "too_many_prompts"]);
  });

  test("numbers are kept for each merchant's own time, under its own name", async () => {
    const { boss, id, house } = await two();
    const path = `privacy/retention?merchant=${id}`;
    const wish = { version: 1, days: 365 };
    const { name } = house.app.merchant;
    expect(code(await boss.send("POST", path, { ...wish, shop: name }))[0]).toBe(422);
    const done = await boss.send("POST", path, { ...wish, shop: "Kiosk 600001" });
    expect(done.body).toMatchObject({ version: 2, days: 365 });
    expect((await boss.send("GET", path)).body).toMatchObject({ days: 365 });
    expect((await boss.send("GET", "privacy/retention")).body).toMatchObject({ days: null });
    const wrong = await boss.send("GET", "privacy/retention/count?days=365&merchant=mer_nobody");
    expect(code(wrong)).toEqual([404, "merchant_not_found"]);
    const count = await boss.send("GET", `privacy/retention/count?days=365&merchant=${id}`);
    expect(count.body).toEqual({ payments: 0, more: "no" });
  });

  test("a person is forgotten by every merchant at once, or by none", async () => {
    const { house, boss, first, second } = await two();
    const number = "0700000405";
    const ask = { phoneNumber: number, lastDigits: "0405" };
    const failed = async (by: typeof first, orderReference: string) => {
      const { id: payment } = (await by.open(orderReference)).body;
      await by.prompt(payment, number);
      const read = async () => (await by.call("GET", `/v1/payments/${payment}`)).body;
      return eventually(read, ({ status }) => status === "failed");
    };
    await failed(first, "A-1");
    const theirs = await failed(second, "B-1");
    const { id: odd } = (await second.open("B-2")).body;
    await second.prompt(odd, "0700000517");
    const status = async () => (await second.call("GET", `/v1/payments/${odd}`)).body.status;
    await eventually(status, (now) => now === "review");
    const held = { phoneNumber: "0700000517", lastDigits: "0517" };
    expect(code(await boss.send("POST", "privacy/erase", held))).toEqual([409, "number_in_use"]);
    const erased = await boss.send("POST", "privacy/erase", ask);
    expect(erased.body).toMatchObject({ attempts: 2 });
    const seen = await boss.send("GET", `payments/${theirs.id}`);
    expect(JSON.stringify(seen.body)).not.toContain("0405");
    expect(house.logged.join("\n")).not.toContain("700000405");
  });

  test("a number is one merchant's, and a restart keeps everything", async () => {
    const { house, boss, id, second } = await two();
    for (const taken of [kiosk(), kiosk("600000")]) {
      expect(code(await boss.send("POST", "merchants", taken))).toEqual([422, "merchant_taken"]);
    }
    const unfit = { ...kiosk("600002"), kind: "till" };
    expect(await boss.send("POST", "merchants", unfit)).toMatchObject({
      status: 422,
      body: { error: { param: "till" } },
    });
    const { body: open } = await second.open("B-1");
    await house.app.close();
    opened.pop();
    const again = await testHouse({ folder, env: { ...house.env } });
    opened.push(again);
    const key = await (await owner(again)).key(id);
    const back = shop(again, key);
    await back.prompt(open.id, "0700000601");
    const read = async () => (await back.call("GET", `/v1/payments/${open.id}`)).body;
    expect(
      (await eventually(read, ({ status }) => status === "confirmed", 60_000)).receipt,
    ).toMatch(/^[A-Z0-9]{10}$/);
  });
});

describe("beside a real Daraja", PATIENCE, () => {
  let daraja: LocalDaraja;
  let tokens: string[];
  beforeEach(async () => {
    daraja = await localDaraja();
    opened.push(daraja);
    tokens = [];
    daraja.onToken = (app) => {
      tokens.push(app);
      if (app.endsWith(":wrong")) return { status: 400, body: "" };
      const token = Buffer.from(app).toString("hex").padEnd(28, "0");
      return { status: 200, body: { access_token: token, expires_in: "3599" } };
    };
  });
  const tokenOf = (app: string) => Buffer.from(app).toString("hex").padEnd(28, "0");
  const till = (over: object = {}): AddMerchantRequest => ({
    ...{ name: "Till", kind: "till", shortcode: "600001", till: "5550001" },
    credentials: { consumerKey: "key2", consumerSecret: "secret2", passkey: "passkey2" },
    ...over,
  });

  test("credentials are proved before anything is kept, and never shown again", async () => {
    const house = await testHouse({ folder, env: darajaEnv(daraja) });
    opened.push(house);
    const boss = await owner(house);
    const refused = await boss.send("POST", "merchants", {
      ...till(),
      credentials: { consumerKey: "key2", consumerSecret: "wrong", passkey: "passkey2" },
    });
    expect(code(refused)).toEqual([422, "credentials_refused"]);
    const missing = await boss.send("POST", "merchants", { ...till(), credentials: undefined });
    expect(code(missing)).toEqual([422, "credentials_missing"]);
    daraja.onToken = () => "hang_up";
    expect(code(await boss.send("POST", "merchants", till()))).toEqual([409, "mpesa_unreachable"]);
    expect(await boss.list()).toHaveLength(1);
    daraja.onToken = (app) => ({
      status: 200,
      body: { access_token: tokenOf(app), expires_in: "3599" },
    });
    const id = await boss.add(till());
    const { steps } = (await boss.send("GET", `go-live?merchant=${id}`)).body;
    const proven = steps.find(({ name }: { name: string }) => name === "credentials");
    expect(proven.state).toBe("done");
    const said = JSON.stringify([await boss.list(), (await boss.send("GET", "audit")).body]);
    for (const secret of ["key2", "secret2", "passkey2"]) {
      expect(said).not.toContain(secret);
      expect(house.logged.join("\n")).not.toContain(secret);
    }
  });

  test("each is prompted and asked about through its own app", async () => {
    const clock = handClock();
    const house = await testHouse({ folder, env: darajaEnv(daraja), clock });
    opened.push(house);
    const boss = await owner(house);
    const id = await boss.add(till());
    const second = shop(house, await boss.key(id));
    const first = shop(house, house.keys.secretKey);
    await first.prompt((await first.open("A-1")).body.id, "0711000001");
    await second.prompt((await second.open("B-1")).body.id, "0711000002");
    const [mine, theirs] = daraja.pushes;
    expect(mine).toMatchObject({ shortcode: "174379", token: tokenOf("key:secret") });
    expect(theirs).toMatchObject({
      ...{ shortcode: "600001", partyB: "5550001", transactionType: "CustomerBuyGoodsOnline" },
      token: tokenOf("key2:secret2"),
    });
    const asked = async () => {
      clock.pass(1_000);
      return daraja.questions;
    };
    const both = (questions: typeof daraja.questions) =>
      new Set(questions.map(({ shortcode }) => shortcode)).size === 2;
    for (const question of await eventually(asked, both, 60_000)) {
      const push = daraja.pushes.find((one) => one.shortcode === question.shortcode);
      expect(question).toEqual({
        ...{ checkoutRequestId: push?.checkoutRequestId, shortcode: push?.shortcode },
        token: push?.token,
      });
    }
  });

  test("other credentials are proved too, and used from the next call on", async () => {
    const house = await testHouse({ folder, env: darajaEnv(daraja) });
    opened.push(house);
    const boss = await owner(house);
    const id = await boss.add(till());
    const second = shop(house, await boss.key(id));
    const change = (of: string, consumerSecret: string) =>
      boss.send("POST", `merchants/${of}/credentials`, {
        ...{ consumerKey: "key2", consumerSecret, passkey: "passkey3" },
      });
    expect(code(await change(id, "wrong"))).toEqual([422, "credentials_refused"]);
    await second.prompt((await second.open("B-1")).body.id, "0711000001");
    expect((await change(id, "secret3")).status).toBe(200);
    await second.prompt((await second.open("B-2")).body.id, "0711000002");
    expect(daraja.pushes.map(({ token }) => token)).toEqual([
      tokenOf("key2:secret2"),
      tokenOf("key2:secret3"),
    ]);
    expect(code(await change(house.app.merchant.id, "secret3"))).toEqual([
      422,
      "credentials_unwanted",
    ]);
  });

  test("two shortcodes of one app share its token", async () => {
    const house = await testHouse({ folder, env: darajaEnv(daraja) });
    opened.push(house);
    const boss = await owner(house);
    const shared = { consumerKey: "key", consumerSecret: "secret", passkey: "passkey2" };
    const id = await boss.add(till({ credentials: shared }));
    const second = shop(house, await boss.key(id));
    const first = shop(house, house.keys.secretKey);
    tokens.length = 0;
    await first.prompt((await first.open("A-1")).body.id, "0711000001");
    await second.prompt((await second.open("B-1")).body.id, "0711000002");
    expect(daraja.pushes.map(({ shortcode }) => shortcode)).toEqual(["174379", "600001"]);
    expect(tokens).toEqual(["key:secret"]);
  });
});
