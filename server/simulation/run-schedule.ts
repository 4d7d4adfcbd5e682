/** One schedule from its first click to its last shilling. */
import { type Engine, run, type Template } from "../db/engine.ts";
import { createSeal } from "../db/seal.ts";
import type { Seal } from "../ports.ts";
import { createTokens, type Tokens } from "../tokens.ts";
import { endChecks } from "./end-checks.ts";
import { AGED_WITHIN_MS, atRest, livenessChecks } from "./liveness-checks.ts";
import { createMpesa } from "./mpesa.ts";
import { planOf, type ScheduleName } from "./plan.ts";
import { createPostman } from "./postman.ts";
import { MISTAKES, type Mistake } from "./sabotage.ts";
import { importStatement } from "./settlement.ts";
import { tellStory } from "./story.ts";
import { createSupervisor, type Supervisor } from "./supervisor.ts";
import { createTestimony } from "./testimony.ts";
import { createTrace, type Violation } from "./trace.ts";
import { createVirtualTime } from "./virtual-time.ts";
import { createWatch } from "./watch.ts";
import type { World } from "./world.ts";

export interface Outcome {
  readonly violation: Violation | null;
  /** Equal for two runs of one name. */
  readonly hash: string;
  readonly lines: readonly string[];
  readonly counts: Counts;
}

/** What a schedule amounted to. */
export interface Counts {
  readonly commits: number;
  readonly prompts: number;
  readonly debits: number;
  readonly processes: number;
  readonly inDoubt: number;
  readonly review: number;
  /** Orders debited again after Daraja itself had called the paid prompt failed. */
  readonly debitedTwice: number;
}

const SECRET = Buffer.alloc(32, 7);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.UTC(2026, 2, 2, 6);
/** The slowest customer, after the slowest gateway, after a change of mind. */
const LAST_WORD_MS = 30 * MINUTE;
/** A call that began before the calm has ended by then, or left its attempt behind. */
const CALLS_END_MS = MINUTE;
const CALM_MS = 26 * 60 * MINUTE;

/** What every schedule of one database shares; making keys costs more than a schedule. */
export interface Bench {
  readonly engine: Engine;
  readonly seal: Seal & { forget(): void };
  readonly tokens: Tokens;
}

/** @param engine emptied before each schedule, so that each stands alone. */
export function createBench(engine: Engine): Bench {
  return { engine, seal: remembering(createSeal(SECRET)), tokens: createTokens(SECRET) };
}

/**
 * The few secrets of a schedule are written and read hundreds of times; sealing and unsealing them
 * each time proves nothing.
 */
function remembering(seal: Seal): Bench["seal"] {
  const [opened, sealed, hashed] = [memory(), memory(), memory()];
  return {
    ...seal,
    open: (text) => opened.of(text, () => seal.open(text)),
    seal: (text) => sealed.of(text, () => seal.seal(text)),
    hash: (label, text) => hashed.of(`${label} ${text}`, () => seal.hash(label, text)),
    forget() {
      for (const each of [opened, sealed, hashed]) each.clear();
    },
  };
}

function memory() {
  const known = new Map<string, string>();
  return {
    of(key: string, find: () => string): string {
      const found = known.get(key) ?? find();
      known.set(key, found);
      return found;
    },
    clear: () => known.clear(),
  };
}

/** Plays one schedule and judges it. */
export async function runSchedule(
  bench: Bench,
  name: ScheduleName,
  mistake: Mistake = "none",
): Promise<Outcome> {
  await empty(bench.engine);
  bench.seal.forget();
  const { world, supervisor } = worldOf(bench, name, mistake);
  const { plan, time, trace, watch } = world;
  const broken = () => trace.violation() !== null;
  supervisor.start();
  if (plan.faults.twin > 0) time.at(START + 3_000, () => supervisor.start());
  tellStory(world, supervisor);
  await time.runUntil(START + plan.storyMs, broken);
  if (name.mode === "safety") {
    const tail = plan.faults.callbackDelayed > 0 ? 3 * DAY + LAST_WORD_MS : LAST_WORD_MS;
    await time.runUntil(time.now() + tail, () => broken() || allAtRest(world));
  }
  world.calm = true;
  supervisor.settle();
  const calmAt = time.now();
  trace.say("all is calm");
  await time.runUntil(calmAt + CALLS_END_MS, broken);
  await time.runUntil(calmAt + calmMs(name, supervisor), () => broken() || allAtRest(world));
  if (!broken()) await judge(world, supervisor, calmAt);
  const attempts = watch.payments().flatMap((one) => one.attempts);
  return {
    violation: trace.violation(),
    hash: trace.hash(),
    lines: trace.lines,
    counts: {
      commits: watch.commits(),
      prompts: world.mpesa.prompts.length,
      debits: world.mpesa.debits.length,
      processes: supervisor.lives(),
      inDoubt: attempts.filter(({ state }) => state === "in_doubt").length,
      review: attempts.filter(({ state }) => state === "review").length,
      debitedTwice: world.debitedTwice,
    },
  };
}

function calmMs({ mode }: ScheduleName, supervisor: Supervisor): number {
  return supervisor.clockSpanMs() + (mode === "liveness" ? AGED_WITHIN_MS : CALM_MS);
}

function worldOf({ engine, seal, tokens }: Bench, name: ScheduleName, mistake: Mistake) {
  const plan = planOf(name);
  const time = createVirtualTime(plan.random("turns"), START);
  const trace = createTrace(() => time.now());
  const late = { world: () => world, supervisor: () => supervisor };
  const postman = createPostman(late.world, (path, body, answered) => {
    const life = late.supervisor().current();
    life?.post(path, body, answered);
    return life === null ? "down" : "sent";
  });
  const mpesa = createMpesa(time, plan, {
    shown: (prompt) => postman.shown(prompt),
    ended(prompt) {
      if (prompt.end.kind === "paid") judgeDebit(late.world(), prompt.end.debit);
      postman.ended(prompt);
    },
  });
  const world: World = {
    plan,
    time,
    trace,
    mpesa,
    testimony: createTestimony(),
    watch: createWatch(late.world),
    engine,
    seal,
    tokens,
    sabotage: MISTAKES[mistake],
    calm: false,
    underWay: 0,
    debitedTwice: 0,
  };
  const supervisor = createSupervisor(world);
  return { world, supervisor };
}

/** No order is debited twice, unless Daraja itself had called every earlier paid prompt failed. */
function judgeDebit(world: World, debit: { attemptId: string; receipt: string }): void {
  const { mpesa, testimony, trace, watch } = world;
  const attempts = watch.payments().flatMap((one) => one.attempts);
  const orderOf = (id: string) => attempts.find((one) => one.id === id)?.orderReference;
  trace.say(`mpesa debits ${debit.attemptId.slice(0, 8)}`);
  const earlier = mpesa.debits.filter(
    (other) =>
      other.receipt !== debit.receipt && orderOf(other.attemptId) === orderOf(debit.attemptId),
  );
  if (earlier.length === 0) return;
  world.debitedTwice += 1;
  const pair = [...earlier, debit];
  const excused = pair.some(({ attemptId }) => testimony.failed(attemptId as never));
  if (!excused) trace.broken("debited twice", `${orderOf(debit.attemptId)} by no lie of Daraja`);
}

function allAtRest(world: World): boolean {
  const { mpesa, underWay, watch } = world;
  if (underWay > 0 || mpesa.prompts.some(({ end }) => end.kind === "live")) return false;
  return watch.payments().every(({ attempts }) => attempts.every((one) => atRest(world, one)));
}

async function judge(world: World, supervisor: Supervisor, calmAt: number): Promise<void> {
  const { plan, time, trace } = world;
  // Answers that are on their way reach the rows, and what was kept is applied.
  await time.runUntil(time.now() + 2 * MINUTE, () => false);
  // A customer may have paid meanwhile what was called failed; that has its time as everything has.
  const restBy = time.now() + calmMs(plan.name, supervisor);
  await time.runUntil(restBy, () => trace.violation() !== null || allAtRest(world));
  livenessChecks(world, calmAt, supervisor.clockSpanMs());
  const life = supervisor.current();
  if (life === null) return trace.broken("I24", "no process listens");
  if (plan.statement === "imported") {
    await time.runUntil(time.now() + 20 * MINUTE, () => false);
    trace.say("a statement is imported");
    let imported = false;
    const importing = importStatement(world, life).then(() => {
      imported = true;
    });
    await time.runUntil(time.now() + MINUTE, () => imported);
    await importing;
  }
  await endChecks(world);
}

const TABLES = [
  "timeline",
  "evidence",
  "attempts",
  "payments",
  "inbox",
  "idempotency",
  "leases",
  "rollup",
] as const;
const DELETES: readonly Template[] = TABLES.map((table) => (db, t) => db.delete(t[table]));

async function empty(engine: Engine): Promise<void> {
  await engine.commit(DELETES.map((template) => run(template, {})));
}
