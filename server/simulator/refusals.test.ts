import { afterAll, beforeAll, expect, test } from "vitest";
import { SANDBOX_MERCHANT } from "./demo.ts";
import { isCallbackAddress } from "./requests.ts";
import { type RunningSimulator, startSimulator } from "./start.ts";
import { darajaClient, startReceiver } from "./test-client.ts";

let running: RunningSimulator;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let client: ReturnType<typeof darajaClient>;

beforeAll(async () => {
  running = await startSimulator({ port: 0, speed: 1_000 });
  receiver = await startReceiver();
  client = darajaClient(running.address, receiver.url);
  await client.signIn();
});
afterAll(async () => {
  await running.close();
  await receiver.close();
});

const PHONE = "254700111133";

test("a token is 28 characters, pretty-printed, and lives for the text 3599", async () => {
  const { status, text, body } = await client.oauth();
  expect(status).toBe(200);
  expect(text).toMatch(/^\{\n {2}"access_token": "\w{28}",\n {2}"expires_in": "3599"\n\}\n$/);
  expect(body.expires_in).toBe("3599");
});

test("OAuth refuses wrong credentials with an empty 400", async () => {
  const answer = await client.oauth(undefined, `Basic ${btoa("someone:else")}`);
  expect(answer).toMatchObject({ status: 400, text: "" });
});

test.each([
  ["?grant_type=password", undefined, 400, "400.008.02"],
  ["?grant_type=client_credentials", "Bearer x", 400, "400.008.01"],
])("OAuth refuses %s %s", async (query, authorization, status, errorCode) => {
  const answer = await client.oauth(query, authorization);
  expect(answer).toMatchObject({ status, body: { errorCode } });
});

test.each([
  ["POST", "/oauth/v1/generate"],
  ["GET", "/mpesa/stkpush/v1/processrequest"],
  ["PUT", "/mpesa/stkpushquery/v1/query"],
])("%s %s is the wrong method", async (method, path) => {
  const answer = await fetch(running.address + path, { method });
  expect(answer.status).toBe(405);
  expect(await answer.json()).toMatchObject({ errorCode: "405.001" });
});

test.each([
  "/mpesa/transactionstatus/v1/query",
  "/mpesa/reversal/v1/request",
  "/mpesa/c2b/v2/registerurl",
  "/nowhere",
])("%s is not found in Daraja's words", async (path) => {
  const answer = await client.post(path, {});
  expect(answer).toMatchObject({ status: 404, body: { errorCode: "404.001.01" } });
});

test.each([
  [{ ShortCode: "shop" }, 400, "400.002.02"],
  [{ StartDate: "yesterday" }, 400, "400.002.02"],
  [{ EndDate: "" }, 400, "400.002.02"],
  [{ OffSetValue: "-1" }, 400, "400.002.02"],
])("a pull with %j is refused", async (odd, status, errorCode) => {
  const window = { StartDate: "2026-11-27 10:00:00", EndDate: "2026-11-27 11:00:00" };
  const body = { ShortCode: SANDBOX_MERCHANT.shortcode, ...window, OffSetValue: "0", ...odd };
  expect(await client.post("/pulltransactions/v1/query", body)).toMatchObject({
    status,
    body: { errorCode },
  });
});

test("a pull of a window in which nothing came in is 1001", async () => {
  const window = { StartDate: "2020-11-27 10:00:00", EndDate: "2020-11-27 11:00:00" };
  const body = { ShortCode: SANDBOX_MERCHANT.shortcode, ...window, OffSetValue: "0" };
  expect(await client.post("/pulltransactions/v1/query", body)).toMatchObject({
    status: 200,
    body: { ResponseCode: "1001" },
  });
});

test("a push without a living token is 404.001.03", async () => {
  const expected = { status: 404, body: { errorCode: "404.001.03" } };
  expect(await client.push(PHONE, {}, "wrong")).toMatchObject(expected);
  const { body } = await client.oauth();
  running.simulator.revokeTokens();
  expect(await client.push(PHONE, {}, body.access_token)).toMatchObject(expected);
  await client.signIn();
});

test.each([
  ["BusinessShortCode", "12"],
  ["BusinessShortCode", undefined],
  ["Password", ""],
  ["Timestamp", "20261340000000"],
  ["TransactionType", "BuySomething"],
  ["Amount", 0],
  ["Amount", -5],
  ["Amount", 10.5],
  ["Amount", "12x"],
  ["PartyA", "0700000001"],
  ["PartyB", "shop"],
  ["PhoneNumber", "+254700000001"],
  ["PhoneNumber", "254800000001"],
  ["CallBackURL", "http://shop.example.co.ke/hook"],
])("a push with %s = %s is refused by its name", async (field, value) => {
  const answer = await client.push(PHONE, { [field]: value });
  const errorMessage = `Bad Request - Invalid ${field}`;
  expect(answer).toMatchObject({ status: 400, body: { errorCode: "400.002.02", errorMessage } });
  expect(answer.body.requestId).toMatch(/^[0-9a-f]{4}-[0-9a-f]{4}-/);
});

test.each(["TransactionDesc", "AccountReference"])(
  "a push without %s is Remarks",
  async (field) => {
    const answer = await client.push(PHONE, { [field]: undefined });
    expect(answer.body.errorMessage).toBe("Bad Request - Invalid Remarks");
  },
);

test.each(["not json", "[]", "7", ""])("a push of %j is no payload", async (body) => {
  const answer = await client.post("/mpesa/stkpush/v1/processrequest", body);
  expect(answer).toMatchObject({ status: 400, body: { errorCode: "400.002.05" } });
});

test("a push that is too big is no payload", async () => {
  const answer = await client.push(PHONE, { TransactionDesc: "x".repeat(70_000) });
  expect(answer).toMatchObject({ status: 400, body: { errorCode: "400.002.05" } });
});

test("numbers are taken as text is", async () => {
  const answer = await client.push("254700111134", {
    BusinessShortCode: 600000,
    Amount: "7",
    PartyA: 254700111134,
    PhoneNumber: 254700111134,
    PartyB: 600000,
  });
  expect(answer.status).toBe(200);
});

test("a Password for another Timestamp is wrong credentials, for push and query", async () => {
  const expected = {
    status: 500,
    body: { errorCode: "500.001.1001", errorMessage: "Wrong credentials" },
  };
  const changes = { Timestamp: "20260101120000" };
  expect(await client.push(PHONE, changes)).toMatchObject(expected);
  expect(await client.query("ws_CO_1", changes)).toMatchObject(expected);
});

test("the public sandbox shortcode works when the simulator runs alone", async () => {
  const { shortcode, passkey } = SANDBOX_MERCHANT;
  const Timestamp = "20260101120000";
  const Password = btoa(`${shortcode}${passkey}${Timestamp}`);
  const changes = { BusinessShortCode: shortcode, PartyB: shortcode, Password, Timestamp };
  expect(await client.push("254700111135", changes)).toMatchObject({ status: 200 });
});

test("an unknown CheckoutRequestID is refused by its name", async () => {
  const errorMessage = "Bad Request - Invalid CheckoutRequestID";
  const expected = { status: 400, body: { errorCode: "400.002.02", errorMessage } };
  expect(await client.query("ws_CO_2911202512000000070000000")).toMatchObject(expected);
  expect(await client.query("")).toMatchObject(expected);
});

test("with a query limit the second query at once is a spike", async () => {
  running.simulator.limitQueries(5);
  await client.query("ws_CO_1");
  const answer = await client.query("ws_CO_1");
  running.simulator.limitQueries(0);
  expect(answer.status).toBe(429);
  expect(answer.body.fault.faultstring).toContain("messagesPerPeriod=5,");
  expect(answer.body.fault.detail.errorcode).toBe("policies.ratelimit.SpikeArrestViolation");
  expect(await client.query("ws_CO_1")).toMatchObject({ status: 400 });
});

test.each([
  ["https://shop.example.co.ke/hook", true],
  ["https://shop.example.co.ke:8443/hook", true],
  ["https://41.90.1.2/hook", true],
  ["http://localhost:4100/daraja/callbacks", true],
  ["http://127.0.0.1:4100/x", true],
  ["http://[::1]:4100/x", true],
  ["http://shop.example.co.ke/hook", false],
  ["https://192.168.1.5/hook", false],
  ["https://10.0.0.1/hook", false],
  ["https://shop/hook", false],
  ["https://shop.local/hook", false],
  ["https://<your-domain>.co.ke/hook", false],
  [" https://shop.example.co.ke/hook", false],
  ["ftp://shop.example.co.ke/hook", false],
  ["", false],
])("a callback to %s is taken: %s", (address, taken) => {
  expect(isCallbackAddress(address)).toBe(taken);
});
