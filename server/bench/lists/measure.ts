/** How long each question takes on one database, and the textbook's ways beside ours. */
import { and, desc, eq, sql } from "drizzle-orm";
import type { Engine } from "../../db/engine.ts";
import { listPayments } from "../../db/payment-list.ts";
import { createDice, type Dice } from "../../drills/dice.ts";
import type { Seal } from "../../ports.ts";
import { quantile } from "../figures.ts";
import { asked, QUESTIONS } from "./questions.ts";
import { MERCHANT, type Shop } from "./shop.ts";

/** Of one question on one size. */
export interface Timed {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of one, the mean: hardly moved by busy neighbours. */
  readonly cpuMs: number;
  /** How many payments a page had, the mean. */
  readonly rows: number;
}

export interface Place {
  readonly engine: Engine;
  readonly seal: Seal;
  readonly shop: Shop;
  readonly seed: number;
}

/** Asks each question so many times, each time as another person. */
export async function timeQuestions(place: Place, times: number): Promise<readonly Timed[]> {
  const { engine, seal, shop, seed } = place;
  const all: Timed[] = [];
  for (const [at, question] of QUESTIONS.entries()) {
    const dice = createDice(seed).fork(at);
    all.push(
      await timed(question.name, times, async () => {
        const page = await listPayments(engine, seal, asked(question, dice, shop));
        return page.payments.length;
      }),
    );
  }
  return all;
}

/** Runs `once` so many times after a few that are not counted; `once` gives a number of rows. */
export async function timed(
  name: string,
  times: number,
  once: () => Promise<number>,
): Promise<Timed> {
  for (let warm = 0; warm < Math.min(20, times); warm += 1) await once();
  const took: number[] = [];
  let rows = 0;
  const before = process.cpuUsage();
  for (let turn = 0; turn < times; turn += 1) {
    const startedAt = performance.now();
    rows += await once();
    took.push(performance.now() - startedAt);
  }
  const { user, system } = process.cpuUsage(before);
  return {
    name,
    p50Ms: quantile(took, 0.5),
    p99Ms: quantile(took, 0.99),
    cpuMs: (user + system) / 1_000 / times,
    rows: rows / times,
  };
}

/** A page by OFFSET, as most tables do it, and the end of a phone number by LIKE. */
export async function timeTextbook(place: Place, times: number): Promise<readonly Timed[]> {
  const dice = createDice(place.seed);
  return [
    await timed("textbook: deep page by OFFSET", times, async () => {
      return (await pageByOffset(place, drawnDepth(dice, place))).length;
    }),
    await timed("textbook: phone by LIKE '%78'", times, async () => {
      const { db, t } = place.engine;
      const end = String(dice.int(100)).padStart(2, "0");
      const rows = await db
        .select({ id: t.attempts.paymentId })
        .from(t.attempts)
        .where(
          sql`${t.attempts.merchantId} = ${MERCHANT} and ${t.attempts.phoneTail} like ${`%${end}`}`,
        )
        .orderBy(desc(t.attempts.paymentId))
        .limit(50);
      return rows.length;
    }),
  ];
}

function drawnDepth(dice: Dice, { shop }: Place): number {
  return dice.int(shop.size);
}

/** The ids of a page after so many newer payments. */
async function pageByOffset({ engine }: Place, depth: number): Promise<readonly string[]> {
  const { db, t } = engine;
  const rows = await db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(and(eq(t.payments.merchantId, MERCHANT), eq(t.payments.environment, "simulator")))
    .orderBy(desc(t.payments.id))
    .limit(50)
    .offset(depth);
  return rows.map(({ id }) => id);
}

/** Pages of ours that differ from the textbook's at the same depth: there may be none. */
export async function differingPages(place: Place, pages: number): Promise<number> {
  const { engine, seal, shop, seed } = place;
  const dice = createDice(seed + 1);
  let differing = 0;
  for (let turn = 0; turn < pages; turn += 1) {
    const n = dice.int(shop.size);
    const filter = {
      merchantId: MERCHANT,
      environment: "simulator",
      limit: 50,
      startingAfter: shop.payment(n).id,
    } as const;
    const mine = (await listPayments(engine, seal, filter)).payments.map(({ id }) => id);
    const theirs = await pageByOffset(place, shop.size - n);
    if (mine.join() !== theirs.join()) differing += 1;
  }
  return differing;
}
