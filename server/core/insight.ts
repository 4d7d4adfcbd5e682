/** What the counts of the rollups say: a day so far, and where payments fail. Sums and no more. */
import {
  AMOUNT_BANDS_KES,
  type Ended,
  type RollupKind,
  type SetupFault,
  WAIT_STEP_MS,
} from "../../shared/insight-words.ts";
import { type Cents, cents } from "../../shared/money.ts";
import {
  AMOUNT_SOURCES,
  type AmountSource,
  type Flag,
  REASONS,
  type Reason,
} from "../../shared/words.ts";
import { classifyResultCode } from "./result-codes.ts";

/**
 * Flags that a person must see to. `receiptWanted` is filled when the receipt is told; for
 * `singleSource` the query is asked on, and becomes `evidenceConflict` where it disagrees. An index is
 * made of this list (server/db/states.ts): changing it wants a migration.
 */
export const FLAGS_TO_SEE_TO: readonly Flag[] = [
  "late",
  "amountMismatch",
  "secondReceipt",
  "overpaid",
  "evidenceConflict",
  "notInStatement",
  "aged",
];

/**
 * Of payments: opened, with a phone typed, prompted (M-Pesa took the prompt), paid, and with a
 * phone but without money at the end. Of tries: how many, how many were followed by another, and
 * how many of those payments were paid in the end.
 */
export interface Counts extends Ended {
  readonly opened: number;
  readonly typed: number;
  readonly prompted: number;
  readonly tries: number;
  readonly retried: number;
  readonly retriedPaid: number;
  readonly cents: Cents;
}

/** One cell of the rollups, as server/db keeps it. */
export interface RollupCell extends Counts {
  readonly kind: RollupKind;
  readonly day: number;
  readonly part: string;
  readonly detail: string;
}

const NOTHING: Counts = {
  opened: 0,
  typed: 0,
  prompted: 0,
  paid: 0,
  failed: 0,
  cancelled: 0,
  expired: 0,
  tries: 0,
  retried: 0,
  retriedPaid: 0,
  cents: cents(0),
};

/** Adds up cells, each in proportion to its weight. */
export function total<T extends Counts>(
  cells: readonly T[],
  weightOf: (cell: T) => number = () => 1,
): Counts {
  const sum = { ...NOTHING } as Record<keyof Counts, number>;
  for (const cell of cells) {
    const weight = weightOf(cell);
    for (const key of Object.keys(NOTHING) as (keyof Counts)[]) sum[key] += cell[key] * weight;
  }
  for (const key of Object.keys(NOTHING) as (keyof Counts)[]) sum[key] = Math.round(sum[key]);
  return sum as Counts;
}

/** A moment of a day: whole hours gone, and how much of the running one counts. */
export interface Until {
  readonly hour: number;
  /** 0 to 1. */
  readonly share: number;
}

export interface DaySoFar {
  readonly counts: Counts;
  readonly takenCents: Cents;
  /** How long half of the payers took at most, from prompt to money; null while nobody paid. */
  readonly medianWaitMs: number | null;
}

/**
 * A day up to a moment. Cells know whole hours only, so another day's running hour counts by its
 * share: at half past nine, half of what came between nine and ten.
 */
export function daySoFar(
  hours: readonly RollupCell[],
  taken: readonly RollupCell[],
  until: Until,
): DaySoFar {
  const weightOf = ({ part }: RollupCell): number => {
    const hour = Number(part);
    if (hour < until.hour) return 1;
    return hour === until.hour ? until.share : 0;
  };
  const gone = taken.filter((cell) => weightOf(cell) > 0);
  return {
    counts: total(hours, weightOf),
    takenCents: total(taken, weightOf).cents,
    medianWaitMs: medianWaitMs(gone),
  };
}

/** The middle of all waits, as if they lay evenly within their step. */
function medianWaitMs(taken: readonly RollupCell[]): number | null {
  const steps = new Map<number, number>();
  for (const { detail, paid } of taken) {
    steps.set(Number(detail), (steps.get(Number(detail)) ?? 0) + paid);
  }
  const half = [...steps.values()].reduce((sum, paid) => sum + paid, 0) / 2;
  if (half === 0) return null;
  let below = 0;
  for (const [step, paid] of [...steps].sort(([a], [b]) => a - b)) {
    if (below + paid >= half) return (step + (half - below) / paid) * WAIT_STEP_MS;
    below += paid;
  }
  return null;
}

export interface CodeCounts extends Counts {
  readonly code: string;
  readonly fault: SetupFault | null;
  /** Why the customer did not pay, where the reason itself says only who told it. */
  readonly meaning: Reason | null;
}
export interface ReasonCounts extends Counts {
  readonly reason: Reason;
  readonly codes: readonly CodeCounts[];
}
export interface Failures {
  readonly total: Counts;
  readonly days: readonly (Counts & { readonly day: number })[];
  readonly hours: readonly (Counts & { readonly hour: number })[];
  readonly bands: readonly (Counts & { readonly band: number })[];
  readonly sources: readonly (Counts & { readonly source: AmountSource })[];
  /** By what was opened most; null are payments whose page is not known. */
  readonly pages: readonly (Counts & { readonly page: string | null })[];
  /** What left most payments unpaid comes first. */
  readonly reasons: readonly ReasonCounts[];
}

/** The cells of a span of days by every side from which they can be looked at. */
export function failuresOf(cells: {
  readonly days: readonly RollupCell[];
  readonly hours: readonly RollupCell[];
  readonly orders: readonly RollupCell[];
  readonly reasons: readonly RollupCell[];
  readonly pages: readonly RollupCell[];
}): Failures {
  const only = (from: readonly RollupCell[], is: (cell: RollupCell) => boolean): Counts =>
    total(from.filter(is));
  return {
    total: total(cells.days),
    days: cells.days.map((cell) => ({ ...total([cell]), day: cell.day })),
    hours: Array.from({ length: 24 }, (_, hour) => ({
      ...only(cells.hours, ({ part }) => Number(part) === hour),
      hour,
    })),
    bands: AMOUNT_BANDS_KES.map((_, band) => ({
      ...only(cells.orders, ({ part }) => Number(part) === band),
      band,
    })),
    sources: AMOUNT_SOURCES.map((source) => ({
      ...only(cells.orders, ({ detail }) => detail === source),
      source,
    })).filter(({ opened }) => opened > 0),
    pages: cells.pages
      .map((cell) => ({ ...total([cell]), page: cell.part === "" ? null : cell.part }))
      .filter(({ opened }) => opened > 0)
      .sort((a, b) => b.opened - a.opened || ((a.page ?? "") < (b.page ?? "") ? -1 : 1)),
    reasons: reasonsOf(cells.reasons),
  };
}

function reasonsOf(cells: readonly RollupCell[]): readonly ReasonCounts[] {
  return REASONS.map((reason) => {
    const own = cells.filter(({ part }) => part === reason);
    const codes = own
      .map((cell) => ({ ...total([cell]), ...codeOf(reason, cell.detail) }))
      .filter(({ tries }) => tries > 0);
    return { ...total(own), reason, codes: codes.sort(mostUnpaidFirst) };
  })
    .filter(({ tries }) => tries > 0)
    .sort(mostUnpaidFirst);
}

/** Under `reason`, `failed` counts the payments that it left unpaid, however they closed. */
function mostUnpaidFirst(a: Counts, b: Counts): number {
  return b.failed - a.failed || b.tries - a.tries;
}

/** Faults by M-Pesa's code; those of its words stand behind the code already (server/db/rollup.ts). */
const FAULT_CODES: ReadonlyMap<string, SetupFault> = new Map([
  ["wrong_credentials", "wrong_credentials"],
  ["no_merchant", "no_merchant"],
  ["2028", "not_permitted"],
  ["SFC_IC0003", "wrong_receiver"],
  ["2006", "inactive"],
]);

/** The fault that the detail of a cell of `merchant_setup` names. */
export function setupFaultOf(detail: string): SetupFault {
  const [code = "", words] = detail.split(" ");
  return FAULT_CODES.get(words ?? code) ?? "other";
}

function codeOf(reason: Reason, detail: string): Pick<CodeCounts, "code" | "fault" | "meaning"> {
  if (reason === "merchant_setup") {
    const [code = ""] = detail.split(" ");
    return { code, fault: setupFaultOf(detail), meaning: null };
  }
  const told = classifyResultCode(detail);
  const meaning = reason === "query_only" && told.kind === "failure" ? told.reason : null;
  return { code: detail, fault: null, meaning };
}
