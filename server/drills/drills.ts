/** Every drill with its amounts: what the gate runs, and what `npm run drill` runs. */
import { bombing } from "./bombing.ts";
import { canaries } from "./canaries.ts";
import type { Drill } from "./drill.ts";
import { forgedCallbacks } from "./forged-callbacks.ts";
import { kills } from "./kills.ts";
import { oddAnswers } from "./odd-answers.ts";
import { powerCuts } from "./power-cuts.ts";
import { races } from "./races.ts";
import { writeFaults } from "./write-faults.ts";

export interface ListedDrill {
  readonly drill: Drill;
  /** What one time is. */
  readonly counts: string;
  readonly inGate: number;
  readonly long: number;
}

export const DRILLS: Readonly<Record<string, ListedDrill>> = {
  races: { drill: races, counts: "races", inGate: 1_000, long: 100_000 },
  kills: { drill: kills, counts: "kills", inGate: 30, long: 2_000 },
  "power-cuts": { drill: powerCuts, counts: "images", inGate: 200, long: 20_000 },
  "write-faults": { drill: writeFaults, counts: "faults", inGate: 50, long: 1_000 },
  "forged-callbacks": { drill: forgedCallbacks, counts: "posts", inGate: 5_000, long: 1_000_000 },
  "odd-answers": { drill: oddAnswers, counts: "answers", inGate: 5_000, long: 500_000 },
  canaries: { drill: canaries, counts: "journeys", inGate: 60, long: 5_000 },
  bombing: { drill: bombing, counts: "tries", inGate: 2_000, long: 100_000 },
};
