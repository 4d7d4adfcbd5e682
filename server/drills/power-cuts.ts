/**
 * What a power cut leaves on the disk: the database and its WAL as they were at one instant of a
 * server under load, with everything after the last fsync before the acknowledgement cut anywhere,
 * torn or filled with garbage, and pages of a checkpoint half written. The real store opens each
 * image; it must be whole, and every acknowledged callback must be in it.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { AttemptId } from "../core/payment.ts";
import { paidBody, receiptOf } from "./callback-body.ts";
import { accepted, type Push, startCountingDaraja } from "./counting-daraja.ts";
import { createDice, type Dice } from "./dice.ts";
import { beginTally, type Drill, type Tally } from "./drill.ts";
import { type DrillHouse, openHouse } from "./house.ts";
import { type Interposer, makeInterposer } from "./interposer.ts";
import { type Frozen, judge, type Kept, seal } from "./power-images.ts";
import { type Copy, checkpointedEnd, committedEnd, saltsOf } from "./wal-image.ts";
import { makeWorkplace } from "./workplace.ts";

const SHOPPERS = 4;
/** Images made of one instant. */
const IMAGES_EACH = 10;
/** Then a fresh house: images are copies of a whole database. */
const IMAGES_A_HOUSE = 400;
/** Acknowledgements between two instants, at most. */
const ACKNOWLEDGED_BETWEEN = 12;
const STOPPED_PATIENCE_MS = 2_000;
/** Images of one house, in memory where there is room. */
const BYTES_WANTED = 256 * 1024 * 1024;

interface Scene {
  readonly house: DrillHouse;
  readonly tally: Tally;
  readonly dice: Dice;
  readonly interposer: Interposer | null;
  readonly pushes: Map<string, Push>;
  readonly acknowledged: Kept[];
  running: boolean;
  orders: number;
}

/** The amount counts images. */
export const powerCuts: Drill = async (options) => {
  const tally = beginTally("power-cuts", options);
  const dice = createDice(options.seed);
  const houses = Math.ceil(options.amount / IMAGES_A_HOUSE);
  let left = options.amount;
  for (let house = 0; house < houses; house += 1) {
    const images = Math.min(left, IMAGES_A_HOUSE);
    await inOneHouse(tally, dice.fork(house), images);
    left -= images;
  }
  return tally.report();
};

async function inOneHouse(tally: Tally, dice: Dice, images: number): Promise<void> {
  const pushes = new Map<string, Push>();
  const daraja = await startCountingDaraja({
    push: (push) => {
      pushes.set(push.accountReference, push);
      return accepted(push);
    },
  });
  const workplace = makeWorkplace("memory", BYTES_WANTED);
  const made = makeInterposer(workplace);
  const interposer = typeof made === "string" ? null : made;
  if (typeof made === "string") tally.notRun(`noting what fsync has made durable: ${made}`);
  try {
    await using house = await openHouse({
      darajaAddress: daraja.address,
      tally,
      disk: "real",
      env: interposer?.env,
    });
    const scene: Scene = {
      house,
      tally,
      dice,
      interposer,
      pushes,
      acknowledged: [],
      running: true,
      orders: 0,
    };
    const shoppers = Array.from({ length: SHOPPERS }, () => shop(scene));
    try {
      await takeImages(scene, workplace, images);
    } finally {
      scene.running = false;
      await Promise.all(shoppers);
    }
    await house.finish(tally);
  } finally {
    interposer?.close();
    rmSync(workplace, { recursive: true, force: true });
    await daraja.close();
  }
}

/** Orders, prompts and pays until told to stop. */
async function shop(scene: Scene): Promise<void> {
  const { house, pushes, tally } = scene;
  while (scene.running) {
    scene.orders += 1;
    const sequence = scene.orders;
    const orderId = `P${sequence.toString(36).toUpperCase().padStart(6, "0")}`;
    const body = { phoneNumber: house.phone(sequence), amount: 50, orderId };
    const pushed = await house.merchant("/api/mpesa/stk-push", body);
    const push = pushes.get(orderId);
    if (pushed.status !== 201 || push === undefined) {
      tally.fault(`stk-push answered ${pushed.status}`);
      return;
    }
    const paid = paidBody(push, receiptOf(sequence));
    const answer = await house.post(push.callbackUrl, paid);
    if (answer.status !== 200) tally.fault(`a callback was answered ${answer.status}`);
    else {
      const digest = seal.hash("callbackBody", paid);
      scene.acknowledged.push({ attemptId: push.attemptId as AttemptId, digest });
    }
  }
}

async function takeImages(scene: Scene, workplace: string, images: number): Promise<void> {
  for (let done = 0; done < images; done += IMAGES_EACH) {
    const wanted = scene.acknowledged.length + 1 + scene.dice.int(ACKNOWLEDGED_BETWEEN);
    while (scene.acknowledged.length < wanted) await delay(1);
    const instant = await freeze(scene);
    for (let i = 0; i < Math.min(IMAGES_EACH, images - done); i += 1) {
      await judge(scene, workplace, instant);
      scene.tally.done();
    }
  }
}

/** Notes what is acknowledged and how much of the WAL is durable by then; then stops time. */
async function freeze({ house, acknowledged, interposer, tally }: Scene): Promise<Frozen> {
  const demanded = acknowledged.length;
  const walPath = `${house.databasePath}-wal`;
  const generation = interposer?.read("generation");
  const synced = interposer?.read("syncedEnd");
  const before = readFileSync(walPath);
  const committed = committedEnd(before);
  const { pid } = house.server();
  process.kill(pid, "SIGSTOP");
  try {
    await untilStopped(pid);
    const read = (path: string) => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0));
    const copy: Copy = {
      db: read(house.databasePath),
      wal: read(walPath),
      shm: read(`${house.databasePath}-shm`),
    };
    // A WAL that began anew meanwhile: all of the former one is in the database, flushed.
    const same =
      interposer === null
        ? saltsOf(before) === saltsOf(copy.wal)
        : interposer.read("generation") === generation;
    const noted = same ? (synced ?? committed) : 0;
    tally.count("bytes of WAL at risk", Math.max(0, committedEnd(copy.wal) - noted));
    return { copy, safe: Math.max(noted, checkpointedEnd(copy)), demanded };
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

async function untilStopped(pid: number): Promise<void> {
  const file = `/proc/${pid}/stat`;
  const until = performance.now() + STOPPED_PATIENCE_MS;
  if (!existsSync(file)) await delay(50);
  while (existsSync(file) && performance.now() < until) {
    if (/\) T /.test(readFileSync(file, "utf8"))) return;
    await delay(1);
  }
}
