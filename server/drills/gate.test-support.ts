/** Drills in the amount of the gate; `npm run drill` runs them longer. */
import { expect, test } from "vitest";
import { reportText } from "./drill.ts";
import { DRILLS } from "./drills.ts";
import type { Disk } from "./workplace.ts";

/** `npm run drill -- --seed N` plays others. */
const SEED = 1;

/** One test for each drill of such a disk. */
export function playInGate(wanted: Disk): void {
  const drills = Object.entries(DRILLS).filter(([, { disk }]) => disk === wanted);
  test.each(drills)("%s", async (_name, { drill, inGate }) => {
    const report = await drill({ amount: inGate, seed: SEED, log: () => undefined });
    process.stdout.write(`${reportText(report)}\n`);
    expect(report.faults).toEqual([]);
    expect(report.done).toBeGreaterThanOrEqual(inGate);
  });
}
