/** Many schedules in a row, and what they amounted to. */

import type { BenchFile } from "./bench-file.ts";
import { type Mode, planOf, type ScheduleName } from "./plan.ts";
import { type Counts, type Outcome, runSchedule } from "./run-schedule.ts";

/** Which schedules: `amount` of them from `from`, each `step`-th. */
export interface Batch {
  readonly seed: number;
  readonly mode: Mode;
  readonly from: number;
  readonly amount: number;
  readonly step: number;
}

export interface Tally {
  readonly schedules: number;
  readonly counts: Counts;
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly name: ScheduleName;
  readonly invariant: string;
  readonly what: string;
}

const NOTHING: Counts = {
  commits: 0,
  prompts: 0,
  debits: 0,
  processes: 0,
  inDoubt: 0,
  review: 0,
  debitedTwice: 0,
};
export const NO_TALLY: Tally = { schedules: 0, counts: NOTHING, failures: [] };

/** After so many broken schedules more would say nothing new. */
const FAILURES_MAX = 5;

/** Plays the schedules, then looks through the database. @param done told after each schedule. */
export async function runBatch(
  bench: BenchFile,
  batch: Batch,
  done: (tally: Tally) => void = () => undefined,
): Promise<Tally> {
  let tally = NO_TALLY;
  const { seed, mode, from, amount, step } = batch;
  for (let count = 0; count < amount && tally.failures.length < FAILURES_MAX; count += 1) {
    const name = { seed, mode, schedule: from + count * step, without: [] };
    tally = added(tally, tallyOf(name, await runSchedule(bench, name)));
    done(tally);
  }
  return { ...tally, failures: [...tally.failures, ...leaksAfter(bench, batch, tally.schedules)] };
}

/**
 * Once for all schedules: the file's pages hold much of what the earlier ones wrote. Names of
 * requests and tokens are known by their shape, numbers are those of the last schedule.
 */
function leaksAfter(bench: BenchFile, batch: Batch, played: number): readonly Failure[] {
  if (played === 0) return [];
  const { seed, mode, from, step } = batch;
  const name = { seed, mode, schedule: from + (played - 1) * step, without: [] };
  const phones = planOf(name).orders.flatMap((order) => order.phones);
  return bench
    .leaks(phones)
    .map((leak) => ({ name, invariant: "I23", what: `canary found in ${leak}` }));
}

function tallyOf(name: ScheduleName, { violation, counts }: Outcome): Tally {
  const failures = violation === null ? [] : [{ name, ...violation }];
  return { schedules: 1, counts, failures };
}

/** Two tallies as one. */
export function added(one: Tally, other: Tally): Tally {
  const keys = Object.keys(NOTHING) as (keyof Counts)[];
  const sums = keys.map((key) => [key, one.counts[key] + other.counts[key]]);
  return {
    schedules: one.schedules + other.schedules,
    counts: Object.fromEntries(sums) as Counts,
    failures: [...one.failures, ...other.failures],
  };
}
