/** The run's facts as text for a person. */
import { ENDPOINTS, type EndpointName, TITLES } from "./endpoint.ts";
import type { LevelFigures, Ratio } from "./figures.ts";
import type { GoalResult } from "./goals.ts";
import type { BenchOptions } from "./options.ts";
import { AMOUNT_MAX } from "./posts.ts";
import type { Plan } from "./rounds.ts";
import type { Sizes } from "./sizes.ts";

export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGiB: number;
  /** Processes that wanted a core in the minute before the run (0 on Windows, which does not tell). */
  readonly loadBefore: number;
  readonly node: string;
  readonly platform: string;
}

/** What was acknowledged, and what of it is really there. */
export interface Proof {
  readonly acknowledged: Readonly<Record<EndpointName, number>>;
  readonly missing: Readonly<Record<EndpointName, number>>;
  /** Answers other than 200. */
  readonly refused: number;
  /** Payments whose nudge reached the socket, of ours. */
  readonly nudged: number;
}

export interface Report {
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly plan: Plan;
  readonly seconds: number;
  readonly levels: readonly LevelFigures[];
  readonly sizes: Sizes;
  readonly goals: readonly GoalResult[];
  readonly proof: Proof;
}

/** True when everything acknowledged was kept, and ours was told to the socket too. */
export function holds({ acknowledged, missing, refused, nudged }: Proof): boolean {
  const kept = ENDPOINTS.every((name) => missing[name] === 0 && acknowledged[name] > 0);
  return kept && refused === 0 && nudged >= acknowledged.ours;
}

/** The whole report, ending in a line break. */
export function reportText(report: Report): string {
  const { machine, options, plan, levels, goals, proof } = report;
  const lines = [
    `machine  ${machine.cores} cores (${machine.model}), ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}`,
    `run      ${plan.rounds} interleaved rounds after a warm-up, ${report.seconds.toFixed(0)} s; seed ${options.seed}, amounts KES 1 to ${AMOUNT_MAX.toLocaleString("en")}`,
    "load     every post pays another pending attempt; servers and client are processes of their own on loopback",
    ...busyLines(machine),
    ...levels.flatMap(levelLines),
    "",
    ...goals.flatMap(goalLines),
    "",
    ...proofLines(proof),
  ];
  const caution =
    options.size === "quick" ? ["", "--quick proves that it runs; its figures mean nothing."] : [];
  return `${[...lines, ...caution].join("\n")}\n`;
}

/** Ratios survive a busy machine, rates and p99 do not. */
function busyLines({ loadBefore, cores }: Machine): readonly string[] {
  if (loadBefore < cores / 2) return [];
  return [
    `caution  ${loadBefore.toFixed(1)} processes wanted the ${cores} cores before the run; trust CPU ms, then the ratios, least the rates`,
  ];
}

function levelLines({ connections, endpoints, ratios }: LevelFigures): readonly string[] {
  const against: Readonly<Record<EndpointName, readonly string[]>> = {
    empty: ["1", ""],
    textbook: [ratioText(ratios.textbookToEmpty), "1"],
    ours: [ratioText(ratios.oursToEmpty), ratioText(ratios.oursToTextbook)],
  };
  return [
    "",
    row(
      `${connections} connection${connections === 1 ? "" : "s"}`,
      ["req/s", "p50 ms", "p99 ms", "CPU ms"],
      ["x empty", "x textbook"],
    ),
    ...ENDPOINTS.map((name) => {
      const { perSecond, p50Ms, p99Ms, cpuMs } = endpoints[name];
      const figures = [perSecond.toFixed(0), p50Ms.toFixed(2), p99Ms.toFixed(2), cpuMs.toFixed(3)];
      return row(TITLES[name], figures, against[name]);
    }),
  ];
}

function row(title: string, figures: readonly string[], ratios: readonly string[]): string {
  const cells = [
    title.padEnd(32),
    ...figures.map((text) => text.padStart(8)),
    ...ratios.map((text) => text.padStart(20)),
  ];
  return cells.join("").trimEnd();
}

function ratioText({ median, min, max }: Ratio): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)})`;
}

function goalLines({ id, goal, seen, met, note }: GoalResult): readonly string[] {
  return [`${id}  ${met ? "met    " : "not met"}  ${goal}: ${seen}`, `             ${note}`];
}

function proofLines(proof: Proof): readonly string[] {
  const { acknowledged, missing, refused, nudged } = proof;
  return [
    `kept     ours: ${acknowledged.ours} acknowledged, ${missing.ours} of them missing in the database, ${nudged} heard on the socket`,
    `         textbook: ${acknowledged.textbook} acknowledged, ${missing.textbook} missing; refused by any server: ${refused}`,
    holds(proof) ? "         all is there" : "         NOT ALL IS THERE",
  ];
}
