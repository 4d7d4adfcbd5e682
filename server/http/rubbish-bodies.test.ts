/**
 * Rubbish posted to every door but the dashboard's, whose own are in authorisation.test.ts: clear
 * refusals that leave every row as it was. The callback door, which must take anything, keeps it.
 */
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROUTES, type RouteName } from "../../shared/api.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import { RUBBISH_BODIES, RUBBISH_WITH_WORDS } from "./rubbish-bodies.test-support.ts";

let house: TestHouse;
let rows: Database.Database;
beforeAll(async () => {
  house = await testHouse();
  rows = new Database((house.env.DATABASE_URL ?? "").slice("file:".length), { readonly: true });
});
afterAll(async () => {
  rows.close();
  await house[Symbol.asyncDispose]();
});

/** Tables that a call about a payment may write. */
function moved(): string {
  const tables = ["payments", "attempts", "timeline", "evidence", "inbox", "idempotency"];
  return JSON.stringify(tables.map((name) => rows.prepare(`select * from ${name}`).all()));
}

interface Door {
  readonly bodies: readonly string[];
  readonly with: "secret key" | "checkout token";
}

const DOORS: Partial<Record<RouteName, Door>> = {
  openPayment: { bodies: RUBBISH_BODIES, with: "secret key" },
  promptPayment: { bodies: RUBBISH_BODIES, with: "secret key" },
  cancelPayment: { bodies: RUBBISH_WITH_WORDS, with: "secret key" },
  stkPush: { bodies: RUBBISH_BODIES, with: "secret key" },
  // The payment knows its number: no body means that one.
  checkoutPrompt: { bodies: RUBBISH_WITH_WORDS, with: "checkout token" },
  checkoutCode: { bodies: RUBBISH_BODIES, with: "checkout token" },
};
const doors = Object.entries(DOORS) as [RouteName, Door][];

async function opened() {
  const wish = { amount: 20, orderReference: `rubbish-${Math.random()}`.slice(0, 20) };
  return (await house.call("POST", "/v1/payments", { ...wish, phoneNumber: "0700000002" })).body;
}

test.each(doors)("%s refuses it, with a key of its own and without", async (name, door) => {
  const { id, checkoutToken } = await opened();
  const path = (ROUTES[name].split(" ")[1] ?? "").replace(":id", id);
  const who: Record<string, string> =
    door.with === "secret key" ? {} : { Authorization: `Bearer ${checkoutToken}` };
  const before = moved();
  for (const [index, body] of door.bodies.entries()) {
    const keys: Record<string, string>[] = [{}, { "Idempotency-Key": `${name}-${index}` }];
    for (const key of keys) {
      const reply = await house.call("POST", path, body, { ...who, ...key });
      const told = `${body.slice(0, 40)}: ${reply.status} ${reply.body?.error?.code}`;
      expect([400, 413, 422], told).toContain(reply.status);
      expect(reply.body.error.type, told).toBe("invalid_request");
    }
  }
  expect(moved()).toBe(before);
});

test("a payment is still cancelled without a body and with an empty one", async () => {
  for (const body of [undefined, "", "{}"]) {
    const { id } = await opened();
    const reply = await house.call("POST", `/v1/payments/${id}/cancel`, body);
    expect([reply.status, reply.body.status]).toEqual([200, "cancelled"]);
  }
});

test("the old callback address, which proves nothing, takes it and keeps none of it", async () => {
  const before = moved();
  for (const body of RUBBISH_BODIES) {
    const reply = await house.call("POST", "/api/mpesa/callback", body);
    expect([reply.status, reply.body.ResultCode]).toEqual([200, 0]);
  }
  expect(moved()).toBe(before);
});

test("no door is left out", () => {
  const elsewhere = (name: string) => name.startsWith("dashboard") || name === "legacyCallback";
  const posts = Object.entries(ROUTES).filter(([, route]) => route.startsWith("POST "));
  const wanted = posts.map(([name]) => name).filter((name) => !elsewhere(name));
  expect(Object.keys(DOORS).sort()).toEqual(wanted.sort());
});
