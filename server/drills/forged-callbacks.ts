/**
 * Malformed and forged callbacks: on the attempt's own address, on the fixed one, and on addresses
 * with a wrong mac. Always 200, never a 5xx, and every attempt moves exactly as the oracle says of
 * the bytes that were sent: by proven posts only, once however often they come (I9, I10, I12).
 */
import { createSeal } from "../db/seal.ts";
import { type Address, addressOf, hangUp } from "./callback-address.ts";
import { receiptOf } from "./callback-body.ts";
import { callbackOf, type GrammarScene } from "./callback-grammar.ts";
import { after, keptText, type Standing, toldBy } from "./callback-oracle.ts";
import { DRILL_SECRET } from "./canary-secrets.ts";
import { accepted, type Push, startCountingDaraja } from "./counting-daraja.ts";
import { createDice, type Dice } from "./dice.ts";
import { beginTally, type Drill, type Tally } from "./drill.ts";
import { type DrillHouse, openHouse } from "./house.ts";
import { inParallel } from "./in-parallel.ts";

const AT_ONCE = 8;
/** Posts that one attempt receives before the next is made. */
const POSTS_EACH = 14;
/** How far back a forger remembers receipts. */
const LATELY_MAX = 50;
const BYTES_A_POST = 4_000;
const EXPECTED = '{"ResultCode":0,"ResultDesc":"Success"}';
const TYPES = [
  "application/json",
  "application/json;charset=UTF-8",
  "text/html",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "",
];

interface Desk {
  readonly house: DrillHouse;
  readonly tally: Tally;
  readonly pushes: Map<string, Push>;
  /** Receipts of confirmed attempts with their attempt. */
  readonly owned: Map<string, string>;
  /** The last of these receipts, for bodies that use one again. */
  readonly lately: string[];
  /** `attempt digest` of every proven post that was answered 200. */
  readonly acknowledged: Set<string>;
  readonly hash: (body: string) => string;
  last: Push | null;
  receipts: number;
}

interface Target {
  readonly turn: number;
  readonly dice: Dice;
  readonly paymentId: string;
  readonly push: Push;
  readonly receipt: string;
  standing: Standing;
}

/** The amount counts posts. */
export const forgedCallbacks: Drill = async (options) => {
  const tally = beginTally("forged-callbacks", options);
  const dice = createDice(options.seed);
  const pushes = new Map<string, Push>();
  const daraja = await startCountingDaraja({
    push: (push) => {
      pushes.set(push.accountReference, push);
      return accepted(push);
    },
  });
  try {
    await using house = await openHouse({
      darajaAddress: daraja.address,
      tally,
      disk: "memory",
      bytesWanted: options.amount * BYTES_A_POST,
    });
    const seal = createSeal(Buffer.from(DRILL_SECRET, "hex"));
    const desk: Desk = {
      house,
      tally,
      pushes,
      owned: new Map(),
      lately: [],
      acknowledged: new Set(),
      hash: (body) => seal.hash("callbackBody", body),
      last: null,
      receipts: 0,
    };
    await inParallel(Math.ceil(options.amount / POSTS_EACH), AT_ONCE, (turn) =>
      besiege(desk, dice.fork(turn), turn),
    );
    checkInbox(desk);
    await house.finish(tally);
    if (daraja.pushes() !== pushes.size) tally.fault("a callback made a push");
    return tally.report();
  } finally {
    await daraja.close();
  }
};

async function besiege(desk: Desk, dice: Dice, turn: number): Promise<void> {
  const target = await freshTarget(desk, dice, turn);
  if (target === null) return;
  for (let posts = 0; posts < POSTS_EACH; ) posts += await strike(desk, target);
  desk.last = target.push;
}

async function freshTarget(desk: Desk, dice: Dice, turn: number): Promise<Target | null> {
  const { house, tally } = desk;
  const order = `F${turn.toString(36).toUpperCase().padStart(6, "0")}`;
  const amount = 20 + dice.int(2_000);
  const opened = await house.merchant("/v1/payments", { amount, orderReference: order });
  const paymentId = String(opened.body?.id);
  const phoneNumber = house.phone(turn);
  const prompted = await house.merchant(`/v1/payments/${paymentId}/prompt`, { phoneNumber });
  const push = desk.pushes.get(order);
  if (prompted.status !== 201 || push === undefined) {
    tally.fault(`a prompt answered ${prompted.status}: ${prompted.text.slice(0, 200)}`);
    return null;
  }
  const receipt = nextReceipt(desk);
  return { turn, dice, paymentId, push, receipt, standing: { state: "pending", receipt: null } };
}

function nextReceipt(desk: Desk): string {
  desk.receipts += 1;
  return receiptOf(desk.receipts);
}

/** One post, or the same several times at once; then the attempt must stand where it should. */
async function strike(desk: Desk, target: Target): Promise<number> {
  const { dice, push } = target;
  const { tally } = desk;
  const body = callbackOf(dice, sceneOf(desk, target));
  const address = addressOf(dice, push, desk.last);
  const times = dice.chance(0.1) ? 3 : 1;
  if (dice.chance(0.01)) {
    await hangUp(desk.house.origin, address.path, body);
    tally.count("hung up");
    await check(desk, target, { ...address, kind: "stray" }, body);
    tally.done();
    return 1;
  } else {
    await Promise.all(Array.from({ length: times }, () => post(desk, target, address, body)));
  }
  await check(desk, target, address, body);
  tally.done(times);
  return times;
}

function sceneOf(desk: Desk, { dice, push, receipt }: Target): GrammarScene {
  const { lately } = desk;
  return {
    push,
    receipt,
    freshReceipt: () => nextReceipt(desk),
    otherPush: desk.last,
    usedReceipt: lately.length === 0 ? null : dice.pick(lately),
  };
}

async function post(desk: Desk, target: Target, { kind, path }: Address, body: Buffer) {
  const type = target.dice.pick(TYPES);
  const headers: Record<string, string> = type === "" ? {} : { "Content-Type": type };
  const answer = await desk.house.post(path, body, headers);
  desk.tally.count(kind);
  if (answer.status !== 200 || answer.text !== EXPECTED) {
    desk.tally.fault(`a callback was answered ${answer.status}: ${answer.text.slice(0, 100)}`);
  } else if (kind === "own") {
    desk.acknowledged.add(`${target.push.attemptId} ${desk.hash(keptText(body))}`);
  }
}

interface SeenPayment {
  readonly status: string;
  readonly receipt: string | null;
  readonly attempts: readonly { readonly state: string; readonly receipt: string | null }[];
}

function own({ owned, lately }: Desk, receipt: string, { attemptId }: Push): void {
  if (!owned.has(receipt) && lately.push(receipt) > LATELY_MAX) lately.shift();
  owned.set(receipt, attemptId);
}

async function check(desk: Desk, target: Target, address: Address, body: Buffer): Promise<void> {
  const { push, standing } = target;
  const told = toldBy(body, push, (receipt) => {
    const owner = desk.owned.get(receipt);
    return owner !== undefined && owner !== push.attemptId;
  });
  if (address.kind === "own") target.standing = after(standing, told);
  const { state, receipt } = target.standing;
  if (receipt !== null) own(desk, receipt, push);
  const seen = await desk.house.merchant(`/v1/payments/${target.paymentId}`);
  const payment: SeenPayment | null = seen.status === 200 ? seen.body : null;
  const attempt = payment?.attempts[0];
  desk.tally.count(`then ${state}`);
  if (payment === null || attempt === undefined || payment.attempts.length !== 1) {
    desk.tally.fault(`reading the payment answered ${seen.status}`);
    return;
  }
  const fits =
    attempt.state === state &&
    (state !== "confirmed" || (payment.status === "confirmed" && payment.receipt === receipt));
  if (fits) return;
  desk.tally.fault(
    `turn ${target.turn}: ${standing.state} + ${address.kind} ${told.kind} must be ${state}, is ${attempt.state} (${payment.status}) after ${address.path}: ${body.toString("utf8", 0, 600)}`,
  );
  // The next posts are judged from where it really stands, so that one fault is told once.
  target.standing = { state: attempt.state as Standing["state"], receipt: attempt.receipt };
}

/** I9: whatever was answered 200 on an own address is kept. */
function checkInbox({ house, tally, acknowledged }: Desk): void {
  const rows = house.look<{ key: string; applied: number | null }>(
    "select attempt_id || ' ' || digest as key, applied_at as applied from inbox",
  );
  let unapplied = 0;
  for (const { key, applied } of rows) {
    acknowledged.delete(key);
    if (applied === null) unapplied += 1;
  }
  tally.figure("kept bodies", rows.length);
  if (acknowledged.size > 0) tally.fault(`${acknowledged.size} acknowledged callbacks are lost`);
  if (unapplied > 0) tally.fault(`${unapplied} kept callbacks were not applied`);
}
