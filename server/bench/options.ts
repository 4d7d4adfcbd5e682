/** The arguments of `npm run bench`. */
import { parseArgs } from "node:util";

export interface BenchOptions {
  /** Seconds instead of a minute, and figures that mean nothing: proves that it all runs. */
  readonly size: "full" | "quick";
  readonly output: "text" | "json";
  /** Feeds the amounts; the same seed asks for the same sums. */
  readonly seed: number;
}

export const USAGE = `npm run bench -- [--quick] [--json] [--seed N]

  --quick   a few seconds: proves that everything runs and is kept, measures nothing
  --json    the same facts as one JSON object
  --seed N  other amounts (default 1)`;

/** @returns null when the arguments are not understood or help is wanted. */
export function readOptions(args: readonly string[]): BenchOptions | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        seed: { type: "string", default: "1" },
      },
    });
    if (!/^\d{1,9}$/.test(values.seed)) return null;
    return {
      size: values.quick ? "quick" : "full",
      output: values.json ? "json" : "text",
      seed: Number(values.seed),
    };
  } catch {
    return null;
  }
}
