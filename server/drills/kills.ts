/**
 * The server is killed with -9 in the middle of pushes and callbacks, again and again, while
 * Daraja lives on in another process and counts. After each start: ready in under a second, every
 * acknowledged callback there, no push repeated, the database whole; at the end payments settle.
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
import { checkDatabase, type KillScene, type Known, settle } from "./kill-checks.ts";

/** Orders under way at once. */
const SHOPPERS = 6;
/** The kill comes after so many pushes and acknowledged callbacks of its round, and a little later. */
const EVENTS_MAX = 24;
const LITTLE_LATER_MS = 25;
const LOAD_PATIENCE_MS = 10_000;
const READY_MAX_MS = 1_000;
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
      starts: [],
      events: 0,
      orders: 0,
      running: false,
    };
    scene = here;
    for (let kill = 0; kill < options.amount; kill += 1) {
      await killOnce(here);
      tally.done();
    }
    await settle(here);
    tally.figure("pushes", daraja.pushes());
    judgeStarts(here);
    await house.finish(tally);
    return tally.report();
  } finally {
    await daraja.close();
  }
};

/**
 * The median start, by the processor time that it used itself; by the wall where the system does
 * not tell that. What else a shared machine's disk and processors were doing is no fault of the
 * start, and a gate that measured it would fail by the hour of the day; both are printed.
 */
function judgeStarts({ starts, tally }: KillScene): void {
  const wall = starts.map(({ readyMs }) => readyMs);
  const told = starts.flatMap(({ processor }) => (processor === "not told" ? [] : [processor]));
  const ran = told.map(({ ranMs }) => ranMs);
  const waited = told.map(({ waitedMs }) => waitedMs);
  const text = (values: readonly number[]) =>
    [0.5, 0.95, 1].map((share) => Math.round(percentile(values, share))).join("/");
  tally.figure("ready after ms p50/p95/most", text(wall));
  tally.figure("of it computing", text(ran));
  tally.figure("of it kept from a processor", text(waited));
  const own = told.length === starts.length ? ran : wall;
  if (percentile(own, 0.5) > READY_MAX_MS) tally.fault("a start takes over 1 s");
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
  while (scene.running) {
    scene.orders += 1;
    const order = `K${scene.orders.toString(36).toUpperCase().padStart(6, "0")}`;
    const phoneNumber = scene.house.phone(scene.orders);
    const answer = await scene.house.merchant("/api/mpesa/stk-push", {
      phoneNumber,
      amount: 10 + scene.dice.int(1_000),
      orderId: order,
    });
    scene.tally.count(`stk-push ${answer.status === 0 ? "cut off" : answer.status}`);
    if (answer.status >= 500) scene.tally.fault(`stk-push answered ${answer.status}`);
  }
}

async function takePush(scene: KillScene, push: Push): Promise<Said> {
  const { dice, pushed, tally } = scene;
  scene.events += 1;
  const times = (pushed.get(push.attemptId) ?? 0) + 1;
  pushed.set(push.attemptId, times);
  if (times > 1) tally.fault(`attempt ${push.attemptId} was pushed ${times} times`);
  const order = push.accountReference.slice(0, 7);
  const others = [...scene.known.values()].filter((other) => other.order === order);
  if (others.some(({ end }) => end === "paid")) tally.fault(`${order} was pushed again`);
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
  return known.end === "paid"
    ? queried(id, "0", "The service request is processed successfully.")
    : queried(id, "1032", "Request Cancelled by user.");
}
