/** The handset's own calls: a person answers, and the shop hears of it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HandsetAction, HandsetState } from "../../shared/handset-view.ts";
import type { Log, LogFields } from "../ports.ts";
import { type RunningSimulator, startSimulator } from "./start.ts";
import { darajaClient, startReceiver, until } from "./test-client.ts";

/** Slow enough that nothing rings out while a test looks, fast enough not to wait for it. */
const SPEED = 40;

let running: RunningSimulator;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let client: ReturnType<typeof darajaClient>;
const logged: string[] = [];
const keep = (event: string, fields?: LogFields) => {
  logged.push(JSON.stringify([event, fields]));
};
const log: Log = { info: keep, warn: keep, error: keep };

beforeAll(async () => {
  running = await startSimulator({ port: 0, speed: SPEED, log });
  receiver = await startReceiver();
  client = darajaClient(running.address, receiver.url);
  await client.signIn();
});
afterAll(async () => {
  await running.close();
  await receiver.close();
});

let serial = 5_000;
function phoneFor(row: string): string {
  serial += 1;
  return `254700${serial}${row}`;
}

const api = () => `${running.address}/simulator/handset`;

async function state(): Promise<HandsetState> {
  return (await fetch(`${api()}/prompts`)).json();
}

/** Pushes to a phone and gives the handset's view of the prompt with Daraja's id. */
async function prompted(phone: string) {
  const { body } = await client.push(phone);
  const { prompts } = await state();
  const { ledger } = running.simulator;
  const id = ledger.byCheckoutRequestId(body.CheckoutRequestID)?.id;
  return {
    checkoutRequestId: body.CheckoutRequestID,
    prompt: prompts.find((p) => p.id === id),
    id,
  };
}

function answer(promptId: string | undefined, body: unknown, where = api()) {
  return fetch(`${where}/prompts/${promptId}/answer`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function settled(id: string) {
  return until(() => {
    const prompt = running.simulator.ledger.byCheckoutRequestId(id);
    const heard = prompt?.callbacks.every((callback) => callback.answer === 200);
    return prompt && prompt.state !== "open" && prompt.callbacksDue === 0 && heard && prompt;
  }, 10_000);
}

const codesFor = (id: string) =>
  receiver.received
    .filter(({ callback }) => callback.CheckoutRequestID === id)
    .map(({ callback }) => callback.ResultCode);

test.concurrent.each<[HandsetAction, readonly number[], boolean]>([
  ["pay", [0], true],
  ["cancel", [1032], false],
  ["no_money", [1], false],
  ["wrong_pin", [2001], false],
  ["phone_off", [1037], false],
  ["ring_out", [1037], false],
  ["pay_lose_callback", [], true],
  ["pay_twice_called", [0, 0], true],
  ["pay_late", [0], true],
])("a person answers %s: callbacks %j", async (action, codes, paid) => {
  const { checkoutRequestId, prompt } = await prompted(phoneFor("00"));
  expect(prompt).toMatchObject({ mode: "waiting", merchantName: "Demo Shop", amount: 1250 });
  const answered = await answer(prompt?.id, { action });
  expect(answered.status).toBe(200);
  const truth = await settled(checkoutRequestId);
  expect(truth.debit !== null).toBe(paid);
  expect(codesFor(checkoutRequestId)).toEqual(codes);
  const { messages, prompts } = await state();
  expect(prompts.some(({ id }) => id === prompt?.id)).toBe(false);
  expect(messages.find(({ id }) => id === prompt?.id)).toMatchObject({
    receipt: truth.debit?.receipt ?? null,
    callbacksDelivered: codes.length,
    callbacksDue: 0,
  });
});

test.concurrent("with nobody there, the prompt of row 00 rings out as 1037", async () => {
  const { checkoutRequestId } = await prompted(phoneFor("00"));
  await settled(checkoutRequestId);
  expect(codesFor(checkoutRequestId)).toEqual([1037]);
});

test("a person may take over a prompt that answers by itself", async () => {
  const { checkoutRequestId, prompt } = await prompted(phoneFor("10"));
  expect(prompt?.mode).toBe("automatic");
  const taken: HandsetState = await (await answer(prompt?.id, { action: "take_over" })).json();
  expect(taken.prompts.find(({ id }) => id === prompt?.id)?.mode).toBe("waiting");
  await answer(prompt?.id, { action: "cancel" });
  await settled(checkoutRequestId);
  expect(codesFor(checkoutRequestId)).toEqual([1032]);
});

test.concurrent("an answer on its way cannot be changed; a settled prompt is gone", async () => {
  const slower = await startSimulator({ port: 0, speed: 4 });
  const daraja = darajaClient(slower.address, receiver.url);
  await daraja.signIn();
  const { body } = await daraja.push(phoneFor("00"));
  const id = slower.simulator.ledger.byCheckoutRequestId(body.CheckoutRequestID)?.id;
  const there = `${slower.address}/handset`;
  expect((await answer(id, { action: "pay" }, there)).status).toBe(200);
  expect((await answer(id, { action: "cancel" }, there)).status).toBe(409);
  await until(() => codesFor(body.CheckoutRequestID).length > 0);
  expect((await answer(id, { action: "cancel" }, there)).status).toBe(404);
  expect(codesFor(body.CheckoutRequestID)).toEqual([0]);
  await slower.close();
});

test("bad answers are named and change nothing", async () => {
  const { prompt } = await prompted(phoneFor("00"));
  const named = async (body: unknown) => (await answer(prompt?.id, body)).json();
  expect(await named({ action: "steal" })).toMatchObject({ error: { param: "action" } });
  expect(await named({ action: "pay", pin: "12" })).toMatchObject({ error: { param: "pin" } });
  expect(await named({ action: "pay", extra: 1 })).toMatchObject({ error: { param: "extra" } });
  const address = `${api()}/prompts/${prompt?.id}/answer`;
  const asText = await fetch(address, { method: "POST", body: '{"action":"pay"}' });
  expect(asText.status).toBe(422);
  expect((await answer("prm_none", { action: "pay" })).status).toBe(404);
  const { prompts } = await state();
  expect(prompts.find(({ id }) => id === prompt?.id)?.mode).toBe("waiting");
});

test("a phone that is off shows no prompt", async () => {
  const { prompt, id } = await prompted(phoneFor("06"));
  expect(id).toBeDefined();
  expect(prompt).toBeUndefined();
});

test("numbers that are not test numbers are masked", async () => {
  const { prompt } = await prompted("254711234567");
  expect(prompt).toMatchObject({ phone: "254*****4567", scenario: null });
});

test("the event stream tells of a prompt and of its end, and can be hung up", async () => {
  const mine = await startSimulator({ port: 0, speed: SPEED });
  const daraja = darajaClient(mine.address, receiver.url);
  await daraja.signIn();
  const stream = await fetch(`${mine.address}/handset/events`);
  expect(stream.headers.get("content-type")).toBe("text/event-stream");
  let text = "";
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) text += Buffer.from(chunk).toString();
  })();
  const states = () =>
    text.split("\n\n").flatMap((event): HandsetState[] => {
      return event.startsWith("data: ") ? [JSON.parse(event.slice(6))] : [];
    });
  await daraja.push(phoneFor("00"));
  const shown = await until(() => states().find(({ prompts }) => prompts.length === 1));
  const there = `${mine.address}/handset`;
  await answer(shown.prompts[0]?.id, { action: "pay", pin: "1234" }, there);
  await until(() => states().find(({ messages }) => messages[0]?.note === "paid"));
  mine.simulator.hangUp();
  await reading;
  const late = await fetch(`${mine.address}/handset/events`);
  expect(await late.text()).toMatch(/^data: .*\n\n$/);
  await mine.close();
});

/** Every leaf of a JSON value, as text. */
function leaves(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [String(value)];
  return Object.values(value).flatMap(leaves);
}

test("the PIN is in no answer, log, callback or ledger, and no phone is logged", async () => {
  const pin = "7395";
  const phone = phoneFor("00");
  const { checkoutRequestId, prompt } = await prompted(phone);
  const said = await (await answer(prompt?.id, { action: "pay", pin })).json();
  const truth = await settled(checkoutRequestId);
  const bodies = truth.callbacks.map(({ body }) => JSON.parse(body));
  expect(leaves([said, await state(), truth, bodies])).not.toContain(pin);
  expect(logged.join()).toContain("simulator_callback");
  expect(logged.flatMap((line) => leaves(JSON.parse(line)))).not.toContain(pin);
  expect(logged.join()).not.toContain(phone.slice(3));
});

test.concurrent("a receiver that answers slowly gets the same bytes again", async () => {
  const slow = await startReceiver(2_100);
  const { body } = await client.push(phoneFor("01"), { CallBackURL: slow.url });
  const received = await until(() => slow.received.length === 2 && slow.received, 10_000);
  expect(received[0]?.text).toBe(received[1]?.text);
  expect(received[0]?.callback.CheckoutRequestID).toBe(body.CheckoutRequestID);
  await slow.close();
});
