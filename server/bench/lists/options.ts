/** The arguments of `npm run bench -- data`. */
import { parseArgs } from "node:util";

export interface DataOptions {
  /** Numbers of payments, one database each. */
  readonly sizes: readonly number[];
  /** Few questions, and figures that mean nothing: proves that it all runs. */
  readonly size: "full" | "quick";
  readonly output: "text" | "json";
  readonly seed: number;
}

export const USAGE = `npm run bench -- data [--rows N,N] [--quick] [--json] [--seed N]

  --rows N,N  payments of each database (default 1000000,5000000: some 15 minutes and 6 GB of disk)
  --quick     a thousand payments and few questions: proves that everything runs, measures nothing
  --json      the same facts as JSON
  --seed N    another shop (default 1)`;

const QUICK_ROWS = "1000";

/** @returns null when the arguments are not understood or help is wanted. */
export function readDataOptions(args: readonly string[]): DataOptions | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rows: { type: "string" },
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        seed: { type: "string", default: "1" },
      },
    });
    const rows = values.rows ?? (values.quick ? QUICK_ROWS : "1000000,5000000");
    if (!/^[1-9]\d{0,7}(,[1-9]\d{0,7})*$/.test(rows) || !/^\d{1,9}$/.test(values.seed)) return null;
    return {
      sizes: rows.split(",").map(Number),
      size: values.quick ? "quick" : "full",
      output: values.json ? "json" : "text",
      seed: Number(values.seed),
    };
  } catch {
    return null;
  }
}
