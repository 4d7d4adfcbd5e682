/** Settings over HTTP in the whole house: who may change what, and what keys do afterwards. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KeyView, SettingsView } from "../../shared/settings-api.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import type { UserId } from "../core/payment.ts";
import { hashPassword } from "../flows/passwords.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };
const VIEWER = { email: "viewer@shop.co.ke", password: "another long password" };

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
  await house.app.store.people.addUser({
    id: "usr_viewer" as UserId,
    email: VIEWER.email,
    passwordHash: await hashPassword(VIEWER.password),
    role: "viewer",
    createdAt: Date.now(),
  });
});
afterAll(() => house[Symbol.asyncDispose]());

async function enter(who: typeof OWNER) {
  const headers = { Origin: house.origin, Authorization: "" };
  const signedIn = await house.call("POST", "/dashboard/api/sign-in", who, headers);
  const cookie = (signedIn.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  const send = (method: string, path: string, body?: object) =>
    house.call(method, `/dashboard/api/${path}`, body, { ...headers, Cookie: cookie });
  const settings = async (): Promise<SettingsView> => (await send("GET", "settings")).body;
  return { send, settings };
}
const opens = async (key: string) =>
  (await house.call("GET", "/v1/payments", undefined, { Authorization: `Bearer ${key}` })).status;

test("a key is shown once, opens at once, is seen in use, and ends when it is revoked", async () => {
  const { send, settings } = await enter(OWNER);
  const made = await send("POST", "settings/keys", { kind: "secret" });
  expect(made.status).toBe(201);
  const { key, view } = made.body as { key: string; view: KeyView };
  expect(key).toMatch(/^sk_test_[\w-]{43}$/);
  expect(await opens(key)).toBe(200);
  const listed = (await settings()).keys.find(({ id }) => id === view.id);
  expect(listed).toMatchObject({ prefix: "sk_test_", tail: key.slice(-4), revokedAt: null });
  expect(listed?.lastUsedAt).not.toBeNull();
  expect(JSON.stringify(await settings())).not.toContain(key);

  const revoke = () => send("POST", `settings/keys/${view.id}/revoke`, {});
  expect((await revoke()).status).toBe(200);
  expect(await opens(key)).toBe(401);
  expect((await revoke()).status).toBe(404);
  expect(house.logged.join("\n")).not.toContain(key);
});

test("websites are replaced only when nobody changed them meanwhile, and frame the checkout", async () => {
  const { send, settings } = await enter(OWNER);
  const change = (origins: string[], was: string[]) =>
    send("POST", "settings/origins", { origins, was });
  expect((await change(["https://shop.co.ke"], [])).status).toBe(200);
  expect((await change(["https://thief.example"], [])).body.error.code).toBe("stale");
  expect((await settings()).allowedOrigins).toEqual(["https://shop.co.ke"]);
  const opened = await house.call("POST", "/v1/payments", { amount: 5, orderReference: "S-1" });
  const page = await fetch(opened.body.checkoutUrl.replace(/^https?:\/\/[^/]+/, house.origin));
  expect(page.headers.get("content-security-policy")).toContain(
    "frame-ancestors 'self' https://shop.co.ke",
  );
  for (const odd of ["http://shop.co.ke", "https://shop.co.ke/path", "shop.co.ke", "*"]) {
    const refused = await change([odd], ["https://shop.co.ke"]);
    expect([refused.status, refused.body.error.param]).toEqual([422, "origins.0"]);
  }
  expect((await change(["http://localhost:3000"], ["https://shop.co.ke"])).status).toBe(200);
});

test("a viewer reads the settings and changes nothing; a stranger reads nothing", async () => {
  const { send, settings } = await enter(VIEWER);
  const seen = await settings();
  const [key] = seen.keys;
  const tries = [
    send("POST", "settings/origins", { origins: [], was: seen.allowedOrigins }),
    send("POST", "settings/keys", { kind: "secret" }),
    send("POST", `settings/keys/${key?.id}/revoke`, {}),
  ];
  for (const { status, body } of await Promise.all(tries)) {
    expect([status, body.error.code]).toEqual([403, "not_allowed"]);
  }
  expect((await house.call("GET", "/dashboard/api/settings")).status).toBe(401);
});
