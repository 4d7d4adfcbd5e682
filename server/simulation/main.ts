/**
 * `npm run sim`: seeded schedules of faults, as many as wanted, shared by several processes. Ends
 * with a code other than 0 when a promise was broken or less was done than asked.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { added, type Batch, NO_TALLY, runBatch, type Tally } from "./batch.ts";
import { openBench } from "./bench-file.ts";
import { minimised } from "./minimise.ts";
import { readOptions, type SimulationOptions, USAGE } from "./options.ts";
import { pastFailures } from "./past-failures.ts";
import type { Mode } from "./plan.ts";
import { failureText, figures } from "./report.ts";
import { runSchedule } from "./run-schedule.ts";

const WORKER = "--worker";
/** A worker tells how far it is at most this often. */
const TELL_EVERY_MS = 2_000;
const SHOW_EVERY_MS = 20_000;

async function main(options: SimulationOptions): Promise<boolean> {
  if (options.schedule !== null) return replay(options, options.schedule);
  let well = await again();
  for (const mode of options.modes) well = (await runMode(options, mode)) && well;
  return well;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What broke once is tried first. */
async function again(): Promise<boolean> {
  const bench = await openBench();
  try {
    let well = true;
    const past = pastFailures();
    for (const { seed, schedule, mode, reason } of past) {
      const name = { seed, schedule, mode, without: [] };
      const { violation } = await runSchedule(bench, name);
      if (violation !== null) say(`broken again: ${mode} ${seed}/${schedule} (${reason})`);
      well = well && violation === null;
    }
    say(`past failures: ${past.length} played again`);
    return well;
  } finally {
    await bench.close();
  }
}

async function replay(options: SimulationOptions, schedule: number): Promise<boolean> {
  const bench = await openBench();
  try {
    const { seed, without, modes } = options;
    let well = true;
    for (const mode of modes) {
      const outcome = await runSchedule(bench, { seed, schedule, mode, without });
      say(outcome.lines.join("\n"));
      say(`${mode} ${outcome.hash}: ${outcome.violation?.invariant ?? "nothing broken"}`);
      well = well && outcome.violation === null;
    }
    return well;
  } finally {
    await bench.close();
  }
}

async function runMode(options: SimulationOptions, mode: Mode): Promise<boolean> {
  const { seed, schedules, workers } = options;
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1_000;
  const tallies = new Map<number, Tally>();
  const total = () => [...tallies.values()].reduce(added, NO_TALLY);
  const showing = setInterval(() => say(figures(mode, seed, total(), seconds())), SHOW_EVERY_MS);
  const shares = Array.from({ length: workers }, (_, index) => ({
    seed,
    mode,
    from: index + 1,
    step: workers,
    amount: Math.ceil((schedules - index) / workers),
  }));
  await Promise.all(
    shares.map((batch, index) => share(batch, (tally) => tallies.set(index, tally))),
  );
  clearInterval(showing);
  const tally = total();
  say(figures(mode, seed, tally, seconds()));
  await explain(tally);
  if (tally.schedules < schedules) say(`only ${tally.schedules} of ${schedules} were played`);
  return tally.failures.length === 0 && tally.schedules >= schedules;
}

/** One worker process; resolves when it has ended, however it did. */
function share(batch: Batch, told: (tally: Tally) => void): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [WORKER, JSON.stringify(batch)]);
  child.on("message", (message) => told(message as Tally));
  return new Promise((resolve) => child.on("exit", () => resolve()));
}

async function explain({ failures }: Tally): Promise<void> {
  const bench = await openBench();
  for (const failure of failures.slice(0, 3)) {
    const least = await minimised(bench, failure.name);
    const { lines, violation } = await runSchedule(bench, least);
    say(failureText({ ...failure, ...violation }, least, lines));
  }
  await bench.close();
}

async function work(batch: Batch): Promise<void> {
  const bench = await openBench();
  let toldAt = performance.now();
  const tell = (tally: Tally) => process.send?.(tally);
  const tally = await runBatch(bench, batch, (soFar) => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    tell(soFar);
  });
  tell(tally);
  await bench.close();
  process.disconnect();
}

const args = process.argv.slice(2);
if (args[0] === WORKER) await work(JSON.parse(args[1] ?? "null") as Batch);
else {
  const options = readOptions(args);
  if (options === null) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = 2;
  } else if (!(await main(options))) process.exitCode = 1;
}
