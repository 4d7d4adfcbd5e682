/**
 * Two to eight calls at once on one order, one payment or one phone, with Daraja's callbacks in
 * between: never two pushes in the air for one order or one phone (machine §8.1, §8.5), never an
 * answer outside its set, and at the end every payment says what really happened.
 */
import { accepted, type CountingDaraja, startCountingDaraja } from "./counting-daraja.ts";
import { createDice, type Dice } from "./dice.ts";
import { beginTally, type Drill } from "./drill.ts";
import { openHouse } from "./house.ts";
import { inParallel } from "./in-parallel.ts";
import { takePush } from "./race-air.ts";
import { oneCall, open, RACE_AMOUNT, type With } from "./race-calls.ts";
import type { Race, Track } from "./race-scene.ts";

/** Races that run side by side: they share the server and nothing else. */
const AT_ONCE = 6;
const BYTES_A_RACE = 40_000;
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
      env: { TRUST_PROXY: "1" },
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
  const first = `R${turn.toString(36).toUpperCase().padStart(6, "0")}`;
  // Either all calls are about one order, or about three whose customers share the phones.
  const orders = dice.chance(0.7) ? [first] : [first, `S${first.slice(1)}`, `T${first.slice(1)}`];
  const mine: Race = { dice, orders, air: [], calls: [] };
  for (const order of orders) track.races.set(order, mine);
  const phones = [track.house.phone(turn * 2), track.house.phone(turn * 2 + 1)] as const;
  const payments = new Map<string, With["payment"]>();
  for (const order of orders) {
    if (dice.chance(0.7)) payments.set(order, (await open(track, order, RACE_AMOUNT)).body);
  }
  const count = 2 + dice.int(7);
  const address = `${41 + (turn >> 16)}.${turn & 255}.${(turn >> 8) & 255}.1`;
  const key = dice.chance(0.3) ? `drill-${turn}` : null;
  track.tally.count("calls", count);
  await Promise.all(
    Array.from({ length: count }, () => {
      const order = dice.pick(orders);
      const phone = dice.chance(0.8) ? phones[0] : phones[1];
      return oneCall(track, dice, { order, phone, payment: payments.get(order), key, address });
    }),
  );
  while (mine.calls.length > 0) await Promise.all(mine.calls.splice(0));
  for (const order of orders) {
    await check(track, mine, order);
    track.races.delete(order);
  }
  for (const phone of phones) track.byPhone.delete(phone);
}

/** What the API says of the order against what the drill knows to be true. */
async function check({ house, tally }: Track, race: Race, order: string): Promise<void> {
  const air = race.air.filter((one) => one.order === order);
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
