/**
 * Walks along the lanes of a list, a slice at a time. SQLite answers while everything else waits,
 * and of two filters that are common alone but not together millions of rows may be looked at in
 * vain: between two slices callbacks and shoppers have their turn.
 */
import { setImmediate as others } from "node:timers/promises";
import type { PaymentId } from "../core/payment.ts";
import type { Engine } from "./engine.ts";
import { isFiltered } from "./payment-filter.ts";
import type { Lane } from "./payment-lanes.ts";
import { endOf, inSlice, type Way } from "./payment-slices.ts";
import type { SpannedFilter } from "./payment-span.ts";

/** How many rows are looked at in one go: a few at first, since most pages are full soon. */
export interface Slices {
  readonly first: number;
  /** Some milliseconds; attempts cost more, since each leads to its payment. */
  readonly most: { readonly payments: number; readonly attempts: number };
  /** A page of which less than a quarter was found in so many rows may be found sooner elsewhere. */
  readonly patience: number;
}

export const SLICES: Slices = {
  first: 500,
  most: { payments: 8_000, attempts: 2_000 },
  patience: 2_000,
};
const GROWTH = 4;
const QUARTER = 4;

export interface Walk extends Way {
  /** How many payments are wanted. */
  readonly wanted: number;
  readonly slices: Slices;
}

/** How far a lane was walked. */
interface Stage {
  readonly lane: Lane;
  /** The last payment that was passed; null before the first. */
  readonly at: PaymentId | null;
  /** Nothing on it can still come onto the page. */
  readonly over: boolean;
  /** How many are looked at next. */
  readonly size: number;
}

/** The newest payments that some lane passes and the rest of the filter lets in. */
export async function walk(engine: Engine, way: Walk): Promise<readonly PaymentId[]> {
  const { lead, slices, wanted } = way;
  let stages = lead.lanes.map(
    (lane): Stage => ({ lane, at: null, over: false, size: slices.first }),
  );
  let page: readonly PaymentId[] = [];
  let instead = lead.instead;
  for (let looked = 0; ; ) {
    const next = newestOf(stages);
    // What the lanes have not passed yet is older than the whole page.
    if (next === null || isFull(page, wanted, next)) return page;
    const { found, stage } = await onward(engine, way, next, page[wanted - 1] ?? null);
    page = newest([...page, ...found], wanted);
    stages = stages.map((one) => (one === next ? stage : one));
    looked += next.size;
    if (stage.over) continue;
    if (instead !== undefined && looked > slices.patience && page.length * QUARTER < wanted) {
      const other = await instead();
      if (other !== null) return walk(engine, { ...way, lead: other });
      instead = undefined;
    }
    await others();
  }
}

/** The lane that has come least far back in time; null when all are over. */
function newestOf(stages: readonly Stage[]): Stage | null {
  let first: Stage | null = null;
  for (const stage of stages) {
    if (stage.over) continue;
    if (stage.at === null) return stage;
    if (first?.at == null || stage.at > first.at) first = stage;
  }
  return first;
}

function isFull(page: readonly PaymentId[], wanted: number, { at }: Stage): boolean {
  const last = page[wanted - 1];
  return last !== undefined && at !== null && last >= at;
}

function newest(ids: readonly PaymentId[], wanted: number): readonly PaymentId[] {
  return [...new Set(ids)].sort().reverse().slice(0, wanted);
}

/**
 * One slice further.
 * @param enough the oldest that a full page has so far: what is older is of no use.
 */
async function onward(
  engine: Engine,
  way: Walk,
  { lane, at, size }: Stage,
  enough: PaymentId | null,
): Promise<{ readonly found: readonly PaymentId[]; readonly stage: Stage }> {
  const { lead, slices, wanted } = way;
  const filter: SpannedFilter = at === null ? lead.rest : { ...lead.rest, startingAfter: at };
  const end = looksAtRows(way) ? await endOf(engine, way, lane, filter, size) : null;
  const last = end === null || (enough !== null && enough > end) ? enough : end;
  const found = await inSlice(engine, way, lane, { filter, last, left: wanted });
  const over = end === null || last !== end || found.length >= wanted;
  const bigger = Math.min(size * GROWTH, slices.most[lead.of]);
  return { found, stage: { lane, at: end, over, size: bigger } };
}

/** Whether rows that the lane passes may be left out; a short lane is read whole. */
function looksAtRows({ lead, also }: Walk): boolean {
  return lead.order === "ids" && (also !== undefined || isFiltered(lead.rest));
}
