/**
 * A Daraja that fails as the plan says. It speaks HTTP statuses and bodies, which our own readers
 * classify, so that what is tried includes how answers are read.
 */
import { readPushAnswer } from "../daraja/push-answer.ts";
import { readQueryAnswer } from "../daraja/query-answer.ts";
import type { Daraja, LookAnswer, PushAnswer, PushOrder } from "../ports.ts";
import {
  accepted,
  HTML_PAGE,
  LOCKED,
  processing,
  RATE_LIMITED,
  REJECTIONS,
  result,
  UNCLEAR_PUSHES,
  UNKNOWN_ID,
  UNREACHABLE,
} from "./answers.ts";
import type { Prompt } from "./mpesa.ts";
import type { World } from "./world.ts";

/** As wired in server/app.ts. */
const PUSH_PATIENCE_MS = 14_000;
const QUERY_PATIENCE_MS = 10_000;
/** A valid id is sometimes unknown to the query in its first seconds (daraja.md §3). */
const UNKNOWN_EARLY_MS = 30_000;
/** 4999 was seen to stay for 33 minutes (daraja.md §3); here for up to 50. */
const PROCESSING_MAX_MS = 50 * 60_000;

/** One app's door. It outlives the server's processes: a request that left goes its way. */
export function createFaultyDaraja(world: World): Daraja {
  return {
    ready: () => ready(world),
    push: (order) => push(world, order),
    query: (checkoutRequestId) => query(world, checkoutRequestId),
  };
}

function later(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => world.time.at(world.time.now() + ms, resolve));
}

async function ready(world: World) {
  const random = world.plan.random(`token/${world.time.now()}`);
  await later(world, random.between(0, 400));
  if (world.calm || !random.chance(world.plan.faults.noToken)) return { ok: true } as const;
  return { ok: false, cause: "token", description: "no token" } as const;
}

async function push(world: World, order: PushOrder): Promise<PushAnswer> {
  const { plan, trace, testimony } = world;
  world.watch.pushed(order);
  const count = testimony.of(order.attemptId).pushes;
  const answer = await pushed(world, order, plan.random(`push/${order.attemptId}/${count}`));
  if (answer.kind === "rejected" || answer.kind === "not_sent") {
    testimony.of(order.attemptId).refused = true;
  }
  trace.say(`daraja push ${short(order.attemptId)} → ${answer.kind}`);
  return answer;
}

async function pushed(
  world: World,
  order: PushOrder,
  random: ReturnType<World["plan"]["random"]>,
): Promise<PushAnswer> {
  const { mpesa, time } = world;
  const faults = world.calm ? null : world.plan.faults;
  const on = (probability: number | undefined) => random.chance(probability ?? 0);
  const wayMs = random.between(20, 900);
  const [notSent, rejected] = [on(faults?.pushNotSent), on(faults?.pushRejected)];
  const [unprocessed, late] = [on(faults?.pushNotProcessed), on(faults?.pushLate)];
  const [lost, slow] = [on(faults?.pushAnswerLost), on(faults?.pushSlow)];
  if (notSent) return unsent(world, random.chance(0.5), random.between(10, 5_000));
  await later(world, wayMs);
  if (rejected) return read(random.pick(REJECTIONS));
  if (unprocessed) return unclear(world, random.chance(0.5));
  if (late) {
    world.underWay += 1;
    time.at(time.now() + random.between(1_000, 300_000), () => {
      world.underWay -= 1;
      shown(world, order);
    });
    await later(world, PUSH_PATIENCE_MS - wayMs);
    return timedOut;
  }
  if (mpesa.busy(order.phone) && (faults?.noPhoneLock ?? 0) === 0) return read(LOCKED);
  const prompt = shown(world, order);
  if (lost) return unclear(world, random.chance(0.5));
  const backMs = slow ? random.between(1_000, 2 * PUSH_PATIENCE_MS) : random.between(10, 400);
  await later(world, Math.min(backMs, PUSH_PATIENCE_MS - wayMs));
  return backMs > PUSH_PATIENCE_MS - wayMs ? timedOut : read(accepted(prompt));
}

const timedOut: PushAnswer = { kind: "unknown", description: "no answer in time" };

function shown(world: World, order: PushOrder): Prompt {
  const prompt = world.mpesa.show(order);
  const ends = Math.round((prompt.endsAt - prompt.shownAt) / 1_000);
  world.trace.say(`mpesa shows ${short(order.attemptId)} KES ${order.amount}, ends in ${ends} s`);
  return prompt;
}

async function unsent(world: World, refusedRate: boolean, afterMs: number): Promise<PushAnswer> {
  await later(world, afterMs);
  return refusedRate
    ? read(RATE_LIMITED)
    : { kind: "not_sent", cause: "network", description: "connection refused" };
}

/** The request was written and what came back says nothing. */
async function unclear(world: World, hangsUp: boolean): Promise<PushAnswer> {
  const random = world.plan.random(`unclear/${world.time.now()}`);
  await later(world, random.between(10, PUSH_PATIENCE_MS / 2));
  return hangsUp ? { kind: "unknown", description: "reset" } : read(random.pick(UNCLEAR_PUSHES));
}

function read({ status, body }: { status: number; body: string }): PushAnswer {
  const reading = readPushAnswer(status, body);
  if (reading.kind !== "token_refused") return reading;
  return { kind: "not_sent", cause: "token", description: reading.description };
}

async function query(world: World, id: string): Promise<LookAnswer> {
  const { mpesa, plan, time, testimony, trace } = world;
  const random = plan.random(`query/${id}/${time.now()}`);
  await later(world, random.between(20, 1_500));
  const prompt = mpesa.byId(id);
  const { status, body, waitMs } = lookedUp(world, prompt, random);
  if (waitMs > 0) await later(world, waitMs);
  const reading = readQueryAnswer(status, body, id);
  const answer: LookAnswer =
    reading.kind === "token_refused"
      ? { kind: "silent", cause: "unreachable", description: reading.description }
      : reading;
  if (prompt !== undefined && answer.kind === "failure") {
    const { failureLooks } = testimony.of(prompt.attemptId);
    failureLooks.set(answer.code, (failureLooks.get(answer.code) ?? 0) + 1);
  }
  const said = answer.kind === "silent" ? answer.cause : answer.kind;
  trace.say(`daraja query ${prompt === undefined ? "?" : short(prompt.attemptId)} → ${said}`);
  return answer;
}

function lookedUp(
  world: World,
  prompt: Prompt | undefined,
  random: ReturnType<World["plan"]["random"]>,
): { status: number; body: string; waitMs: number } {
  const faults = world.calm ? null : world.plan.faults;
  const on = (probability: number | undefined) => random.chance(probability ?? 0);
  const [unreachable, limited] = [on(faults?.queryUnreachable), on(faults?.queryRateLimited)];
  const [unknownId, oddCode] = [on(faults?.queryUnknownId), on(faults?.queryUnknownCode)];
  const lies = on(faults?.queryLies);
  const at = (answer: { status: number; body: string }, waitMs = 0) => ({ ...answer, waitMs });
  if (unreachable) return at(random.pick(UNREACHABLE), random.between(0, QUERY_PATIENCE_MS));
  if (limited) return at(RATE_LIMITED);
  if (prompt === undefined) return at(UNKNOWN_ID);
  const asked = prompt.checkoutRequestId;
  const young = world.time.now() - prompt.shownAt < UNKNOWN_EARLY_MS;
  if (unknownId && (young || random.chance(0.1))) return at(UNKNOWN_ID);
  if (oddCode) return at(random.chance(0.2) ? HTML_PAGE : result(asked, "E3008"));
  const { end } = prompt;
  if (end.kind === "live") return at(lies ? result(asked, "1037") : random.pick(processing(asked)));
  if (faults !== null && staysProcessing(world, prompt)) return at(random.pick(processing(asked)));
  return at(result(asked, end.kind === "paid" ? "0" : end.code));
}

/** One prompt in so many is "still under processing" long after its end. */
function staysProcessing({ plan, time }: World, prompt: Prompt): boolean {
  const random = plan.random(`processing/${prompt.checkoutRequestId}`);
  const sticks = random.chance(plan.faults.queryProcessing);
  return sticks && time.now() < prompt.endsAt + random.between(0, PROCESSING_MAX_MS);
}

/** Enough of an id to tell it from the others of a schedule: they are numbered. */
export function short(id: string): string {
  return id.slice(0, 8).replace(/^0+/, "#");
}
