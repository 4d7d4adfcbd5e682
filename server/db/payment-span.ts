/**
 * Where a span of time begins and ends among the ids. Ids sort by time, so a list of a day is a
 * range of an index: its ends are looked up once, and everything after is read in the order of ids.
 */
import { and, asc, desc, gt, lt } from "drizzle-orm";
import type { PaymentId } from "../core/payment.ts";
import type { ListFilter } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { ours } from "./payment-filter.ts";
import { slot } from "./slots.ts";

/** A filter that names its range of ids. Times are still asked of each row. */
export interface SpannedFilter extends ListFilter {
  /** Only ids after this one. */
  readonly newerThan?: PaymentId | undefined;
}

type Ids = { readonly id: PaymentId }[];

const WHOSE = { merchantId: slot("merchantId"), environment: slot("environment") };

const newestBefore: Template<Ids> = (db, { payments, ...t }) =>
  db
    .select({ id: payments.id })
    .from(payments)
    .where(and(ours({ payments, ...t }, WHOSE), lt(payments.createdAt, slot("at"))))
    .orderBy(desc(payments.createdAt), desc(payments.id))
    .limit(1);

const oldestAfter: Template<Ids> = (db, { payments, ...t }) =>
  db
    .select({ id: payments.id })
    .from(payments)
    .where(and(ours({ payments, ...t }, WHOSE), gt(payments.createdAt, slot("at"))))
    .orderBy(asc(payments.createdAt), asc(payments.id))
    .limit(1);

/** Finds the ends. */
export async function spanned(engine: Engine, filter: ListFilter): Promise<SpannedFilter> {
  const { merchantId, environment, createdFrom, createdTo, startingAfter } = filter;
  const first = async (template: Template<Ids>, at: number | undefined) => {
    if (at === undefined) return undefined;
    const [found] = await engine.read(template, { merchantId, environment, at });
    return found?.id;
  };
  const newerThan = await first(newestBefore, createdFrom);
  const end = await first(oldestAfter, createdTo);
  const later = startingAfter === undefined || (end !== undefined && end < startingAfter);
  return { ...filter, newerThan, ...(later && end !== undefined ? { startingAfter: end } : {}) };
}
