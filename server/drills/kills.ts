/**
 * The server is killed with -9 in the middle of pushes and callbacks, again and again, while
 * Daraja lives on in another process and counts. After each start: ready in under a second, every
 * acknowledged callback there, no push repeated, also for the orders that shops send again because
 * their calls were cut off, the database whole; at the end payments settle.
 */
import { setTimeout as delay } from "node:timers/promises";
import { createSeal } from "../db/seal.ts";
import { failedBody, paidBody, receiptOf } from "./callback-body.ts";
import { DRILL_SECRET } from "./canary-secrets.ts";
import {
  accepted,
  type CountingDaraja,
  type Push,
  queried,
  type Said,
  startCountingDaraja,
} from "./counting-daraja.ts";
import { createDice } from "./dice.ts";
import { beginTally, type Drill, percentile } from "./drill.ts";
import { openHouse } from "./house.ts";
import { checkDatabase, type KillScene, type Known, type Order, settle } from "./kill-checks.ts";

/** Orders under way at once. */
const SHOPPERS = 6;
/** The kill comes after so many pushes and acknowledged callbacks of its round, and a little later. */
const EVENTS_MAX = 24;
const LITTLE_LATER_MS = 25;
const LOAD_PATIENCE_MS = 10_000;
const READY_MAX_MS = 1_000;
/**
 * What a shop may hear that sends an order again: pushed; in doubt; failed; in progress or paid; and
 * by its key, that the prompt never left.
 */
const ANSWERS_TO_AGAIN = [201, 202, 400, 409, 502];
/** Callbacks that find nobody are sent again after the start; of this share they are lost for good. */
const LOST_FOR_GOOD = 0.07;

/** The amount counts kills. */
export const kills: Drill = async (options) => {
  const tally = beginTally("kills", options);
  let scene: KillScene | null = null;
  const daraja: CountingDaraja = await startCountingDaraja({
    push: (push) => (scene === null ? accepted(push) : takePush(scene, push)),
    query: (id) => answerQuery(scene, id),
  });
  try {
    await using house = await openHouse({ darajaAddress: daraja.address, tally, disk: "real" });
    const seal = createSeal(Buffer.from(DRILL_SECRET, "hex"));
    const here: KillScene = {
      house,
      tally,
      dice: createDice(options.seed),
      hash: (body) => seal.hash("callbackBody", body),
      known: new Map(),
      pushed: new Map(),
      posts: new Set(),
      cutOff: [],
      starts: [],
      events: 0,
      orders: 0,
      ordersAgain: 0,
      running: false,
    };
    scene = here;
    for (let kill = 0; kill < options.amount; kill += 1) {
      await killOnce(here);
      tally.done();
    }
    await settle(here);
    tally.figure("pushes", daraja.pushes());
    tally.figure("orders sent again", here.ordersAgain);
    if (here.ordersAgain === 0) tally.fault("no call was cut off: no second push was tried");
    judgeStarts(here);
    await house.finish(tally);
    return tally.report();
  } finally {
    await daraja.close();
  }
};

/**
 * Nineteen of twenty starts, by the wall but for the time that the start could run and was kept from
 * a processor; half of them by the whole wall where the system does not tell that time. What else
 * a shared machine's processors were doing is no fault of the start, and a gate that measured it
 * would fail by the hour of the day. Waiting for the disk counts; all of it is printed.
 */
function judgeStarts({ starts, tally }: KillScene): void {
  const wall = starts.map(({ readyMs }) => readyMs);
  const told = starts.flatMap(({ readyMs, processor }) =>
    processor === "not told" ? [] : [{ readyMs, ...processor }],
  );
  const text = (values: readonly number[]) =>
    [0.5, 0.95, 1].map((share) => Math.round(percentile(values, share))).join("/");
  const own = told.map(({ readyMs, waitedMs }) => readyMs - waitedMs);
  tally.figure("ready after ms p50/p95/most", text(wall));
  tally.figure("of it not kept from a processor", text(own));
  tally.figure("of it computing", text(told.map(({ ranMs }) => ranMs)));
  tally.figure("of it kept from a processor", text(told.map(({ waitedMs }) => waitedMs)));
  const slow =
    told.length === starts.length
      ? percentile(own, 0.95) > READY_MAX_MS
      : percentile(wall, 0.5) > READY_MAX_MS;
  if (slow) tally.fault("a start takes over 1 s");
}

async function killOnce(scene: KillScene): Promise<void> {
  const { house, dice, tally } = scene;
  scene.running = true;
  const shoppers = Array.from({ length: SHOPPERS }, () => shop(scene));
  await untilBusy(scene, scene.events + 1 + dice.int(EVENTS_MAX));
  await delay(dice.int(LITTLE_LATER_MS));
  await house.kill();
  scene.running = false;
  await Promise.all(shoppers);
  await Promise.all(scene.posts);
  scene.starts.push(await house.restart());
  checkDatabase(scene);
  await sendCutOffAgain(scene);
  for (const known of scene.known.values()) {
    if (known.acknowledged || known.sentOnce) continue;
    await postCallback(scene, known);
    if (known.acknowledged) tally.count("sent again");
  }
}

async function untilBusy(scene: KillScene, events: number): Promise<void> {
  const until = performance.now() + LOAD_PATIENCE_MS;
  while (scene.events < events && performance.now() < until) await delay(1);
}

/** Opens and prompts one order after the other until the server is gone. */
async function shop(scene: KillScene): Promise<void> {
  const { dice, house } = scene;
  while (scene.running) {
    scene.orders += 1;
    const orderId = `K${scene.orders.toString(36).toUpperCase().padStart(6, "0")}`;
    const phoneNumber = house.phone(scene.orders);
    const order: Order = {
      body: { phoneNumber, amount: 10 + dice.int(1_000), orderId },
      idempotencyKey: dice.chance(0.5) ? `key-of-${orderId}` : null,
    };
    const answer = await send(scene, order, order.idempotencyKey);
    scene.tally.count(`stk-push ${answer.status === 0 ? "cut off" : answer.status}`);
    if (answer.status >= 500) scene.tally.fault(`stk-push answered ${answer.status}`);
    if (answer.status === 0) {
      scene.cutOff.push(order);
      return;
    }
  }
}

function send({ house }: KillScene, { body }: Order, key: string | null) {
  return house.merchant(
    "/api/mpesa/stk-push",
    body,
    key === null ? {} : { "Idempotency-Key": key },
  );
}

/**
 * What a shop does whose call was cut off: the same order again, under its key where it had one, and
 * as a new call. Whether a push may follow, takePush judges.
 */
async function sendCutOffAgain(scene: KillScene): Promise<void> {
  const { tally } = scene;
  for (const order of scene.cutOff.splice(0)) {
    const { idempotencyKey } = order;
    for (const key of idempotencyKey === null ? [null] : [idempotencyKey, null]) {
      const before = scene.pushed.size;
      const { status } = await send(scene, order, key);
      tally.count(`order sent again ${key === null ? "as new" : "by its key"}: ${status}`);
      if (!ANSWERS_TO_AGAIN.includes(status)) tally.fault(`an order sent again: ${status}`);
      if (scene.pushed.size > before) tally.count("pushed when sent again");
    }
    scene.ordersAgain += 1;
  }
}

async function takePush(scene: KillScene, push: Push): Promise<Said> {
  const { dice, pushed, tally } = scene;
  scene.events += 1;
  const times = (pushed.get(push.attemptId) ?? 0) + 1;
  pushed.set(push.attemptId, times);
  if (times > 1) tally.fault(`attempt ${push.attemptId} was pushed ${times} times`);
  const order = push.accountReference.slice(0, 7);
  const earlier = [...scene.known.values()].filter((other) => other.order === order);
  // Nobody has told the server that the earlier prompt came to nothing: its customer may still pay.
  if (earlier.some(({ end, told }) => end === "paid" || !told)) {
    tally.fault(`${order} was pushed again`);
  }
  const end = dice.chance(0.7) ? "paid" : "cancelled";
  const receipt = end === "paid" ? receiptOf(scene.known.size + 1) : null;
  const body =
    receipt === null
      ? failedBody(push, 1032, "Request Cancelled by user.")
      : paidBody(push, receipt);
  const known: Known = {
    push,
    order,
    end,
    body,
    receipt,
    sentOnce: dice.chance(LOST_FOR_GOOD),
    told: false,
    acknowledged: false,
    digest: null,
  };
  scene.known.set(push.checkoutRequestId, known);
  const post = delay(dice.int(40)).then(() => postCallback(scene, known));
  scene.posts.add(post);
  void post.finally(() => scene.posts.delete(post));
  await delay(dice.int(20));
  return dice.chance(0.05) ? { kind: "reset" } : accepted(push);
}

async function postCallback(scene: KillScene, known: Known): Promise<void> {
  const { house, tally } = scene;
  known.told = true;
  const answer = await house.post(known.push.callbackUrl, known.body);
  if (answer.status === 200) {
    known.acknowledged = true;
    known.digest = scene.hash(known.body);
    scene.events += 1;
  }
  if (answer.status !== 200 && answer.status !== 0)
    tally.fault(`a callback was answered ${answer.status}`);
  tally.count(answer.status === 200 ? "callbacks acknowledged" : "callbacks that found nobody");
}

function answerQuery(scene: KillScene | null, id: string): Said {
  const known = scene?.known.get(id);
  if (known === undefined) return queried(id, "4999", "still under processing");
  known.told = true;
  return known.end === "paid"
    ? queried(id, "0", "The service request is processed successfully.")
    : queried(id, "1032", "Request Cancelled by user.");
}
