/**
 * The test phones of contract §9 as data: what happens to a prompt, when, what the shop is told,
 * and what the payment must end as. Delays are milliseconds after the push was accepted, before
 * SIMULATOR_SPEED divides them; they follow the recorded timings of daraja.md §6.
 */
import type { TestScenario } from "../../shared/handset-view.ts";
import type { PaymentStatus } from "../../shared/words.ts";
import type { FailureName } from "./outcomes.ts";

/** How the push call itself is answered. */
export type PushBehaviour =
  /** 200 with both ids. */
  | "accepted"
  /** 200, but only after the first callback was posted. */
  | "after_callback"
  /** Accepted, then the connection is reset instead of an answer. */
  | "reset"
  /** The connection is reset and nothing was accepted. */
  | "reset_unsent"
  /** 500.003.02 System is busy. */
  | "busy"
  /** 500.001.1001 Unable to lock subscriber. */
  | "locked"
  /** The web firewall's 403 page. */
  | "firewall";

export interface CallbackStep {
  readonly atMs: number;
  readonly does: "callback";
  /** Another MerchantRequestID, as recorded when 1019 replaced 1037. */
  readonly newMerchantRequestId?: true;
}

export type Step =
  | { readonly atMs: number; readonly does: "pay" }
  | { readonly atMs: number; readonly does: "fail"; readonly outcome: FailureName }
  | CallbackStep;

export interface Plan {
  /** The phone shows a prompt: a person may take over, and nobody else may push to it. */
  readonly reachesPhone: boolean;
  /** Nobody answers by itself: a person at the handset does, before the steps begin. */
  readonly waitsForPerson?: true;
  readonly steps: readonly Step[];
  /** `processing`: the query says 4999 for ever, whatever happened (daraja.md §3). */
  readonly query: "truth" | "processing";
  /** What is debited instead of the amount asked for. */
  readonly debits?: (amount: number) => number;
}

export interface Scenario extends Plan {
  readonly title: string;
  readonly push: PushBehaviour;
  /** What the payment must end as. */
  readonly endsAs: PaymentStatus;
}

/** A person has this long before a prompt that waits rings out. */
export const PERSON_MS = 60_000;
/** Recorded: nobody answers, 27 to 29 s. */
export const RING_OUT_MS = 27_000;
export const LATE_MS = 100_000;

const base = { reachesPhone: true, query: "truth", push: "accepted" } as const;

/** Money at `paidAtMs`; the shop hears of it at each of `callbacksAtMs`. */
export function paying(paidAtMs: number, ...callbacksAtMs: readonly number[]): readonly Step[] {
  const callbacks = callbacksAtMs.map((atMs) => ({ atMs, does: "callback" }) as const);
  return [{ atMs: paidAtMs, does: "pay" }, ...callbacks];
}

/** A failure and its callback. */
export function failing(outcome: FailureName, atMs: number): readonly Step[] {
  return [
    { atMs, does: "fail", outcome },
    { atMs: atMs + 100, does: "callback" },
  ];
}

const TYPICAL = paying(5_000, 5_500);

/** Any valid number without a row of its own pays, so that load runs need no list. */
const ORDINARY: Scenario = {
  ...base,
  title: "pays after 5 s",
  steps: TYPICAL,
  endsAs: "confirmed",
};

export const SCENARIOS: Readonly<Record<TestScenario, Scenario>> = {
  "00": {
    ...base,
    title: "waits for a person at the handset; with nobody there, 1037",
    waitsForPerson: true,
    steps: failing("no_answer", PERSON_MS),
    endsAs: "expired",
  },
  "01": { ...base, title: "pays after 5 s", steps: TYPICAL, endsAs: "confirmed" },
  "02": {
    ...base,
    title: "cancels: 1032",
    steps: failing("cancelled", 6_000),
    endsAs: "cancelled",
  },
  "03": {
    ...base,
    title: "nobody answers: 1037 after about 27 s",
    steps: failing("no_answer", RING_OUT_MS),
    endsAs: "expired",
  },
  "04": {
    ...base,
    title: "insufficient funds: 1",
    steps: failing("no_money", 8_000),
    endsAs: "failed",
  },
  "05": { ...base, title: "wrong PIN: 2001", steps: failing("wrong_pin", 9_000), endsAs: "failed" },
  "06": {
    ...base,
    title: "phone off: 1037 after about 3 s",
    reachesPhone: false,
    steps: failing("phone_off", 3_000),
    endsAs: "expired",
  },
  "07": { ...base, title: "pays, the callback is lost", steps: paying(5_000), endsAs: "confirmed" },
  "08": {
    ...base,
    title: "pays, the callback comes twice, 6 s apart",
    steps: paying(5_000, 5_500, 11_500),
    endsAs: "confirmed",
  },
  "09": {
    ...base,
    title: "pays, the callback arrives before the push answer",
    push: "after_callback",
    steps: paying(0, 0),
    endsAs: "confirmed",
  },
  "10": {
    ...base,
    title: "pays after 100 s",
    steps: paying(LATE_MS, LATE_MS + 500),
    endsAs: "confirmed",
  },
  "11": {
    ...base,
    title: "the push answer is lost (connection reset after acceptance), then pays",
    push: "reset",
    steps: TYPICAL,
    endsAs: "confirmed",
  },
  "12": {
    ...base,
    title: "push: 500.003.02 System is busy",
    push: "busy",
    reachesPhone: false,
    steps: [],
    endsAs: "in_doubt",
  },
  "13": {
    ...base,
    title: "push: 500.001.1001 Unable to lock subscriber",
    push: "locked",
    reachesPhone: false,
    steps: [],
    endsAs: "failed",
  },
  "14": {
    ...base,
    title: "push: HTTP 403 HTML page",
    push: "firewall",
    reachesPhone: false,
    steps: [],
    endsAs: "in_doubt",
  },
  "15": {
    ...base,
    title: "1037, then 1019 for the same id",
    steps: [
      ...failing("no_answer", RING_OUT_MS),
      { atMs: 120_000, does: "fail", outcome: "expired" },
      { atMs: 120_100, does: "callback", newMerchantRequestId: true },
    ],
    endsAs: "expired",
  },
  "16": {
    ...base,
    title: "pays, the query says 4999 throughout, the callback comes after 3 min",
    steps: paying(8_000, 180_000),
    query: "processing",
    endsAs: "confirmed",
  },
  "17": {
    ...base,
    title: "callback with another amount",
    steps: TYPICAL,
    debits: (amount) => (amount > 1 ? amount - 1 : 2),
    endsAs: "review",
  },
  "18": {
    ...base,
    title: "SFC_IC0003 (string code)",
    reachesPhone: false,
    steps: failing("receiver_invalid", 3_000),
    endsAs: "failed",
  },
  "19": {
    ...base,
    title: "callback reports 1037, later a success callback",
    steps: [...failing("no_answer", RING_OUT_MS), ...paying(90_000, 90_500)],
    endsAs: "confirmed",
  },
  "20": {
    ...base,
    title: "the push answer is lost and no prompt ever came: no callback, nothing in the pull",
    push: "reset_unsent",
    reachesPhone: false,
    steps: [],
    endsAs: "in_doubt",
  },
};

/** The row of a test phone `254700NNNNSS`, or null for every other number. */
export function testScenario(phone: string): TestScenario | null {
  const match = /^254700\d{4}(\d{2})$/.exec(phone);
  const digits = match?.[1];
  return digits !== undefined && digits in SCENARIOS ? (digits as TestScenario) : null;
}

/** What happens to a push to this phone. */
export function scenarioFor(phone: string): Scenario {
  const row = testScenario(phone);
  return row === null ? ORDINARY : SCENARIOS[row];
}
