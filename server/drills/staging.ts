/** A staged fault proves something only where it took hold. */
import type { Tally } from "./drill.ts";

/** Turns that a drill may take for each fault that takes hold, and some more for small amounts. */
const TURNS_A_FAULT_MAX = 4;
const TURNS_MORE = 10;

/**
 * Stages a fault again and again until it took hold `times` times; only those are done. A fault
 * that hardly ever takes hold, as when what should stage it does nothing, breaks the drill.
 */
export async function stageUntilFelt(
  tally: Tally,
  times: number,
  stage: (turn: number) => Promise<"felt" | "not felt">,
): Promise<void> {
  const turnsMax = times * TURNS_A_FAULT_MAX + TURNS_MORE;
  let felt = 0;
  for (let turn = 1; felt < times; turn += 1) {
    if (turn > turnsMax) {
      tally.fault(`only ${felt} of ${turnsMax} staged faults took hold; ${times} were wanted`);
      return;
    }
    if ((await stage(turn)) === "not felt") {
      tally.count("took no hold, staged again");
      continue;
    }
    felt += 1;
    tally.done();
  }
}
