/** Every drill in the amount of the gate; `npm run drill` runs them longer. */
import { describe, expect, test } from "vitest";
import { reportText } from "./drill.ts";
import { DRILLS } from "./drills.ts";

const SEED = Number(process.env.DRILL_SEED ?? 1);

describe("promises under staged faults", () => {
  test.each(Object.entries(DRILLS))("%s", async (_name, { drill, inGate }) => {
    const report = await drill({ amount: inGate, seed: SEED, log: () => undefined });
    process.stdout.write(`${reportText(report)}\n`);
    expect(report.faults).toEqual([]);
    expect(report.done).toBeGreaterThanOrEqual(inGate);
  });
});
