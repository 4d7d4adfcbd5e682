/**
 * Two to eight calls at once on one order, one payment or one phone, with Daraja's callbacks in
 * between: never two pushes in the air for one order or one phone (machine §8.1, §8.5), never an
 * answer outside its set, and at the end every payment says what really happened.
 */
import { setTimeout as delay } from "node:timers/promises";
import { failedBody, paidBody, receiptOf } from "./callback-body.ts";
import type { Answer } from "./caller.ts";
import {
  accepted,
  type CountingDaraja,
  type Push,
  refused,
  type Said,
  startCountingDaraja,
} from "./counting-daraja.ts";
import { createDice, type Dice } from "./dice.ts";
import { beginTally, type Drill, type Tally } from "./drill.ts";
import { type DrillHouse, openHouse } from "./house.ts";
import { inParallel } from "./in-parallel.ts";

/** Races that run side by side: they share the server and nothing else. */
const AT_ONCE = 6;
const AMOUNT = 120;
const BYTES_A_RACE = 40_000;
/** Statuses that each call may answer while others run. */
const ALLOWED = {
  open: [200, 201, 409],
  prompt: [201, 409, 429],
  checkoutPrompt: [200, 409, 429],
  stkPush: [201, 202, 400, 409, 429],
  cancel: [200, 409],
  callback: [200],
} as const;
type CallName = keyof typeof ALLOWED;

/** How Daraja treats the pushes of one race. */
const ENDS = [
  "silence",
  "paid",
  "paid_before_answer",
  "paid_twice",
  "cancelled",
  "cancelled_before_answer",
  "answer_lost",
  "busy",
  "locked",
] as const;
type End = (typeof ENDS)[number];

/** One push as the drill knows it: what is true, and what it keeps busy. */
interface InAir {
  readonly push: Push;
  readonly end: End;
  /** The order may be prompted again: a failure is on its way to the server. */
  orderFree: boolean;
  phoneFree: boolean;
  /** The state the attempt must end in, once its callback was answered 200. */
  truth: "pending" | "confirmed" | "failed" | "in_doubt";
  receipt: string | null;
}

interface Race {
  readonly dice: Dice;
  readonly order: string;
  readonly air: InAir[];
  readonly calls: Promise<void>[];
}

interface Track {
  readonly house: DrillHouse;
  readonly tally: Tally;
  readonly races: Map<string, Race>;
  readonly byPhone: Map<string, InAir[]>;
  receipts: number;
}

/** Races on the HTTP surface; the amount counts races. */
export const races: Drill = async (options) => {
  const tally = beginTally("races", options);
  const dice = createDice(options.seed);
  let track: Track | null = null;
  const daraja: CountingDaraja = await startCountingDaraja({
    push: (push) => (track === null ? accepted(push) : takePush(track, push)),
  });
  try {
    await using house = await openHouse({
      darajaAddress: daraja.address,
      tally,
      disk: "memory",
      bytesWanted: options.amount * BYTES_A_RACE,
    });
    const running: Track = { house, tally, races: new Map(), byPhone: new Map(), receipts: 0 };
    track = running;
    await inParallel(options.amount, AT_ONCE, async (turn) => {
      await race(running, dice.fork(turn), turn);
      tally.done();
    });
    tally.figure("pushes", daraja.pushes());
    await house.finish(tally);
    return tally.report();
  } finally {
    await daraja.close();
  }
};

async function race(track: Track, dice: Dice, turn: number): Promise<void> {
  const order = `R${turn.toString(36).toUpperCase().padStart(6, "0")}`;
  const mine: Race = { dice, order, air: [], calls: [] };
  track.races.set(order, mine);
  const phones = [track.house.phone(turn * 2), track.house.phone(turn * 2 + 1)] as const;
  const payments = dice.chance(0.7) ? [await open(track, mine, AMOUNT)] : [];
  const count = 2 + dice.int(7);
  const key = dice.chance(0.3) ? `drill-${turn}` : null;
  track.tally.count("calls", count);
  await Promise.all(
    Array.from({ length: count }, () => {
      const phone = dice.chance(0.8) ? phones[0] : phones[1];
      const payment = payments[0]?.body;
      return oneCall(track, mine, { phone, payment, key });
    }),
  );
  while (mine.calls.length > 0) await Promise.all(mine.calls.splice(0));
  await check(track, mine);
  track.races.delete(order);
  for (const phone of phones) track.byPhone.delete(phone);
}

interface With {
  readonly phone: string;
  readonly payment: { readonly id: string; readonly checkoutToken: string } | undefined;
  readonly key: string | null;
}

function oneCall(track: Track, mine: Race, { phone, payment, key }: With): Promise<unknown> {
  const { dice, order } = mine;
  const { house } = track;
  const keyed = key !== null && dice.chance(0.5);
  const headers = (name: CallName) => (keyed ? { "Idempotency-Key": `${key}-${name}` } : undefined);
  const amount = dice.chance(0.8) ? AMOUNT : AMOUNT + 1;
  const kind =
    payment === undefined
      ? dice.pick(["stkPush", "stkPush", "open"] as const)
      : dice.pick([
          "prompt",
          "prompt",
          "checkoutPrompt",
          "checkoutPrompt",
          "stkPush",
          "open",
          "cancel",
        ] as const);
  switch (kind) {
    case "open":
      return open(track, mine, amount);
    case "stkPush": {
      const body = { phoneNumber: phone, amount, orderId: order };
      return asked(track, kind, house.merchant("/api/mpesa/stk-push", body, headers(kind)));
    }
    case "prompt": {
      const path = `/v1/payments/${payment?.id}/prompt`;
      return asked(track, kind, house.merchant(path, { phoneNumber: phone }, headers(kind)));
    }
    case "cancel":
      return asked(track, kind, house.merchant(`/v1/payments/${payment?.id}/cancel`, {}));
    case "checkoutPrompt":
      return asked(
        track,
        kind,
        house.browser({
          path: "/checkout/v1/prompt",
          body: { phoneNumber: phone },
          headers: { Authorization: `Bearer ${payment?.checkoutToken}` },
        }),
      );
  }
}

function open(track: Track, { order }: Race, amount: number): Promise<Answer> {
  const body = { amount, orderReference: order };
  return asked(track, "open", track.house.merchant("/v1/payments", body));
}

async function asked(track: Track, name: CallName, call: Promise<Answer>): Promise<Answer> {
  const answer = await call;
  const allowed: readonly number[] = ALLOWED[name];
  if (!allowed.includes(answer.status)) {
    track.tally.fault(`${name} answered ${answer.status}: ${answer.text.slice(0, 200)}`);
  }
  track.tally.count(`${name} ${answer.status}`);
  return answer;
}

/** The one rule of the air, then Daraja's answer. */
async function takePush(track: Track, push: Push): Promise<Said> {
  const order = push.accountReference.slice(0, 7);
  const mine = track.races.get(order);
  if (mine === undefined) {
    track.tally.fault(`a push came for ${push.accountReference} after its race was over`);
    return accepted(push);
  }
  const ofPhone = track.byPhone.get(push.phone) ?? [];
  if (mine.air.some((other) => !other.orderFree)) {
    track.tally.fault(`a second push is in the air for the order ${order}`);
  }
  if (ofPhone.some((other) => !other.phoneFree)) {
    track.tally.fault(`a second push is in the air for one phone, order ${order}`);
  }
  if (mine.air.some((other) => other.push.attemptId === push.attemptId)) {
    track.tally.fault(`an attempt of ${order} was pushed twice`);
  }
  const flying: InAir = {
    push,
    end: mine.dice.pick(ENDS),
    orderFree: false,
    phoneFree: false,
    truth: "pending",
    receipt: null,
  };
  mine.air.push(flying);
  track.byPhone.set(push.phone, [...ofPhone, flying]);
  if (mine.dice.chance(0.5)) await delay(mine.dice.int(20));
  return play(track, mine, flying);
}

async function play(track: Track, mine: Race, flying: InAir): Promise<Said> {
  const { push, end } = flying;
  const later = (work: () => Promise<void>) => {
    mine.calls.push(delay(mine.dice.int(15)).then(work));
  };
  switch (end) {
    case "silence":
      break;
    case "paid":
      later(() => pay(track, flying, 1));
      break;
    case "paid_twice":
      later(() => pay(track, flying, 3));
      break;
    case "paid_before_answer":
      await pay(track, flying, 1);
      break;
    case "cancelled":
      later(() => cancel(track, flying));
      break;
    case "cancelled_before_answer":
      await cancel(track, flying);
      break;
    case "answer_lost":
      flying.truth = "in_doubt";
      return { kind: "reset" };
    case "busy":
      flying.truth = "in_doubt";
      return refused(500, "500.003.02", "System is busy. Please try again in few minutes.");
    case "locked":
      // Customer busy: the phone is free at once, the order only after its cool-down of 60 s.
      flying.truth = "failed";
      flying.phoneFree = true;
      return refused(
        500,
        "500.001.1001",
        "Unable to lock subscriber, a transaction is already in process",
      );
  }
  return accepted(push);
}

async function pay(track: Track, flying: InAir, times: number): Promise<void> {
  const { push } = flying;
  track.receipts += 1;
  flying.receipt = receiptOf(track.receipts);
  flying.phoneFree = true;
  flying.truth = "confirmed";
  const body = paidBody(push, flying.receipt);
  const posts = Array.from({ length: times }, () => track.house.post(push.callbackUrl, body));
  await Promise.all(posts.map((post) => asked(track, "callback", post)));
}

async function cancel(track: Track, flying: InAir): Promise<void> {
  const { push } = flying;
  flying.orderFree = true;
  flying.phoneFree = true;
  flying.truth = "failed";
  const body = failedBody(push, 1032, "Request Cancelled by user.");
  await asked(track, "callback", track.house.post(push.callbackUrl, body));
}

/** What the API says of the order against what the drill knows to be true. */
async function check({ house, tally }: Track, { order, air }: Race): Promise<void> {
  const answer = await house.merchant(`/v1/payments?orderReference=${order}&limit=100`);
  if (answer.status !== 200) {
    tally.fault(`listing ${order} answered ${answer.status}`);
    return;
  }
  const payments: { status: string; receipt: string | null; attempts: ToldAttempt[] }[] =
    answer.body.data;
  const attempts = payments.flatMap((payment) => payment.attempts);
  for (const { push, truth, receipt, end } of air) {
    const attempt = attempts.find(({ id }) => id === `att_${push.attemptId}`);
    if (attempt?.state !== truth || attempt.receipt !== receipt) {
      tally.fault(`${order}: ${end} must end ${truth}, but is ${attempt?.state}`);
    }
  }
  if (attempts.some(({ state }) => state === "created" || state === "sending")) {
    tally.fault(`${order}: an attempt was left behind while it was sent`);
  }
  if (attempts.filter(({ state }) => state === "confirmed").length > 1) {
    tally.fault(`${order} was paid twice`);
  }
  const paid = air.some(({ truth }) => truth === "confirmed");
  if (payments.some(({ status }) => status === "confirmed") !== paid) {
    tally.fault(`${order}: paid is ${paid}, the payments say otherwise`);
  }
}

interface ToldAttempt {
  readonly id: string;
  readonly state: string;
  readonly receipt: string | null;
}
