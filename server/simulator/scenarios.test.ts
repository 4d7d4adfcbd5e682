/** Every row of contract §9 as a merchant's server sees it, a thousand times faster. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TEST_SCENARIOS, type TestScenario } from "../../shared/handset-view.ts";
import { parseReceipt, receiptDate } from "../../shared/receipt.ts";
import { PAYMENT_STATUSES } from "../../shared/words.ts";
import { SCENARIOS, scenarioFor, testScenario } from "./scenarios.ts";
import { type RunningSimulator, startSimulator } from "./start.ts";
import { type Answer, darajaClient, startReceiver, until } from "./test-client.ts";

let running: RunningSimulator;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let client: ReturnType<typeof darajaClient>;

beforeAll(async () => {
  running = await startSimulator({ port: 0, speed: 1_000 });
  receiver = await startReceiver();
  client = darajaClient(`${running.address}/simulator`, receiver.url);
  await client.signIn();
});
afterAll(async () => {
  await running.close();
  await receiver.close();
});

let serial = 0;
/** A fresh number for a row, so that rows run beside each other. */
function phoneFor(row: string): string {
  serial += 1;
  return `254700${String(serial).padStart(4, "0")}${row}`;
}

const callbacksOf = (id: string) =>
  receiver.received.filter(({ callback }) => callback.CheckoutRequestID === id);

/** Everything that was planned has happened and been answered. */
async function played(id: string) {
  return until(() => {
    const prompt = running.simulator.ledger.byCheckoutRequestId(id);
    const answered = prompt?.callbacks.every(({ answer }) => answer !== "waiting");
    return prompt && prompt.state !== "open" && prompt.callbacksDue === 0 && answered && prompt;
  });
}

type Accepted = { readonly codes: readonly (number | string)[]; readonly query: string };

/** Callback codes in order, and what the query says in the end. */
const ACCEPTED: Partial<Record<TestScenario, Accepted>> = {
  "00": { codes: [1037], query: "1037" },
  "01": { codes: [0], query: "0" },
  "02": { codes: [1032], query: "1032" },
  "03": { codes: [1037], query: "1037" },
  "04": { codes: [1], query: "1" },
  "05": { codes: [2001], query: "2001" },
  "06": { codes: [1037], query: "1037" },
  "07": { codes: [], query: "0" },
  "08": { codes: [0, 0], query: "0" },
  "09": { codes: [0], query: "0" },
  "10": { codes: [0], query: "0" },
  "15": { codes: [1037, 1019], query: "1019" },
  "16": { codes: [0], query: "4999" },
  "17": { codes: [0], query: "0" },
  "18": { codes: ["SFC_IC0003"], query: "SFC_IC0003" },
  "19": { codes: [1037, 0], query: "0" },
};

test.each(Object.entries(ACCEPTED))("row %s: %j", async (row, { codes, query }) => {
  const phone = phoneFor(row);
  const pushed = await client.push(phone);
  expect(pushed).toMatchObject({ status: 200, body: { ResponseCode: "0" } });
  const id: string = pushed.body.CheckoutRequestID;
  expect(id).toMatch(new RegExp(`^ws_CO_\\d{17}${phone.slice(-9)}$`));
  const pays = codes.includes(0) || row === "07";
  const prompt = await until(async () => {
    const found = await played(id);
    return (!pays || found.debit !== null) && found.callbacks.length === codes.length && found;
  });
  expect(callbacksOf(id).map(({ callback }) => callback.ResultCode)).toEqual(codes);
  const asked = await client.query(id);
  expect(asked).toMatchObject({
    status: 200,
    body: { ResponseCode: "0", ResultCode: query, CheckoutRequestID: id },
  });
  expect(prompt.debit !== null).toBe(pays);
});

const REFUSED: Partial<Record<TestScenario, (answer: Answer) => void>> = {
  "12": (answer) => {
    expect(answer).toMatchObject({ status: 500, body: { errorCode: "500.003.02" } });
    expect(answer.body.errorMessage).toBe("System is busy. Please try again in few minutes.");
  },
  "13": (answer) => {
    expect(answer).toMatchObject({ status: 500, body: { errorCode: "500.001.1001" } });
    expect(answer.body.errorMessage).toMatch(/^Unable to lock subscriber/);
  },
  "14": (answer) => {
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("<html");
    expect(answer.text).toContain("Incapsula incident ID");
  },
};

test.each(Object.entries(REFUSED))("row %s never becomes a prompt", async (row, check) => {
  const phone = phoneFor(row);
  const before = running.simulator.ledger.totalDebited();
  check(await client.push(phone));
  const { ledger } = running.simulator;
  expect(ledger.unprompted().map((push) => push.phone)).toContain(phone);
  expect(ledger.prompts().some((prompt) => prompt.phone === phone)).toBe(false);
  expect(ledger.totalDebited()).toBe(before);
});

test("row 11: the connection breaks, then money and callback come", async () => {
  const reference = "LOSTANSWER";
  await expect(client.push(phoneFor("11"), { AccountReference: reference })).rejects.toThrow();
  const [prompt] = running.simulator.ledger.byAccountReference(reference);
  const { debit, checkoutRequestId } = await played(prompt?.checkoutRequestId ?? "");
  expect(debit?.amount).toBe(1250);
  expect(callbacksOf(checkoutRequestId)).toHaveLength(1);
});

test("row 20: the connection breaks and nothing else ever happens", async () => {
  const reference = "NEVERSENT";
  await expect(client.push(phoneFor("20"), { AccountReference: reference })).rejects.toThrow();
  const { ledger } = running.simulator;
  expect(ledger.unprompted().map((push) => push.accountReference)).toContain(reference);
  expect(ledger.byAccountReference(reference)).toEqual([]);
});

test("row 09: the callback is there before the push is answered", async () => {
  const { body } = await client.push(phoneFor("09"));
  expect(callbacksOf(body.CheckoutRequestID)).toHaveLength(1);
});

test("row 08: both callbacks are the same bytes", async () => {
  const { body } = await client.push(phoneFor("08"));
  const both = await until(() => {
    const found = callbacksOf(body.CheckoutRequestID);
    return found.length === 2 && found;
  });
  expect(both[0]?.text).toBe(both[1]?.text);
});

test("row 15: the second code comes under another MerchantRequestID", async () => {
  const { body } = await client.push(phoneFor("15"));
  const [first, second] = await until(() => {
    const found = callbacksOf(body.CheckoutRequestID);
    return found.length === 2 && found;
  });
  expect(first?.callback.MerchantRequestID).toBe(body.MerchantRequestID);
  expect(second?.callback.MerchantRequestID).not.toBe(body.MerchantRequestID);
});

test("row 17: callback and ledger agree on an amount that was not asked for", async () => {
  const { body } = await client.push(phoneFor("17"));
  const { debit } = await played(body.CheckoutRequestID);
  const [received] = callbacksOf(body.CheckoutRequestID);
  expect(debit?.amount).toBe(1249);
  expect(received?.callback.CallbackMetadata?.Item[0]).toEqual({ Name: "Amount", Value: 1249 });
});

test("while a prompt is open the query says 4999 and the phone is locked", async () => {
  const phone = phoneFor("10");
  const { body } = await client.push(phone);
  const asked = await client.query(body.CheckoutRequestID);
  expect(asked.body).toMatchObject({ ResultCode: "4999", ResponseCode: "0" });
  const second = await client.push(phone);
  expect(second.status).toBe(500);
  expect(second.body.errorMessage).toMatch(/^Unable to lock subscriber, a transaction is already/);
  await played(body.CheckoutRequestID);
  expect((await client.push(phone)).status).toBe(200);
});

test("two pushes to one phone at the same moment make one prompt", async () => {
  // Its prompt stays open for the longest: two calls may lie milliseconds apart.
  const phone = phoneFor("10");
  const answers = await Promise.all([client.push(phone), client.push(phone)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 500]);
});

test("any other number pays: amount, receipt, date and phone are in the recorded shape", async () => {
  const { body } = await client.push("254112345678", { Amount: 7 });
  const { debit } = await played(body.CheckoutRequestID);
  const [received] = callbacksOf(body.CheckoutRequestID);
  const items = received?.callback.CallbackMetadata?.Item ?? [];
  const itemOf = (name: string) => items.find(({ Name }) => Name === name)?.Value;
  expect(itemOf("Amount")).toBe(7);
  expect(itemOf("PhoneNumber")).toBe(254112345678);
  expect(String(itemOf("TransactionDate"))).toMatch(/^20\d{12}$/);
  expect(typeof itemOf("TransactionDate")).toBe("number");
  const receipt = parseReceipt(itemOf("MpesaReceiptNumber"));
  expect(receipt).toBe(debit?.receipt);
  const today = String(itemOf("TransactionDate"));
  const date = receipt && receiptDate(receipt);
  expect(date).toEqual({
    year: Number(today.slice(0, 4)),
    month: Number(today.slice(4, 6)),
    day: Number(today.slice(6, 8)),
  });
});

test("callbacks carry the recorded headers", async () => {
  const { body } = await client.push(phoneFor("02"));
  await played(body.CheckoutRequestID);
  expect(callbacksOf(body.CheckoutRequestID)[0]?.headers).toMatchObject({
    "user-agent": expect.stringMatching(/^ReactorNetty\//),
    "content-type": "application/json;charset=UTF-8",
    businessshortcode: "600000",
  });
});

test("a failure carries no metadata; Balance comes in three forms", async () => {
  const failed = await client.push(phoneFor("04"));
  await played(failed.body.CheckoutRequestID);
  const [callback] = callbacksOf(failed.body.CheckoutRequestID);
  expect(callback?.callback).not.toHaveProperty("CallbackMetadata");
  const forms = new Set<string>();
  for (let i = 0; i < 3; i += 1) {
    const { body } = await client.push(phoneFor("01"));
    await played(body.CheckoutRequestID);
    const [received] = callbacksOf(body.CheckoutRequestID);
    const items = received?.callback.CallbackMetadata?.Item ?? [];
    const balance = items.find(({ Name }) => Name === "Balance");
    forms.add(balance === undefined ? "absent" : typeof balance.Value);
  }
  expect([...forms].sort()).toEqual(["absent", "string", "undefined"]);
});

test("above M-Pesa's limit the callback says 3", async () => {
  const { body } = await client.push(phoneFor("01"), { Amount: 250_001 });
  await played(body.CheckoutRequestID);
  expect(callbacksOf(body.CheckoutRequestID)[0]?.callback.ResultCode).toBe(3);
});

test("the sum of the ledger is the sum of its debits", () => {
  const { ledger } = running.simulator;
  const sum = ledger.debits().reduce((total, debit) => total + debit.amount, 0);
  expect(ledger.totalDebited()).toBe(sum);
  expect(sum).toBeGreaterThan(0);
  const receipts = ledger.debits().map(({ receipt }) => receipt);
  expect(new Set(receipts).size).toBe(receipts.length);
});

test("every row says what its payment ends as, in words that exist", () => {
  expect(Object.keys(SCENARIOS).sort()).toEqual([...TEST_SCENARIOS].sort());
  for (const row of TEST_SCENARIOS) expect(PAYMENT_STATUSES).toContain(SCENARIOS[row].endsAs);
  const inDoubt = TEST_SCENARIOS.filter((row) => SCENARIOS[row].endsAs === "in_doubt");
  expect(inDoubt).toEqual(["12", "14", "20"]);
});

test("steps of every row are in the order of time", () => {
  for (const row of TEST_SCENARIOS) {
    const times = SCENARIOS[row].steps.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  }
});

test("only 254700NNNNSS with a known SS is a test phone", () => {
  expect(testScenario("254700123419")).toBe("19");
  expect(testScenario("254700123421")).toBeNull();
  expect(testScenario("254711000002")).toBeNull();
  expect(scenarioFor("254711000002").endsAs).toBe("confirmed");
});

test("the README's table says of every row what the code does", () => {
  const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8");
  for (const row of TEST_SCENARIOS) {
    const { title, endsAs } = SCENARIOS[row];
    expect(readme).toMatch(new RegExp(`^\\| 2547000000${row} \\| .* \\| ${endsAs}\\b.* \\|$`, "m"));
    expect(readme).toContain(`| 2547000000${row} | ${title} |`);
  }
});
