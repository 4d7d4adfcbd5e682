/** Every drill with its amounts: what the gate runs, and what `npm run drill` runs. */
import { bombing } from "./bombing.ts";
import { canaries } from "./canaries.ts";
import type { Drill } from "./drill.ts";
import { forgedCallbacks } from "./forged-callbacks.ts";
import { kills } from "./kills.ts";
import { oddAnswers } from "./odd-answers.ts";
import { powerCuts } from "./power-cuts.ts";
import { races } from "./races.ts";
import type { Disk } from "./workplace.ts";
import { writeFaults } from "./write-faults.ts";

export interface ListedDrill {
  readonly drill: Drill;
  /** What it waits for most: the gate plays those of the one beside those of the other. */
  readonly disk: Disk;
  /** What one time is. */
  readonly counts: string;
  readonly inGate: number;
  readonly long: number;
}

export const DRILLS: Readonly<Record<string, ListedDrill>> = {
  races: { drill: races, disk: "memory", counts: "races", inGate: 1_000, long: 100_000 },
  kills: { drill: kills, disk: "real", counts: "kills", inGate: 30, long: 2_000 },
  "power-cuts": { drill: powerCuts, disk: "real", counts: "images", inGate: 200, long: 20_000 },
  "write-faults": { drill: writeFaults, disk: "real", counts: "faults", inGate: 50, long: 1_000 },
  "forged-callbacks": {
    drill: forgedCallbacks,
    disk: "memory",
    counts: "posts",
    inGate: 5_000,
    long: 1_000_000,
  },
  "odd-answers": {
    drill: oddAnswers,
    disk: "memory",
    counts: "answers",
    inGate: 5_000,
    long: 500_000,
  },
  canaries: { drill: canaries, disk: "memory", counts: "journeys", inGate: 60, long: 5_000 },
  bombing: { drill: bombing, disk: "memory", counts: "tries", inGate: 2_000, long: 100_000 },
};
