/** Daraja's side of a race: the one rule of the air, its answers and its callbacks. */
import { setTimeout as delay } from "node:timers/promises";
import { failedBody, paidBody, receiptOf } from "./callback-body.ts";
import { accepted, type Push, refused, type Said } from "./counting-daraja.ts";
import { asked } from "./race-calls.ts";
import { ENDS, type InAir, type Race, type Track } from "./race-scene.ts";

/** The one rule of the air, then Daraja's answer. */
export async function takePush(track: Track, push: Push): Promise<Said> {
  const order = push.accountReference.slice(0, 7);
  const mine = track.races.get(order);
  if (mine === undefined) {
    track.tally.fault(`a push came for ${push.accountReference} after its race was over`);
    return accepted(push);
  }
  const ofPhone = track.byPhone.get(push.phone) ?? [];
  if (mine.air.some((other) => other.order === order && !other.orderFree)) {
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
    order,
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
