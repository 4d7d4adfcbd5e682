/** What Daraja's own list settles: prompts whose push answer and callback were both lost. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { cents } from "../../shared/money.ts";
import { nairobiDate } from "../../shared/nairobi.ts";
import { type Receipt, receiptDateLetters } from "../../shared/receipt.ts";
import { happened } from "../core/events.ts";
import type { AttemptId, MerchantId, PaymentId } from "../core/payment.ts";
import type { StatementLine } from "../core/statement.ts";
import { acceptedPush, type FlowHouse, flowHouse, sweepLooks } from "../flow-house.test-support.ts";
import type { SilentAnswer } from "../ports.ts";
import { advance } from "./advance.ts";
import { type KnownDoubts, knownDoubts } from "./known-doubts.ts";
import { type PullDeps, pullStatement } from "./pull-statement.ts";
import { type CallbackDeps, takeCallback } from "./take-callback.ts";
import { takeCustomerCode } from "./take-customer-code.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OTHER_PHONE = "254711000002";
let house: FlowHouse;
let lines: StatementLine[];
let known: KnownDoubts;
let windows: { from: number; to: number }[];
/** What a whole window is answered with: one page, and none after it. */
let answer: ((lines: StatementLine[]) => Told | SilentAnswer) | null;
type Told = { kind: "lines"; lines: StatementLine[]; whole: boolean };
/** The server is not about to stop. */
const { signal: awake } = new AbortController();
beforeEach(async () => {
  house = await flowHouse();
  known = knownDoubts(house.clock);
  [lines, windows, answer] = [[], [], null];
});
afterEach(() => house[Symbol.asyncDispose]());

function deps(): PullDeps {
  const { shared, store, merchant, gate } = house;
  return {
    ...shared,
    gate,
    merchant,
    bookmarks: store.bookmarks,
    story: store.story,
    proves: "presence_and_absence",
    known,
    source: {
      async pull(from, to, offset) {
        if (offset > 0) return { kind: "page", rows: 0, lines: [], whole: true };
        windows.push({ from, to });
        const told = answer?.(lines) ?? { kind: "lines", lines, whole: true };
        return told.kind === "silent" ? told : { ...told, kind: "page", rows: told.lines.length };
      },
    },
  };
}
const pull = () => pullStatement(deps(), awake);

/** A prompt whose push answer was lost: in doubt, without an id to ask by. */
async function lost(phone?: string, accountReference?: string): Promise<PaymentId> {
  const { id } = await house.open({ accountReference });
  house.daraja.onPush = async () => ({ kind: "unknown", description: "reset" });
  await house.prompt(id, phone);
  expect((await house.read(id)).payment.status).toBe("in_doubt");
  await see();
  return id;
}

/** What the pull of every minute does first: this process knows of its doubts from now on. */
async function see(): Promise<void> {
  const { id } = house.merchant;
  const doubts = await house.store.payments.inDoubt(house.merchant, 10);
  known.note(
    id,
    doubts.flatMap(({ attempts }) => attempts.filter(({ state }) => state === "in_doubt")),
  );
}

async function lineOf(id: PaymentId, over: Partial<StatementLine> = {}): Promise<StatementLine> {
  const { payment } = await house.read(id);
  return {
    receipt: "TKN1A2B3C4" as Receipt,
    amountCents: payment.amountCents,
    reference: payment.accountReference,
    phoneEnd: "001",
    paidAt: house.clock.now(),
    ...over,
  };
}
function codeOfToday(rest: string): Receipt {
  const { year, month, day } = nairobiDate(house.clock.now());
  return `${receiptDateLetters(year, month, day)}${rest}` as Receipt;
}
const standing = async (id: PaymentId) => {
  const { payment } = await house.read(id);
  return [payment.status, payment.receipt];
};

/** A prompt that M-Pesa took, and what its callback says. */
async function prompted(
  accountReference?: string,
): Promise<{ id: PaymentId; attemptId: AttemptId }> {
  const { id } = await house.open({ accountReference });
  const answer = await house.prompt(id);
  if (answer.kind !== "prompted") throw new TypeError(answer.kind);
  house.clock.pass(10_000);
  return { id, attemptId: answer.attemptId };
}
function call(
  attemptId: AttemptId,
  receipt: string,
  over: Partial<CallbackDeps> = {},
  CheckoutRequestID = `ws_CO_${attemptId}`,
) {
  const Item = [
    { Name: "Amount", Value: 20 },
    { Name: "MpesaReceiptNumber", Value: receipt },
  ];
  const words = { ResultCode: 0, ResultDesc: "ok", CallbackMetadata: { Item } };
  const body = JSON.stringify({ Body: { stkCallback: { CheckoutRequestID, ...words } } });
  return takeCallback({ ...house.deps, ...over }, attemptId, body, "127.0.0.1");
}
/** What was told of success, oldest first. */
const proofs = async (id: PaymentId) =>
  (await house.store.story.evidence(id))
    .filter(({ success }) => success)
    .map(({ evidenceClass, receipt }) => `${evidenceClass} ${receipt}`);
const alarms = () => house.logged.filter(({ event }) => event === "payment_alarm").length;

test("a line proves the payment, and the next pull says nothing twice", async () => {
  const id = await lost();
  house.clock.pass(MINUTE);
  lines.push(await lineOf(id));
  expect(await pull()).toBe("read");
  expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4"]);
  const told = (await house.store.payments.timeline(id)).length;
  house.clock.pass(20 * MINUTE);
  expect(await pull()).toBe("read");
  expect((await house.store.payments.timeline(id)).length).toBe(told);
});

test("a line with another amount goes to a person, never to paid", async () => {
  const id = await lost();
  lines.push(await lineOf(id, { amountCents: cents(100) }));
  await pull();
  expect((await standing(id))[0]).toBe("review");
});

test("a line of another phone, or of a hidden one, moves nothing", async () => {
  const id = await lost();
  lines.push(await lineOf(id, { phoneEnd: "999" }));
  lines.push(await lineOf(id, { phoneEnd: null, receipt: "TKN1A2B3C5" as Receipt }));
  await pull();
  house.clock.pass(60 * MINUTE);
  await pull();
  expect((await standing(id))[0]).toBe("in_doubt");
});

test("a line without a reference is the customer's who told its code, if amount and phone agree", async () => {
  const [id, other] = [await lost(), await lost(OTHER_PHONE)];
  const receipt = codeOfToday("1A2B3C4");
  const tell = (payment: PaymentId) => takeCustomerCode(house.shared, payment, receipt);
  expect((await tell(id)).kind).toBe("changed");
  expect((await standing(id))[0]).toBe("in_doubt");
  lines.push(await lineOf(id, { receipt, reference: "", amountCents: cents(100) }));
  await pull();
  expect((await standing(id))[0]).toBe("in_doubt");
  lines = [await lineOf(id, { receipt, reference: "" })];
  await pull();
  expect(await standing(id)).toEqual(["confirmed", receipt]);
  expect((await tell(other)).kind).toBe("used");
});

test("a code that two customers told proves neither", async () => {
  const [id, other] = [await lost(), await lost(OTHER_PHONE)];
  const receipt = codeOfToday("1A2B3C5");
  await takeCustomerCode(house.shared, id, receipt);
  await takeCustomerCode(house.shared, other, receipt);
  lines.push(await lineOf(id, { receipt, reference: "" }));
  await pull();
  expect([(await standing(id))[0], (await standing(other))[0]]).toEqual(["in_doubt", "in_doubt"]);
});

test("a line of another shortcode moves no payment that holds its receipt", async () => {
  const id = await lost();
  lines.push(await lineOf(id));
  await pull();
  const told = (await house.store.payments.timeline(id)).length;
  lines.splice(0, 1, await lineOf(id, { amountCents: cents(900) }));
  house.clock.pass(20 * MINUTE);
  const merchant = { ...house.merchant, id: "mer_other" as MerchantId, shortcode: "600001" };
  expect(await pullStatement({ ...deps(), merchant }, awake)).toBe("read");
  expect((await house.store.payments.timeline(id)).length).toBe(told);
  expect((await house.read(id)).payment.flags).toEqual([]);
  expect(house.logged.map(({ event }) => event)).toContain("receipt_elsewhere");
});

test("a doubt ends when a whole window is empty, twenty minutes after the send and not before", async () => {
  const id = await lost();
  house.clock.pass(19 * MINUTE);
  await pull();
  expect((await standing(id))[0]).toBe("in_doubt");
  house.clock.pass(2 * MINUTE);
  await pull();
  const { payment, attempts } = await house.read(id);
  expect([payment.status, attempts[0]?.reason]).toEqual(["failed", "absent"]);
});

test("a prompt sent under a clock half an hour slow is not called absent when the clock is put right", async () => {
  const id = await lost();
  house.clock.shift(30 * MINUTE);
  house.clock.pass(5_000);
  await pull();
  expect((await standing(id))[0]).toBe("in_doubt");
  await house.prompt(id);
  expect(house.daraja.pushes).toHaveLength(1);
  house.clock.pass(19 * MINUTE);
  await pull();
  expect((await standing(id))[0]).toBe("in_doubt");
  house.clock.pass(MINUTE);
  await pull();
  expect((await house.read(id)).attempts[0]?.reason).toBe("absent");
});

test("nor is an accepted one, which the jump of the clock brings into doubt", async () => {
  const { id } = await house.open();
  await house.prompt(id);
  house.clock.shift(30 * MINUTE);
  house.clock.pass(5_000);
  for (let beats = 0; beats < 2; beats += 1) await sweepLooks(house.deps);
  expect((await standing(id))[0]).toBe("in_doubt");
  for (let minutes = 0; minutes < 20; minutes += 1) {
    await pull();
    expect((await standing(id))[0]).toBe("in_doubt");
    await house.prompt(id);
    house.clock.pass(MINUTE);
  }
  expect(house.daraja.pushes).toHaveLength(1);
  await pull();
  expect((await house.read(id)).attempts[0]?.reason).toBe("absent");
});

test("after a restart a doubt is known anew: twenty minutes pass before it may be absent", async () => {
  const id = await lost();
  house.clock.pass(60 * MINUTE);
  known = knownDoubts(house.clock);
  await pull();
  house.clock.pass(19 * MINUTE);
  await pull();
  expect((await standing(id))[0]).toBe("in_doubt");
  house.clock.pass(2 * MINUTE);
  await pull();
  expect((await house.read(id)).attempts[0]?.reason).toBe("absent");
});

test("a prompt that was sent under a clock two hours fast is not called absent while its money is there", async () => {
  expect(await pull()).toBe("read");
  house.clock.pass(120 * MINUTE);
  const id = await lost();
  house.clock.pass(-120 * MINUTE);
  lines.push(await lineOf(id, { reference: "", phoneEnd: "001" }));
  house.clock.pass(141 * MINUTE);
  expect(await pull()).toBe("read");
  expect(windows.at(-1)?.from).toBe(house.clock.now() - 47 * 60 * MINUTE);
  expect((await standing(id))[0]).toBe("in_doubt");
});

test("while a doubt stays, the widest window is read once in a quarter of an hour", async () => {
  const id = await lost();
  lines.push(await lineOf(id, { reference: "" }));
  const wide = () => windows.at(-1)?.from === house.clock.now() - 47 * 60 * MINUTE;
  const seen: boolean[] = [];
  for (const minutes of [21, 1, 10, 4]) {
    house.clock.pass(minutes * MINUTE);
    expect(await pull()).toBe("read");
    seen.push(wide());
  }
  expect(seen).toEqual([true, false, false, true]);
});

test("a window cut short, and silence, end no doubt and move no bookmark", async () => {
  const id = await lost();
  house.clock.pass(30 * MINUTE);
  answer = (read) => ({ kind: "lines", lines: read, whole: false });
  expect(await pull()).toBe("read");
  answer = () => ({ kind: "silent", cause: "unreachable", description: "403" });
  expect(await pull()).toBe("silent");
  expect((await standing(id))[0]).toBe("in_doubt");
  expect(await house.store.bookmarks.read(`pull ${house.merchant.id}`)).toBeNull();
});

test("with nothing in doubt it rests for a quarter of an hour; its windows overlap and stay in reach", async () => {
  const start = house.clock.now();
  expect(await pull()).toBe("read");
  expect(windows[0]?.from).toBe(start - 47 * 60 * MINUTE);
  house.clock.pass(5 * MINUTE);
  expect(await pull()).toBe("rested");
  house.clock.pass(11 * MINUTE);
  expect(await pull()).toBe("read");
  expect(windows[1]).toEqual({ from: start - 30 * MINUTE, to: start + 16 * MINUTE });
});

test("an open gate is asked first: a pull counts against the same rate as a look", async () => {
  const gate = { take: () => ({ waitMs: 1_000, because: "rate" as const }), report: () => {} };
  const pulling = pullStatement({ ...deps(), gate }, awake);
  for (let seconds = 0; seconds < 61; seconds += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    house.clock.pass(1_000);
  }
  expect(await pulling).toBe("rested");
  expect(windows).toEqual([]);
});

test("yesterday's money on the same account proves nothing about a prompt of today", async () => {
  const yesterday = house.clock.now();
  house.clock.pass(26 * HOUR);
  const id = await lost(undefined, "A12");
  const receipt = "TKM1A2B3C4" as Receipt;
  lines.push(await lineOf(id, { receipt, paidAt: yesterday }));
  await pull();
  expect(await standing(id)).toEqual(["in_doubt", null]);
  expect(house.logged).toContainEqual({ event: "statement_line_older", fields: { receipt } });
  house.clock.pass(21 * MINUTE);
  await pull();
  expect(await standing(id)).toEqual(["failed", null]);
});

test("money from an hour before the send proves nothing, and keeps the doubt open", async () => {
  const id = await lost();
  lines.push(await lineOf(id, { paidAt: house.clock.now() - HOUR }));
  house.clock.pass(21 * MINUTE);
  await pull();
  expect(await standing(id)).toEqual(["in_doubt", null]);
});

test("a clock that is three minutes behind M-Pesa's loses no money", async () => {
  const id = await lost();
  lines.push(await lineOf(id, { paidAt: house.clock.now() - 3 * MINUTE }));
  await pull();
  expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4"]);
});

test("where the send's clock was fast, money that fell out of reach is not called absent", async () => {
  house.clock.pass(2 * HOUR);
  const id = await lost();
  house.clock.pass(-2 * HOUR);
  // Paid at once, by the right clock: two hours later it is out of reach while the send is not.
  house.clock.pass(48 * HOUR);
  await pull();
  expect(await standing(id)).toEqual(["in_doubt", null]);
});

test("yesterday's line of another amount hides today's money not", async () => {
  const yesterday = house.clock.now();
  house.clock.pass(26 * HOUR);
  const id = await lost(undefined, "A12");
  const mine = await lineOf(id);
  const receipt = "TKM1111111" as Receipt;
  lines.push({ ...mine, receipt, amountCents: cents(700), paidAt: yesterday }, mine);
  await pull();
  expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4"]);
  expect((await house.read(id)).payment.flags).toEqual([]);
});

test("of two lines with one reference the one with the prompt's amount is its money", async () => {
  const id = await lost();
  const mine = await lineOf(id);
  lines.push({ ...mine, receipt: "TKN0000001" as Receipt, amountCents: cents(700) }, mine);
  await pull();
  expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4"]);
  expect((await house.read(id)).payment.flags).toEqual(["overpaid", "secondReceipt"]);
  expect(await proofs(id)).toEqual(["E3 TKN1A2B3C4", "E3 TKN0000001"]);
});

test.each([
  ["the prompt's", 2_000],
  ["another", 700],
])("two lines of one reference with %s amount move nothing and keep the doubt", async (_, sum) => {
  const id = await lost();
  const mine = await lineOf(id, { amountCents: cents(sum) });
  lines.push(mine, { ...mine, receipt: "TKN0000001" as Receipt, phoneEnd: "0001" });
  house.clock.pass(21 * MINUTE);
  await pull();
  expect(await standing(id)).toEqual(["in_doubt", null]);
  const words = house.logged.find(({ event }) => event === "statement_lines_unclear");
  expect(words?.fields).toMatchObject({ count: 2 });
});

test("a line that two pages name is one line", async () => {
  const id = await lost();
  const mine = await lineOf(id);
  lines.push(mine, { ...mine });
  await pull();
  expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4"]);
});

const OTHER_RECEIPT = "TKN3333333" as Receipt;

test.each(["the callback", "the line"])(
  "money that came twice is seen, %s first",
  async (first) => {
    const { id, attemptId } = await prompted();
    lines.push(await lineOf(id, { receipt: OTHER_RECEIPT }));
    if (first === "the callback") await call(attemptId, "TKN1A2B3C4");
    await pull();
    if (first === "the line") await call(attemptId, "TKN1A2B3C4");
    const { payment } = await house.read(id);
    expect([payment.status, payment.flags]).toEqual(["confirmed", ["overpaid", "secondReceipt"]]);
    expect((await proofs(id)).sort()).toEqual(["E1 TKN1A2B3C4", `E3 ${OTHER_RECEIPT}`]);
    expect(alarms()).toBe(1);
  },
);

test("money from before a paid prompt is not a second payment of it", async () => {
  const { id, attemptId } = await prompted();
  await call(attemptId, "TKN1A2B3C4");
  const paidAt = house.clock.now() - HOUR;
  lines.push(await lineOf(id, { receipt: OTHER_RECEIPT, paidAt }));
  await pull();
  expect((await house.read(id)).payment.flags).toEqual([]);
  expect(await proofs(id)).toEqual(["E1 TKN1A2B3C4"]);
});

test("a second payment beside a contradiction is kept for the person who decides", async () => {
  const id = await lost();
  lines.push(await lineOf(id, { amountCents: cents(700) }));
  await pull();
  lines.push(await lineOf(id, { receipt: OTHER_RECEIPT }));
  house.clock.pass(16 * MINUTE);
  await pull();
  expect(await standing(id)).toEqual(["review", null]);
  expect(await proofs(id)).toEqual(["E3 TKN1A2B3C4", `E3 ${OTHER_RECEIPT}`]);
});

test.each([
  ["confirmed", 2_000, ["secondReceipt"], OTHER_RECEIPT],
  ["review", 700, ["amountMismatch"], null],
])("beside held success another receipt leads to %s", async (status, sum, flags, receipt) => {
  const { id, attemptId } = await prompted();
  await call(attemptId, "TKN1A2B3C4", { trust: () => "second_source" });
  expect(await standing(id)).toEqual(["in_doubt", null]);
  lines.push(await lineOf(id, { receipt: OTHER_RECEIPT, amountCents: cents(sum) }));
  await pull();
  const { payment } = await house.read(id);
  expect([payment.status, payment.flags, payment.receipt]).toEqual([status, flags, receipt]);
  expect(await proofs(id)).toEqual(["E1 TKN1A2B3C4", `E3 ${OTHER_RECEIPT}`]);
});

test("a second receipt is told once, however many windows name it", async () => {
  const { id, attemptId } = await prompted();
  await call(attemptId, "TKN1A2B3C4");
  await lost(OTHER_PHONE);
  const before = alarms();
  await call(attemptId, OTHER_RECEIPT);
  lines.push(await lineOf(id, { receipt: OTHER_RECEIPT }));
  for (let n = 0; n < 5; n += 1) {
    house.clock.pass(MINUTE);
    expect(await pull()).toBe("read");
  }
  expect(await proofs(id)).toEqual(["E1 TKN1A2B3C4", `E1 ${OTHER_RECEIPT}`, `E3 ${OTHER_RECEIPT}`]);
  expect(alarms() - before).toBe(1);
});

test("another amount beside money whose receipt is wanted is told once", async () => {
  const { id, attemptId } = await prompted();
  house.daraja.onQuery = async () => ({ kind: "success" });
  await house.deps.ask(attemptId, "first");
  expect((await house.read(id)).payment.flags).toEqual(["receiptWanted"]);
  lines.push(await lineOf(id, { amountCents: cents(700) }));
  await lost(OTHER_PHONE);
  for (let n = 0; n < 5; n += 1) {
    house.clock.pass(MINUTE);
    expect(await pull()).toBe("read");
  }
  expect((await house.read(id)).payment.flags).toEqual([
    "amountMismatch",
    "overpaid",
    "receiptWanted",
  ]);
  expect(await proofs(id)).toEqual(["E2 null", "E3 TKN1A2B3C4"]);
  expect(alarms()).toBe(1);
});

test("a line that is another order's money keeps no doubt open", async () => {
  const id = await lost();
  house.clock.pass(4 * MINUTE);
  house.daraja.onPush = async ({ attemptId }) => acceptedPush(attemptId);
  const second = await prompted();
  await call(second.attemptId, "TKN9999999");
  lines.push(await lineOf(second.id, { receipt: "TKN9999999" as Receipt }));
  house.clock.pass(17 * MINUTE);
  await pull();
  const { payment, attempts } = await house.read(id);
  expect([payment.status, attempts[0]?.reason]).toEqual(["failed", "absent"]);
});

test("a line that has just proved another order keeps no doubt open either", async () => {
  const id = await lost();
  house.clock.pass(4 * MINUTE);
  const second = await lost();
  house.clock.pass(21 * MINUTE);
  lines.push(await lineOf(second));
  await pull();
  expect(await standing(second)).toEqual(["confirmed", "TKN1A2B3C4"]);
  expect(await standing(id)).toEqual(["failed", null]);
});

test("a line of contested money, which may be this prompt's, keeps the doubt open", async () => {
  const id = await lost();
  house.clock.pass(4 * MINUTE);
  house.daraja.onPush = async ({ attemptId }) => acceptedPush(attemptId);
  const second = await prompted();
  await call(second.attemptId, "TKN9999999", {}, "ws_CO_of_another");
  expect((await standing(second.id))[0]).toBe("review");
  lines.push(await lineOf(id, { receipt: "TKN9999999" as Receipt, reference: "" }));
  house.clock.pass(17 * MINUTE);
  await pull();
  expect(await standing(id)).toEqual(["in_doubt", null]);
});

test("a doubt beside money that came late is ended too", async () => {
  const { id, attemptId } = await prompted();
  const failed = { CheckoutRequestID: `ws_CO_${attemptId}`, ResultCode: 1032, ResultDesc: "x" };
  const body = JSON.stringify({ Body: { stkCallback: failed } });
  await takeCallback(house.deps, attemptId, body, "127.0.0.1");
  house.clock.pass(MINUTE);
  house.daraja.onPush = async () => ({ kind: "unknown", description: "reset" });
  await house.prompt(id);
  await call(attemptId, "TKN1A2B3C4");
  const states = async () => (await house.read(id)).attempts.map(({ state }) => state);
  expect(await states()).toEqual(["confirmed", "in_doubt"]);
  await see();
  lines.push(await lineOf(id));
  house.clock.pass(21 * MINUTE);
  await pull();
  expect(await states()).toEqual(["confirmed", "failed"]);
  expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4"]);
});

test("a payment that does not open holds up no other money, and its line is asked for again", async () => {
  const damaged = await prompted();
  const id = await lost(OTHER_PHONE);
  lines.push(await lineOf(damaged.id));
  lines.push(await lineOf(id, { receipt: OTHER_RECEIPT, phoneEnd: OTHER_PHONE.slice(-3) }));
  await house.spoil("request", damaged.attemptId);
  expect(await pull()).toBe("read");
  expect(await standing(id)).toEqual(["confirmed", OTHER_RECEIPT]);
  expect(await house.store.bookmarks.read(`pull ${house.merchant.id}`)).toBeNull();
  const failed = house.logged.filter(({ event }) => event === "statement_line_failed");
  expect(failed.map(({ fields }) => fields?.receipt)).toEqual(["TKN1A2B3C4"]);
});

test("a line under the code of a reversal brought no money in", async () => {
  const { id, attemptId } = await prompted();
  await call(attemptId, "TKN1A2B3C4");
  const back = { receipt: OTHER_RECEIPT, amountCents: cents(2_000) };
  await advance(house.deps, id, happened("reversal", attemptId, { ...back, by: "w@shop.co.ke" }));
  lines.push(await lineOf(id, back));
  await pull();
  expect((await house.read(id)).payment).toMatchObject({ status: "reversed", flags: [] });
});

test("a shortcode's list proves nothing about prompts of the shortcode before it", async () => {
  const id = await lost();
  const moved = { ...house.merchant, shortcode: "600999" };
  const merchant = await house.store.merchants.ensureDefault(moved);
  house.clock.pass(21 * MINUTE);
  expect(await pullStatement({ ...deps(), merchant }, awake)).toBe("read");
  expect(await standing(id)).toEqual(["in_doubt", null]);
  expect((await house.prompt(id)).kind).not.toBe("prompted");
});

test("a till's list proves what is there, and never that nothing came", async () => {
  const id = await lost();
  const ofTill = () => pullStatement({ ...deps(), proves: "presence" }, awake);
  house.clock.pass(21 * MINUTE);
  expect(await ofTill()).toBe("read");
  expect(await standing(id)).toEqual(["in_doubt", null]);
  lines.push(await lineOf(id));
  await ofTill();
  expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4"]);
});

test("a member who pays by hand every week under one reference alarms nobody", async () => {
  const { id, attemptId } = await prompted("MEMBER42");
  await call(attemptId, "TKN1A2B3C4");
  for (let week = 1; week <= 3; week += 1) {
    house.clock.pass(7 * 24 * HOUR);
    const receipt = `TKN000000${week}` as Receipt;
    lines = [await lineOf(id, { receipt, amountCents: cents(700 * week) })];
    expect(await pull()).toBe("read");
  }
  expect((await house.read(id)).payment.flags).toEqual([]);
  expect([alarms(), await proofs(id)]).toEqual([0, ["E1 TKN1A2B3C4"]]);
  const later = house.logged.filter(({ event }) => event === "statement_line_later");
  expect(later).toHaveLength(3);
});

test("money by hand weeks later pays no order that the customer gave up, where the reference is used again", async () => {
  const { id, attemptId } = await prompted("MEMBER42");
  const failed = { CheckoutRequestID: `ws_CO_${attemptId}`, ResultCode: 1032, ResultDesc: "x" };
  const body = JSON.stringify({ Body: { stkCallback: failed } });
  await takeCallback(house.deps, attemptId, body, "127.0.0.1");
  house.clock.pass(21 * 24 * HOUR);
  lines.push(await lineOf(id));
  await pull();
  expect((await standing(id))[1]).toBeNull();
});

test("under a reference of its own an order is paid whenever its money comes", async () => {
  const { id, attemptId } = await prompted();
  const failed = { CheckoutRequestID: `ws_CO_${attemptId}`, ResultCode: 1032, ResultDesc: "x" };
  const body = JSON.stringify({ Body: { stkCallback: failed } });
  await takeCallback(house.deps, attemptId, body, "127.0.0.1");
  house.clock.pass(3 * 24 * HOUR);
  lines.push(await lineOf(id));
  await pull();
  expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4"]);
});

test("a doubt whose callback comes while the list is read is not flagged as missing from it", async () => {
  const { id, attemptId } = await prompted();
  house.clock.pass(3 * MINUTE);
  await sweepLooks(house.deps);
  await see();
  house.clock.pass(21 * MINUTE);
  const source: PullDeps["source"] = {
    async pull() {
      await call(attemptId, "TKN1A2B3C4");
      return { kind: "page", rows: 0, lines: [], whole: true };
    },
  };
  expect(await pullStatement({ ...deps(), source }, awake)).toBe("read");
  expect(await standing(id)).toEqual(["confirmed", "TKN1A2B3C4"]);
  expect([(await house.read(id)).payment.flags, alarms()]).toEqual([[], 0]);
});
