/**
 * The share of the simulation that every change must pass, from two seeds that are printed: the
 * gate judges the change, not the day's luck. SIM_SEED changes the second; `npm run sim` plays as
 * many schedules as wanted from any seed.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runBatch } from "./batch.ts";
import { openBench } from "./bench-file.ts";
import { minimised } from "./minimise.ts";
import { pastFailures } from "./past-failures.ts";
import type { Mode } from "./plan.ts";
import { failureText, figures } from "./report.ts";
import { type Outcome, runSchedule } from "./run-schedule.ts";
import { MISTAKES, type Mistake } from "./sabotage.ts";

const FIXED_SEED = 20_261_123;
const OTHER_SEED = Number(process.env.SIM_SEED ?? 513_011_565);
/** Half of each amount comes from either seed. */
const SAFETY = 5_000;
const LIVENESS = 1_000;
const LONG_MS = 20 * 60_000;
/** Every mistake shows itself within so many schedules. */
const MISTAKE_FOUND_WITHIN = 300;

let bench: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** Plays a share and says what it amounted to; the text of the first failure, or null. */
async function play(mode: Mode, seed: number, amount: number): Promise<string | null> {
  const startedAt = performance.now();
  const tally = await runBatch(bench, { seed, mode, from: 1, amount, step: 1 });
  const seconds = (performance.now() - startedAt) / 1_000;
  process.stdout.write(`simulation, ${figures(mode, seed, tally, seconds)}\n`);
  const [failure] = tally.failures;
  if (failure === undefined) {
    expect(tally.schedules, "fewer schedules than promised").toBe(amount);
    expect(tally.counts.debits, "nobody paid: the run proves nothing").toBeGreaterThan(amount / 4);
    return null;
  }
  const least = await minimised(bench, failure.name);
  return failureText(failure, least, (await runSchedule(bench, least)).lines);
}

test("what broke once stays mended", async () => {
  for (const { seed, schedule, mode, reason } of pastFailures()) {
    const outcome = await runSchedule(bench, { seed, schedule, mode, without: [] });
    expect(outcome.violation, reason).toBeNull();
  }
});

test("one seed is one story", async () => {
  for (let schedule = 1; schedule <= 20; schedule += 1) {
    const name = { seed: FIXED_SEED, schedule, mode: "safety", without: [] } as const;
    const first = await runSchedule(bench, name);
    expect((await runSchedule(bench, name)).hash).toBe(first.hash);
  }
});

test.each([FIXED_SEED, OTHER_SEED])(
  `${SAFETY / 2} schedules of faults from seed %i break no promise`,
  { timeout: LONG_MS },
  async (seed) => {
    expect(await play("safety", seed, SAFETY / 2)).toBeNull();
  },
);

test.each([FIXED_SEED, OTHER_SEED])(
  `${LIVENESS / 2} schedules from seed %i come to rest in time once faults stop`,
  { timeout: LONG_MS },
  async (seed) => {
    expect(await play("liveness", seed, LIVENESS / 2)).toBeNull();
  },
);

describe("a known mistake is caught", () => {
  const mistakes = (Object.keys(MISTAKES) as Mistake[]).filter((mistake) => mistake !== "none");
  test.each(mistakes)("%s", { timeout: LONG_MS }, async (mistake) => {
    let found: Outcome["violation"] = null;
    for (let schedule = 1; found === null && schedule <= MISTAKE_FOUND_WITHIN; schedule += 1) {
      const mode = schedule % 2 === 0 ? "safety" : "liveness";
      const name = { seed: FIXED_SEED, schedule, mode, without: [] } as const;
      found = (await runSchedule(bench, name, mistake)).violation;
    }
    expect(found).not.toBeNull();
  });
});
