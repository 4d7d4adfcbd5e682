/** The arguments of `npm run sim`. */
import { parseArgs } from "node:util";
import { FAULT_NAMES, type FaultName, type Mode } from "./plan.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly modes: readonly Mode[];
  /** How many schedules of each mode. */
  readonly schedules: number;
  /** One schedule to play again and to print. */
  readonly schedule: number | null;
  readonly without: readonly FaultName[];
  readonly workers: number;
}

export const USAGE = `npm run sim -- [--schedules N] [--seed S] [--mode safety|liveness|both] [--workers W]
npm run sim -- --seed S --schedule K --mode safety|liveness [--without FAULT,FAULT]

  --schedules N  how many of each mode (default 10000)
  --seed S       whose chance it is (default 1)
  --mode M       safety: faults go on; liveness: they stop and time is measured (default both)
  --workers W    processes that share the work (default 2)
  --schedule K   plays one schedule again and prints its trace
  --without F,F  leaves faults out of it: ${FAULT_NAMES.join(", ")}`;

const WHOLE = /^\d{1,9}$/;

/** @returns null when the arguments are not understood or help is wanted. */
export function readOptions(args: readonly string[]): SimulationOptions | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: "string", default: "1" },
        schedules: { type: "string", default: "10000" },
        schedule: { type: "string" },
        mode: { type: "string", default: "both" },
        without: { type: "string", default: "" },
        workers: { type: "string", default: "2" },
      },
    });
    const numbers = [values.seed, values.schedules, values.workers, values.schedule ?? "0"];
    const modes = modesOf(values.mode);
    const without = values.without.split(",").filter((name) => name !== "");
    if (!numbers.every((text) => WHOLE.test(text)) || modes === null) return null;
    if (!without.every(isFault)) return null;
    return {
      seed: Number(values.seed),
      modes,
      schedules: Number(values.schedules),
      schedule: values.schedule === undefined ? null : Number(values.schedule),
      without: without.filter(isFault),
      workers: Math.max(1, Number(values.workers)),
    };
  } catch {
    return null;
  }
}

function modesOf(text: string): readonly Mode[] | null {
  if (text === "both") return ["safety", "liveness"];
  return text === "safety" || text === "liveness" ? [text] : null;
}

function isFault(name: string): name is FaultName {
  return FAULT_NAMES.some((fault) => fault === name);
}
