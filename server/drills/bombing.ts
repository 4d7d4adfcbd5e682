/**
 * Prompt bombing: a thousand addresses try five hundred orders on one phone, by every door, and
 * the server is killed in between. At most three prompts in ten minutes reach Daraja (machine §8).
 * Then a thousand honest customers behind one carrier's address: not one is refused.
 */
import { failedBody, paidBody, receiptOf } from "./callback-body.ts";
import type { Answer } from "./caller.ts";
import { accepted, type Push, startCountingDaraja } from "./counting-daraja.ts";
import { createDice, type Dice } from "./dice.ts";
import { beginTally, type Drill, type Tally } from "./drill.ts";
import { type DrillHouse, openHouse } from "./house.ts";
import { inParallel } from "./in-parallel.ts";

const ADDRESSES = 1_000;
const ORDERS = 500;
const HONEST = 1_000;
const AT_ONCE = 8;
const PROMPTS_MAX = 3;
const WINDOW_MS = 600_000;
const BYTES_A_TRY = 8_000;
const VICTIM = 0;
/** What the phone makes of a prompt; two cancels or silences in a row rest it sooner than three tries. */
const ENDS = [
  [2001, "The initiator information is invalid."],
  [2001, "The initiator information is invalid."],
  [1032, "Request Cancelled by user."],
  [1037, "DS timeout user cannot be reached"],
  [2001, "The initiator information is invalid."],
] as const;

interface Scene {
  readonly house: DrillHouse;
  readonly tally: Tally;
  readonly victim: string;
  readonly dice: Dice;
  /** When each prompt for the victim reached Daraja. */
  readonly prompts: number[];
  readonly posts: Set<Promise<unknown>>;
  receipts: number;
}

interface Order {
  readonly id: string;
  readonly reference: string;
  readonly token: string;
}

/** The amount counts tries; the honest journeys come on top, once. */
export const bombing: Drill = async (options) => {
  const tally = beginTally("bombing", options);
  let scene: Scene | null = null;
  const daraja = await startCountingDaraja({
    push: (push) => {
      if (scene !== null) answerLater(scene, push);
      return accepted(push);
    },
  });
  try {
    await using house = await openHouse({
      darajaAddress: daraja.address,
      tally,
      disk: "memory",
      bytesWanted: (options.amount + HONEST) * BYTES_A_TRY,
      env: { LIPIA_LIMITS: "enforce", TRUST_PROXY: "1" },
    });
    const here: Scene = {
      house,
      tally,
      victim: house.phone(VICTIM),
      dice: createDice(options.seed),
      prompts: [],
      posts: new Set(),
      receipts: 0,
    };
    scene = here;
    await bomb(here, options.amount);
    await honest(here);
    await house.finish(tally);
    return tally.report();
  } finally {
    await daraja.close();
  }
};

/** Every prompt ends at once, so that nothing but the limits holds the next one back. */
function answerLater(scene: Scene, push: Push): void {
  const { house, victim, prompts, dice, posts, tally } = scene;
  let body: string;
  if (push.phone === victim) {
    prompts.push(push.at);
    const [code, description] = dice.pick(ENDS);
    body = failedBody(push, code, description);
  } else {
    scene.receipts += 1;
    body = paidBody(push, receiptOf(scene.receipts));
  }
  const post = house.post(push.callbackUrl, body).then(({ status }) => {
    if (status !== 200) tally.fault(`a callback was answered ${status}`);
  });
  posts.add(post);
  void post.finally(() => posts.delete(post));
}

async function bomb(scene: Scene, tries: number): Promise<void> {
  const { house, tally, dice, posts } = scene;
  const orders: Order[] = [];
  await inParallel(ORDERS, AT_ONCE, async (turn) => {
    orders.push(await openOrder(scene, `B${turn.toString(36).toUpperCase().padStart(6, "0")}`));
  });
  const half = Math.floor(tries / 2);
  for (const part of [half, tries - half]) {
    await inParallel(part, AT_ONCE, async (turn) => {
      const answer = await tryOnce(scene, dice.fork(turn + part), orders);
      tally.count(`tries answered ${answer.status}`);
      if (answer.status >= 500 || answer.status === 0) {
        tally.fault(`a try was answered ${answer.status}: ${answer.text.slice(0, 200)}`);
      }
      if (answer.status === 429 && answer.headers["retry-after"] === undefined) {
        tally.fault("a refusal does not say when to come back");
      }
      tally.done();
    });
    await Promise.all(posts);
    await house.kill();
    await house.restart();
  }
  tally.figure("prompts that reached the one phone", scene.prompts.length);
  for (const at of scene.prompts) {
    const inside = scene.prompts.filter((other) => other > at - WINDOW_MS && other <= at);
    if (inside.length > PROMPTS_MAX) {
      tally.fault(`${inside.length} prompts reached one phone within ten minutes`);
    }
  }
  if (scene.prompts.length === 0) tally.fault("no prompt at all: the limits were not tried");
}

async function openOrder({ house }: Scene, reference: string): Promise<Order> {
  const opened = await house.merchant("/v1/payments", { amount: 99, orderReference: reference });
  if (opened.status !== 201) throw new Error(`an order was answered ${opened.status}`);
  return { id: opened.body.id, reference, token: opened.body.checkoutToken };
}

/** Numbers as people and programs spell them: the limits must know one phone by all of them. */
function spelt(dice: Dice, phone: string): string {
  const national = phone.slice(3);
  const spaced = `${national.slice(0, 3)} ${national.slice(3, 6)} ${national.slice(6)}`;
  return dice.pick([phone, `+${phone}`, `0${national}`, national, `0${spaced}`, `00${phone}`]);
}

function tryOnce({ house, victim }: Scene, dice: Dice, orders: readonly Order[]): Promise<Answer> {
  const order = dice.pick(orders);
  const address = dice.int(ADDRESSES);
  const from = { "X-Forwarded-For": `41.90.${address >> 8}.${address & 255}` };
  const phoneNumber = spelt(dice, victim);
  switch (dice.int(6)) {
    case 0:
      return house.merchant(`/v1/payments/${order.id}/prompt`, { phoneNumber }, from);
    case 1: {
      const body = { phoneNumber, amount: 99, orderId: order.reference };
      return house.merchant("/api/mpesa/stk-push", body, from);
    }
    default: {
      const headers = { ...from, Authorization: `Bearer ${order.token}` };
      return house.browser({ path: "/checkout/v1/prompt", body: { phoneNumber }, headers });
    }
  }
}

/** Open, read, prompt, be paid, read again: each customer on an own phone, all from one address. */
async function honest(scene: Scene): Promise<void> {
  const { house, tally, posts } = scene;
  const from = { "X-Forwarded-For": "41.90.64.1" };
  const startedAt = performance.now();
  await inParallel(HONEST, AT_ONCE, async (turn) => {
    const order = await openOrder(scene, `H${turn.toString(36).toUpperCase().padStart(6, "0")}`);
    const headers = { ...from, Authorization: `Bearer ${order.token}` };
    const read = await house.browser({ path: "/checkout/v1/payment", headers });
    const body = { phoneNumber: house.phone(VICTIM + 1 + turn) };
    const prompted = await house.browser({ path: "/checkout/v1/prompt", body, headers });
    if (read.status !== 200 || prompted.status !== 200) {
      tally.fault(`an honest customer was answered ${read.status}, ${prompted.status}`);
    }
    await Promise.all(posts);
    const after = await house.browser({ path: "/checkout/v1/payment", headers });
    if (after.body?.status !== "confirmed") {
      tally.fault(`an honest customer's payment is ${after.body?.status}`);
    }
    tally.count("honest journeys");
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  tally.figure("honest journeys a second", (HONEST / seconds).toFixed(1));
}
