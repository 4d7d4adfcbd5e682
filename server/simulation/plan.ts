/**
 * What goes wrong in a schedule, and how often. Each fault is on in some schedules only: a
 * schedule in which everything fails at once hides what two faults do together.
 */
import { type Phone, parsePhone } from "../../shared/phone.ts";
import { type Random, randomOf } from "./random.ts";

/** Every fault, with how strong it may be: mostly probabilities per occasion. */
const FAULTS = {
  /** The process ends before or after a call to a port. */
  crash: [0.002, 0.01, 0.03],
  /** Calls of one process mix with each other at every call to the store, as on PostgreSQL. */
  spread: [1],
  /** A second process runs on the same database. */
  twin: [1],
  /** The wall clock of a new process stands elsewhere. */
  clockJump: [0.5, 1],
  /** A commit or a read fails and nothing was written. */
  storeFails: [0.005, 0.03, 0.15],
  /** A commit fails although it was written. */
  storeLies: [0.005, 0.05],
  noToken: [0.05, 0.3],
  pushAnswerLost: [0.2, 0.6],
  pushNotProcessed: [0.1, 0.4],
  pushRejected: [0.1, 0.4],
  pushNotSent: [0.1, 0.4],
  pushSlow: [0.2, 0.6],
  /** A request that lies in a gateway and becomes a prompt later. */
  pushLate: [0.2, 0.6],
  callbackLost: [0.2, 0.6, 1],
  callbackDoubled: [0.3, 0.8],
  callbackDelayed: [0.3, 0.8],
  /** Other failure codes on redelivery, unknown codes before the true one, codes as text. */
  callbackCodes: [0.3, 0.8],
  /** Callbacks come from unlisted addresses: success waits for a second source. */
  unlisted: [1],
  callbackUnreadable: [0.2, 0.5],
  /** Success posts that do not fit, on an attempt's own address. */
  tampered: [0.2, 0.5],
  forged: [0.3, 0.8],
  queryProcessing: [0.3, 0.8],
  queryUnknownId: [0.3, 0.8],
  queryUnreachable: [0.2, 0.7],
  queryRateLimited: [0.1, 0.4],
  queryUnknownCode: [0.1, 0.4],
  /** The query calls a prompt failed that is paid later. */
  queryLies: [0.1, 0.3],
  /** Money moves after Daraja itself called the prompt failed. */
  changedMind: [0.1, 0.3],
  /** Daraja shows a second prompt on a phone that has one. */
  noPhoneLock: [1],
  merchantCancels: [0.3, 1],
  reopened: [0.3, 1],
  shortExpiry: [1],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
export type Faults = Readonly<Record<FaultName, number>>;

/** `safety`: everything may go on failing for days. `liveness`: faults stop, and time is measured. */
export type Mode = "safety" | "liveness";

/** Which schedule: this alone says everything that will happen in it. */
export interface ScheduleName {
  readonly seed: number;
  readonly schedule: number;
  readonly mode: Mode;
  /** Faults left out, to find which of them a violation needs. */
  readonly without: readonly FaultName[];
}

export interface PlannedOrder {
  readonly reference: string;
  /** Whole shillings. */
  readonly amount: number;
  readonly phones: readonly Phone[];
}

export interface Plan {
  readonly name: ScheduleName;
  readonly faults: Faults;
  readonly orders: readonly PlannedOrder[];
  /** How long customers and merchants act, in ms. */
  readonly storyMs: number;
  /** Is a statement imported when all is calm? Then even money without any other evidence is found. */
  readonly statement: "imported" | "none";
  /** A stream of chance of its own for each part, so that parts do not disturb each other. */
  readonly random: (stream: string) => Random;
}

const ON_PROBABILITY = 0.3;

/** Draws a schedule. */
export function planOf(name: ScheduleName): Plan {
  const random = (stream: string) =>
    randomOf(`${name.seed}/${name.schedule}/${name.mode}/${stream}`);
  const draw = random("plan");
  const drawn = FAULT_NAMES.map((fault) => {
    const on = draw.chance(ON_PROBABILITY);
    const strength = draw.pick<number>(FAULTS[fault]);
    return [fault, on && !name.without.includes(fault) ? strength : 0];
  });
  const faults: Faults = Object.fromEntries(drawn);
  const phones = Array.from({ length: 2 }, () => phoneOf(draw));
  const orders = Array.from({ length: Number(draw.weighted({ 1: 3, 2: 5, 3: 2 })) }, (_, i) => ({
    reference: `ORDER-${i + 1}`,
    amount: draw.pick([1, 50, 50, 1_000]),
    phones: draw.chance(0.5) ? phones : [draw.pick(phones)],
  }));
  const storyMs = draw.pick([2, 6, 15, 40]) * 60_000;
  const statement = draw.chance(0.5) && name.mode === "safety" ? "imported" : "none";
  return { name, faults, orders, storyMs, statement, random };
}

function phoneOf(draw: Random): Phone {
  const phone = parsePhone(`2547${String(draw.between(0, 99_999_999)).padStart(8, "0")}`);
  if (phone === null) throw new Error("the simulation drew no phone number");
  return phone;
}
