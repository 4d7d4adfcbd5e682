/** What one race is made of, and what the drill knows of its pushes. */
import type { Push } from "./counting-daraja.ts";
import type { Dice } from "./dice.ts";
import type { Tally } from "./drill.ts";
import type { DrillHouse } from "./house.ts";

/** How Daraja treats the pushes of one race. */
export const ENDS = [
  "silence",
  "paid",
  "paid_before_answer",
  "paid_twice",
  "cancelled",
  "cancelled_before_answer",
  "answer_lost",
  "busy",
  "locked",
] as const;
export type End = (typeof ENDS)[number];

/** One push as the drill knows it: what is true, and what it keeps busy. */
export interface InAir {
  readonly push: Push;
  readonly order: string;
  readonly end: End;
  /** The order may be prompted again: a failure is on its way to the server. */
  orderFree: boolean;
  phoneFree: boolean;
  /** The state the attempt must end in, once its callback was answered 200. */
  truth: "pending" | "confirmed" | "failed" | "in_doubt";
  receipt: string | null;
}

export interface Race {
  readonly dice: Dice;
  /** One, or three that share their phones. */
  readonly orders: readonly string[];
  readonly air: InAir[];
  readonly calls: Promise<void>[];
}

export interface Track {
  readonly house: DrillHouse;
  readonly tally: Tally;
  readonly races: Map<string, Race>;
  readonly byPhone: Map<string, InAir[]>;
  receipts: number;
}
