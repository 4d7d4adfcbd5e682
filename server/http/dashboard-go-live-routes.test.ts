/** The way to real money over HTTP: what each step is proven by, and trials by real calls. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type GoLiveView, goLiveView, trialAnswer } from "../../shared/go-live-api.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import type { Env } from "../config.ts";
import { handClock } from "../flow-house.test-support.ts";
import { darajaEnv, type LocalDaraja, localDaraja } from "../local-daraja.test-support.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };
const DAY_MS = 86_400_000;
const opened: AsyncDisposable[] = [];
let daraja: LocalDaraja;
let clock: ReturnType<typeof handClock>;
beforeEach(async () => {
  daraja = await localDaraja();
  clock = handClock();
  opened.push(daraja);
});
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

/** A house in the sandbox, beside a Daraja of this test's own. */
async function sandbox(env: Env = {}): Promise<TestHouse> {
  const house = await testHouse({ env: { ...darajaEnv(daraja), ...env }, clock });
  opened.push(house);
  return house;
}

async function owner(house: TestHouse) {
  const headers = { Origin: house.origin, Authorization: "" };
  const signedIn = await house.call("POST", "/dashboard/api/sign-in", OWNER, headers);
  const cookie = (signedIn.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  const call = async (method: string, path: string) =>
    (
      await house.call(method, `/dashboard/api/${path}`, method === "GET" ? undefined : {}, {
        ...headers,
        Cookie: cookie,
      })
    ).body;
  return {
    read: async () => goLiveView.parse(await call("GET", "go-live")),
    attempt: async (trial: "callback" | "credentials") =>
      trialAnswer.parse(await call("POST", `go-live/${trial}`)),
  };
}
const stateOf = (view: GoLiveView, name: string) =>
  view.steps.find((step) => step.name === name)?.state;

test("the address is proven by a call that comes in here, and the proof ages", async () => {
  const house = await sandbox();
  const { read, attempt } = await owner(house);
  expect(stateOf(await read(), "callback")).toBe("open");
  const { result, view } = await attempt("callback");
  expect([result, stateOf(view, "callback")]).toEqual(["passed", "done"]);
  clock.pass(7 * DAY_MS);
  const later = await owner(house);
  expect(stateOf(await later.read(), "callback")).toBe("done");
  clock.pass(1);
  expect(stateOf(await later.read(), "callback")).toBe("old");
});

test("an address that somebody else answers, or nobody, is told apart", async () => {
  const stranger = createServer((_req, res) => res.writeHead(200).end("{}"));
  await new Promise<void>((ready) => stranger.listen(0, "127.0.0.1", ready));
  const { port } = stranger.address() as AddressInfo;
  const house = await sandbox({ MPESA_CALLBACK_URL: `http://127.0.0.1:${port}/results` });
  const { attempt } = await owner(house);
  const elsewhere = await attempt("callback");
  expect([elsewhere.result, elsewhere.detail]).toEqual(["elsewhere", "HTTP 200"]);
  await new Promise((closed) => stranger.close(closed));
  const nobody = await attempt("callback");
  expect([nobody.result, nobody.detail]).toEqual(["unreachable", "ECONNREFUSED"]);
  expect(stateOf(nobody.view, "callback")).toBe("open");
});

test("keys are proven by a token, and a refusal says what came back", async () => {
  daraja.onToken = () => ({ status: 400, body: "" });
  const { attempt } = await owner(await sandbox());
  const refused = await attempt("credentials");
  expect([refused.result, stateOf(refused.view, "credentials")]).toEqual(["refused", "open"]);
  expect(refused.detail).not.toBe("");
  daraja.onToken = () => ({ status: 200, body: { access_token: "t", expires_in: "3599" } });
  const passed = await attempt("credentials");
  expect([passed.result, stateOf(passed.view, "credentials")]).toEqual(["passed", "done"]);
});

test("in the simulator the steps are taken by a shop's first payment", async () => {
  const house = await testHouse();
  opened.push(house);
  const { read } = await owner(house);
  const before = await read();
  expect(before.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
    "first_payment open",
    "shop_key done",
    "shop_called open",
    "websites open",
    "sandbox open",
  ]);
  const wish = { phoneNumber: "254700000101", amount: 50, orderId: "FIRST-1" };
  expect((await house.call("POST", "/api/mpesa/stk-push", wish)).status).toBe(201);
  await expect
    .poll(async () => stateOf(await read(), "first_payment"), { timeout: 10_000 })
    .toBe("done");
  expect(stateOf(await read(), "shop_called")).toBe("done");
});

test("a word that nobody sent proves nothing, and is answered like any stray", async () => {
  const house = await sandbox();
  const path = `/daraja/callbacks/walk/${"ab".repeat(16)}`;
  expect((await house.call("POST", path, {})).status).toBe(200);
  expect(stateOf(await (await owner(house)).read(), "callback")).toBe("open");
});
