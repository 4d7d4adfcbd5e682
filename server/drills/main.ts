/**
 * A program: `npm run drill -- [NAME …] [--amount N] [--seed S] [--gate]`. Runs the drills one
 * after the other at their long amounts and ends with 1 when a promise was broken.
 */
import { parseArgs } from "node:util";
import { reportText } from "./drill.ts";
import { DRILLS } from "./drills.ts";

const USAGE = `npm run drill -- [NAME ...] [options]

  --amount N  times instead of the long amount
  --gate      the amounts of npm test instead of the long ones
  --seed S    another seed                      (1)
  --help

${Object.entries(DRILLS)
  .map(
    ([name, { counts, inGate, long }]) =>
      `  ${name.padEnd(18)} ${long} ${counts} (${inGate} in the gate)`,
  )
  .join("\n")}
`;

interface Wanted {
  readonly names: readonly string[];
  readonly amount: number | null;
  readonly size: "gate" | "long";
  readonly seed: number;
}

/** @returns null when the arguments are not understood or help is wanted. */
function readArguments(args: readonly string[]): Wanted | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        amount: { type: "string" },
        gate: { type: "boolean", default: false },
        seed: { type: "string", default: "1" },
        help: { type: "boolean", default: false },
      },
    });
    const unknown = positionals.some((name) => !Object.hasOwn(DRILLS, name));
    const numbers = [values.seed, values.amount ?? "1"].every((text) => /^\d{1,9}$/.test(text));
    if (values.help || unknown || !numbers) return null;
    return {
      names: positionals.length > 0 ? positionals : Object.keys(DRILLS),
      amount: values.amount === undefined ? null : Number(values.amount),
      size: values.gate ? "gate" : "long",
      seed: Number(values.seed),
    };
  } catch {
    return null;
  }
}

async function main({ names, amount, size, seed }: Wanted): Promise<void> {
  for (const name of names) {
    const listed = DRILLS[name];
    if (listed === undefined) continue;
    const usual = size === "gate" ? listed.inGate : listed.long;
    const report = await listed.drill({
      amount: amount ?? usual,
      seed,
      log: (line) => process.stderr.write(`${line}\n`),
    });
    process.stdout.write(`${reportText(report)}\n`);
    if (report.faults.length > 0) process.exitCode = 1;
  }
}

const wanted = readArguments(process.argv.slice(2));
if (wanted === null) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  await main(wanted);
}
