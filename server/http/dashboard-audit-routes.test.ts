/** The audit log over HTTP in the whole house: what people do is in it, and it verifies. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditList, AuditStep } from "../../shared/audit-api.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house[Symbol.asyncDispose]());

const headers = () => ({ Origin: house.origin, Authorization: "" });
const signIn = (password = OWNER.password) =>
  house.call("POST", "/dashboard/api/sign-in", { ...OWNER, password }, headers());

async function enter() {
  const Cookie = ((await signIn()).headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  const send = (method: string, path: string, body?: object) =>
    house.call(method, `/dashboard/api/${path}`, body, { ...headers(), Cookie });
  const audit = async (query = ""): Promise<AuditList> => (await send("GET", `audit${query}`)).body;
  return { send, audit };
}

test("says who did what, in the order in which it was done", async () => {
  const { send, audit } = await enter();
  const made = await send("POST", "settings/keys", { kind: "secret" });
  await send("POST", `settings/keys/${made.body.view.id}/revoke`, {});
  await send("POST", "settings/origins", { origins: ["https://shop.co.ke"], was: [] });
  const { data, people } = await audit();
  const owner = { id: people[0]?.id, name: OWNER.email };
  const tail = made.body.key.slice(-4);
  const key = { id: made.body.view.id, name: null };
  expect(data.slice(0, 4)).toMatchObject([
    { actor: owner, action: "origins_changed", details: { websites: "https://shop.co.ke" } },
    { actor: owner, action: "key_revoked", target: key, details: { kind: "secret", tail } },
    { actor: owner, action: "key_created", target: key, details: { kind: "secret", tail } },
    { actor: owner, action: "signed_in", target: null },
  ]);
  expect(data.at(-1)).toMatchObject({ number: 1, actor: { id: "system" }, action: "set_up" });
  expect(JSON.stringify(data)).not.toContain(made.body.key);
  const commands = await audit("?actor=command&action=key_created");
  expect(commands.data.map(({ actor }) => actor.id)).toEqual(["command", "command", "command"]);
  const first = await audit("?limit=2");
  expect([first.hasMore, first.data.length]).toEqual([true, 2]);
  const next = await audit(`?limit=2&before=${first.data[1]?.number}`);
  expect(next.data[0]?.number).toBe((first.data[1]?.number ?? 0) - 1);
});

test("keeps one row of many wrong passwords, and none of who does not exist", async () => {
  for (let n = 0; n < 4; n += 1) await signIn(`wrong password ${n}`);
  await house.call("POST", "/dashboard/api/sign-in", { ...OWNER, email: "no@b.ke" }, headers());
  const { audit } = await enter();
  const failed = await audit("?action=sign_in_failed");
  expect(failed.data).toMatchObject([
    { actor: { id: "system" }, target: { name: OWNER.email }, details: { wrong: "password" } },
  ]);
});

test("verifies step by step, and misses what is beyond its end", async () => {
  const { send } = await enter();
  const step = async (after: number): Promise<AuditStep> =>
    (await send("GET", `audit/verify?after=${after}`)).body;
  const whole = await step(0);
  expect(whole).toMatchObject({ broken: null, checkedTo: whole.total });
  expect(whole.newestHash).toMatch(/^[0-9a-f]{64}$/);
  expect((await step(3)).checkedTo).toBe(whole.total);
  expect((await step(whole.total + 1)).broken).toMatchObject({ fault: "missing" });
});

test.each([
  ["audit?limit=0", "limit"],
  ["audit?before=x", "before"],
  ["audit?action=nothing", "action"],
  ["audit?odd=1", "odd"],
  ["audit/verify?after=-1", "after"],
])("%s is refused and names %s", async (path, param) => {
  const { send } = await enter();
  const refused = await send("GET", path);
  expect([refused.status, refused.body.error.param]).toEqual([422, param]);
});
