/**
 * `npm run bench`: our callback route beside an empty handler and the textbook's endpoint, in one
 * run (shared facts: ratios carry over, absolute figures belong to the machine and the hour).
 * Ends with a code other than 0 when something acknowledged is not in the database.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EndpointName } from "./endpoint.ts";
import { figuresOf } from "./figures.ts";
import { judge } from "./goals.ts";
import { type BenchOptions, readOptions, USAGE } from "./options.ts";
import { type Endpoints, type Processes, playRole, roleOf, startProcesses } from "./processes.ts";
import { holds, type Machine, type Proof, type Report, reportText } from "./report.ts";
import { type Measured, measure, PLANS } from "./rounds.ts";
import { sizesOf } from "./sizes.ts";
import { startWatcher, type Watcher } from "./watcher.ts";

const GIB = 1024 ** 3;
/** What shells say of a program that was interrupted. */
const INTERRUPTED = 130;

async function main(options: BenchOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "lipia-bench-"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      rmSync(folder, { recursive: true, force: true });
      // The children notice that nobody holds the other end and leave as well.
      process.exit(INTERRUPTED);
    });
  }
  try {
    const program = fileURLToPath(import.meta.url);
    const processes = await startProcesses(program, { folder, seed: options.seed });
    let report: Report;
    try {
      report = await bench(options, processes);
    } finally {
      await processes.end();
    }
    process.stdout.write(
      options.output === "json" ? `${JSON.stringify(report, null, 2)}\n` : reportText(report),
    );
    if (!holds(report.proof)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bench(options: BenchOptions, { endpoints, client }: Processes): Promise<Report> {
  const ran = machine();
  const startedAt = performance.now();
  const { watch } = endpoints.ours;
  if (watch === null) throw new Error("our server gave nothing to watch");
  const plan = PLANS[options.size];
  const watcher = await startWatcher(watch);
  try {
    const sizes = await sizesOf(watch.checkoutUrl);
    const measured = await measure(plan, endpoints, client, (line) =>
      process.stderr.write(`${line}\n`),
    );
    const proof = await proofOf(measured, endpoints, watcher);
    const levels = figuresOf(measured.measurements);
    const seconds = (performance.now() - startedAt) / 1_000;
    const goals = judge(levels, sizes);
    return { machine: ran, options, plan, seconds, levels, sizes, goals, proof };
  } finally {
    watcher.close();
  }
}

async function proofOf(
  { acknowledged, refused }: Measured,
  endpoints: Endpoints,
  watcher: Watcher,
): Promise<Proof> {
  const missing = async (name: EndpointName) =>
    (await endpoints[name].remote.call("missing", acknowledged[name])).length;
  return {
    acknowledged: {
      empty: acknowledged.empty.length,
      textbook: acknowledged.textbook.length,
      ours: acknowledged.ours.length,
    },
    missing: {
      empty: await missing("empty"),
      textbook: await missing("textbook"),
      ours: await missing("ours"),
    },
    refused,
    nudged: await watcher.heard(acknowledged.ours.length),
  };
}

function machine(): Machine {
  const processors = cpus();
  return {
    cores: processors.length,
    model: processors[0]?.model ?? "unknown",
    memoryGiB: Math.round(totalmem() / GIB),
    loadBefore: loadavg()[0] ?? 0,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
  };
}

const args = process.argv.slice(2);
const role = roleOf(args);
const options = role === null ? readOptions(args) : null;
if (role !== null) playRole(role);
else if (options === null) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else await main(options);
