/** What must happen by itself and when: looks, sends left behind, payments whose time ran out. */
import { and, asc, eq, isNotNull, isNull, lt, lte, ne, sql } from "drizzle-orm";
import type { AttemptId, MerchantId, PaymentId } from "../core/payment.ts";
import type { DueAttempt, PaymentStore } from "../ports.ts";
import type { Engine, Template } from "./engine.ts";
import { slot } from "./slots.ts";
import { LOOKED_BEFORE, MAY_EXPIRE, NEVER_LOOKED, UNFINISHED_SEND } from "./states.ts";

type Which = "first" | "repeat";
type Whose = "everybody" | "one";
/**
 * `waiting` for a result; `confirmed`, and a second source is looked for; `held`, those of the
 * waiting whose success needs nobody's leave to be confirmed when its time is over.
 */
type What = "waiting" | "confirmed" | "held";

/** Two queries, each along its own index, instead of one that sorts all that is overdue. */
const dueTemplate =
  (which: Which, whose: Whose, what: What): Template<DueAttempt[]> =>
  (db, t) =>
    db
      .select({
        attemptId: t.attempts.id,
        paymentId: t.attempts.paymentId,
        merchantId: t.attempts.merchantId,
        looks: t.attempts.looks,
      })
      .from(t.attempts)
      .where(
        and(
          eq(t.attempts.environment, slot("environment")),
          lte(t.attempts.wakeAt, slot("at")),
          which === "first" ? NEVER_LOOKED : LOOKED_BEFORE,
          whose === "one" ? eq(t.attempts.merchantId, slot("merchantId")) : undefined,
          what === "confirmed"
            ? eq(t.attempts.state, "confirmed")
            : ne(t.attempts.state, "confirmed"),
          what === "held" ? isNotNull(t.attempts.heldAt) : undefined,
        ),
      )
      .orderBy(asc(t.attempts.wakeAt))
      .limit(slot("limit"));

const lanesOf = (whose: Whose, what: What) =>
  [dueTemplate("first", whose, what), dueTemplate("repeat", whose, what)] as const;
/** Whoever waits for a result goes before money that is confirmed already. */
const LANES = {
  everybody: [...lanesOf("everybody", "waiting"), ...lanesOf("everybody", "confirmed")],
  one: [...lanesOf("one", "waiting"), ...lanesOf("one", "confirmed")],
};
const HELD = { everybody: lanesOf("everybody", "held"), one: lanesOf("one", "held") };

const merchantsWithDue =
  (which: "first" | "repeat"): Template<{ merchantId: MerchantId }[]> =>
  (db, t) =>
    db
      .selectDistinct({ merchantId: t.attempts.merchantId })
      .from(t.attempts)
      .where(
        and(
          eq(t.attempts.environment, slot("environment")),
          lte(t.attempts.wakeAt, slot("at")),
          which === "first" ? NEVER_LOOKED : LOOKED_BEFORE,
        ),
      );
const merchantsFirst = merchantsWithDue("first");
const merchantsRepeats = merchantsWithDue("repeat");

const unsentAttempts: Template<{ attemptId: AttemptId; paymentId: PaymentId }[]> = (db, t) =>
  db
    .select({ attemptId: t.attempts.id, paymentId: t.attempts.paymentId })
    .from(t.attempts)
    .where(
      and(
        eq(t.attempts.environment, slot("environment")),
        sql`${t.attempts.state} in ${UNFINISHED_SEND}`,
        lt(t.attempts.createdAt, slot("before")),
      ),
    )
    .orderBy(asc(t.attempts.createdAt));

const expiredPayments: Template<{ id: PaymentId }[]> = (db, t) =>
  db
    .select({ id: t.payments.id })
    .from(t.payments)
    .where(
      and(
        eq(t.payments.environment, slot("environment")),
        isNull(t.payments.closing),
        sql`${t.payments.status} in ${MAY_EXPIRE}`,
        lte(t.payments.expiresAt, slot("at")),
      ),
    )
    .orderBy(asc(t.payments.expiresAt))
    .limit(slot("limit"));

/** The reads of a payment store that the sweeps ask. */
export function dueReads(
  engine: Engine,
): Pick<PaymentStore, "due" | "dueOf" | "merchantsDue" | "unfinishedSends" | "expired"> {
  async function walk(whose: Whose, scope: Record<string, unknown>, limit: number) {
    const due: DueAttempt[] = [];
    for (const lane of LANES[whose]) {
      const left = limit - due.length;
      if (left > 0) due.push(...(await engine.read(lane, { ...scope, limit: left })));
    }
    if (due.length < limit) return due;
    // While Daraja is out of reach nothing of a full heap moves on, but a hold ends all the same.
    const held: DueAttempt[] = [];
    for (const lane of HELD[whose]) held.push(...(await engine.read(lane, { ...scope, limit })));
    const known = new Set(due.map(({ attemptId }) => attemptId));
    return [...due, ...held.filter(({ attemptId }) => !known.has(attemptId))];
  }

  return {
    due: (environment, at, limit) => walk("everybody", { environment, at }, limit),
    dueOf: (merchantId, environment, at, limit) =>
      walk("one", { merchantId, environment, at }, limit),
    async merchantsDue(environment, at) {
      const first = await engine.read(merchantsFirst, { environment, at });
      const repeats = await engine.read(merchantsRepeats, { environment, at });
      return [...new Set([...first, ...repeats].map(({ merchantId }) => merchantId))];
    },
    unfinishedSends: (environment, before) => engine.read(unsentAttempts, { environment, before }),
    async expired(environment, at, limit) {
      const rows = await engine.read(expiredPayments, { environment, at, limit });
      return rows.map((row) => row.id);
    },
  };
}
