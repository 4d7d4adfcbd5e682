/**
 * What a filter asks, apart from the values it asks for. Two people who look for different phones
 * ask one query: it is built and prepared once, and each brings the values.
 */
import type { Placeholder } from "drizzle-orm";
import type { Step } from "../../shared/words.ts";
import type { Params } from "./engine.ts";
import type { SpannedFilter } from "./payment-span.ts";
import { prefixEnd } from "./prefix.ts";
import { reversed } from "./rows.ts";
import { slot } from "./slots.ts";

/** Phones are kept by their last four digits. */
const WHOLE_TAIL = 4;

/** The last digits of a phone: all that are kept, or the beginning of a range. */
export interface AskedDigits {
  readonly digits: number;
  /** The digits backwards. */
  readonly end: Placeholder;
  /** The first text after all that begin so. */
  readonly next: Placeholder;
  /** The last two alone, backwards. */
  readonly lastTwo: Placeholder;
}

/** A filter whose values come later. What is missing is not asked. */
export interface Asked {
  readonly merchantId: Placeholder;
  readonly environment: Placeholder;
  readonly startingAfter: Placeholder | undefined;
  readonly newerThan: Placeholder | undefined;
  readonly statuses: readonly Placeholder[] | undefined;
  readonly reasons: readonly Placeholder[] | undefined;
  /** Patterns of `like`. */
  readonly flags: readonly Placeholder[] | undefined;
  readonly sources: readonly Placeholder[] | undefined;
  readonly amountFrom: Placeholder | undefined;
  readonly amountTo: Placeholder | undefined;
  readonly phoneTail: AskedDigits | undefined;
  readonly receipt: Placeholder | undefined;
  readonly orderReference: Placeholder | undefined;
  readonly page: Placeholder | null | undefined;
  readonly hour: Placeholder | undefined;
  /** Few, and each is SQL of its own. */
  readonly steps: readonly Step[] | undefined;
  readonly resultCode: Placeholder | undefined;
  readonly createdFrom: Placeholder | undefined;
  readonly createdTo: Placeholder | undefined;
}

const SINGLE = [
  "startingAfter",
  "newerThan",
  "amountFrom",
  "amountTo",
  "receipt",
  "orderReference",
  "page",
  "hour",
  "resultCode",
  "createdFrom",
  "createdTo",
] as const;
const SEVERAL = ["statuses", "reasons", "flags", "sources"] as const;

/** Equal for filters that ask the same with other values. */
export function shapeOf(filter: SpannedFilter): string {
  const said: string[] = [];
  for (const name of SINGLE) {
    if (filter[name] !== undefined) said.push(filter[name] === null ? `no ${name}` : name);
  }
  for (const name of SEVERAL) {
    if (filter[name] !== undefined) said.push(`${name}:${filter[name].length}`);
  }
  if (filter.phoneTail !== undefined) said.push(`phoneTail:${filter.phoneTail.length}`);
  if (filter.steps !== undefined) said.push(`steps:${filter.steps.join("/")}`);
  return said.join(" ");
}

/** The values of a filter, by the names under which its shape asks for them. */
export function valuesOf(filter: SpannedFilter): Params {
  const { merchantId, environment, phoneTail, hour, flags } = filter;
  const values: Record<string, unknown> = { merchantId, environment };
  for (const name of SINGLE) values[name] = filter[name];
  for (const name of SEVERAL) {
    for (const [at, value] of (filter[name] ?? []).entries()) values[`${name}${at}`] = value;
  }
  for (const [at, flag] of (flags ?? []).entries()) values[`flags${at}`] = `%"${flag}"%`;
  if (hour !== undefined) values.hour = String(hour);
  return phoneTail === undefined ? values : { ...values, ...digitValues("phoneTail", phoneTail) };
}

/** The filter with a place for each value. */
export function askedOf(filter: SpannedFilter): Asked {
  const one = (name: (typeof SINGLE)[number]) =>
    filter[name] === undefined ? undefined : slot(name);
  const some = (name: (typeof SEVERAL)[number]) =>
    filter[name]?.map((_, at) => slot(`${name}${at}`));
  return {
    merchantId: slot("merchantId"),
    environment: slot("environment"),
    startingAfter: one("startingAfter"),
    newerThan: one("newerThan"),
    statuses: some("statuses"),
    reasons: some("reasons"),
    flags: some("flags"),
    sources: some("sources"),
    amountFrom: one("amountFrom"),
    amountTo: one("amountTo"),
    phoneTail:
      filter.phoneTail === undefined ? undefined : askedDigits("phoneTail", filter.phoneTail),
    receipt: one("receipt"),
    orderReference: one("orderReference"),
    page: filter.page === null ? null : one("page"),
    hour: one("hour"),
    steps: filter.steps,
    resultCode: one("resultCode"),
    createdFrom: one("createdFrom"),
    createdTo: one("createdTo"),
  };
}

/** Places for 2 to 4 digits, under names that begin with `name`. */
export function askedDigits(name: string, { length }: string): AskedDigits {
  const [end, next, lastTwo] = [slot(`${name}End`), slot(`${name}Next`), slot(`${name}Two`)];
  return { digits: length, end, next, lastTwo };
}

/** What fills them. */
export function digitValues(name: string, digits: string): Params {
  const end = reversed(digits);
  const next = prefixEnd(end) ?? "";
  return { [`${name}End`]: end, [`${name}Next`]: next, [`${name}Two`]: end.slice(0, 2) };
}

/** True for digits that are all a phone is kept by. */
export function isWhole({ digits }: AskedDigits): boolean {
  return digits === WHOLE_TAIL;
}
