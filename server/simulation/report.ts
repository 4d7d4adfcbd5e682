/** The words of a run: its figures, and how to have a failure again. */
import type { Failure, Tally } from "./batch.ts";
import { FAULT_NAMES, type Mode, planOf, type ScheduleName } from "./plan.ts";

/** One line of figures: amount, rate, what happened in it. */
export function figures(mode: Mode, seed: number, tally: Tally, seconds: number): string {
  const { schedules, counts } = tally;
  const rate = (schedules / Math.max(0.001, seconds)).toFixed(1);
  return (
    `${mode}: ${schedules} schedules from seed ${seed} in ${seconds.toFixed(1)} s (${rate}/s); ` +
    `${counts.commits} commits, ${counts.prompts} prompts, ${counts.debits} debits, ` +
    `${counts.processes} processes, ${counts.inDoubt} left in doubt, ${counts.review} in review, ` +
    `${counts.debitedTwice} debited again after Daraja had called the paid prompt failed; ` +
    `${tally.failures.length} broken`
  );
}

/** How to play one schedule again. */
export function replayCommand({ seed, schedule, mode, without }: ScheduleName): string {
  const fewer = without.length === 0 ? "" : ` --without ${without.join(",")}`;
  return `npm run sim -- --seed ${seed} --schedule ${schedule} --mode ${mode}${fewer}`;
}

/** A broken promise with the faults it needs, its trace and its command. */
export function failureText(
  failure: Failure,
  least: ScheduleName,
  lines: readonly string[],
): string {
  const { faults } = planOf(least);
  const on = FAULT_NAMES.filter((fault) => faults[fault] > 0);
  return [
    `${failure.invariant}: ${failure.what}`,
    `  needs: ${on.length === 0 ? "no fault" : on.join(", ")}`,
    ...lines.map((line) => `  ${line}`),
    `  again: ${replayCommand(least)}`,
  ].join("\n");
}
