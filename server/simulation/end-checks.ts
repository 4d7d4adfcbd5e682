/**
 * What must hold when all is calm and everything that was under way has arrived: the database and
 * the ledger tell the same story, down to the rows that no commit looked at again.
 */
import type { AttemptState } from "../../shared/words.ts";
import type { Attempt } from "../core/payment.ts";
import { othersOf, ownOf } from "../core/received.ts";
import type { Template } from "../db/engine.ts";
import { createStore } from "../db/store.ts";
import { short } from "./daraja.ts";
import { MERCHANT } from "./life.ts";
import type { Debit } from "./mpesa.ts";
import type { World } from "./world.ts";

/** Later than any day of a schedule. */
const FAR_DAY = 1_000_000;
const PAID: readonly AttemptState[] = ["confirmed", "reversed"];

const evidenceRows: Template<{ attemptId: string; seq: number; success: number }[]> = (db, t) =>
  db
    .select({ attemptId: t.evidence.attemptId, seq: t.evidence.seq, success: t.evidence.success })
    .from(t.evidence);

/** Judges the end of a schedule. */
export async function endChecks(world: World): Promise<void> {
  const payments = world.watch.payments();
  const attempts = payments.flatMap((one) => one.attempts);
  for (const attempt of attempts) attemptAgainstLedger(world, attempt);
  sums(world, attempts);
  await stored(world, attempts);
  await counted(world, attempts);
  await lettersKept(world);
}

function attemptAgainstLedger(world: World, attempt: Attempt): void {
  const { mpesa, testimony, trace, plan } = world;
  const { id, state } = attempt;
  const debits = mpesa.debits.filter((debit) => debit.attemptId === id);
  const told = testimony.of(id);
  const known = told.successHeard || plan.statement === "imported";
  const broken = (what: string) => trace.broken("I19", `${short(id)} is ${state}: ${what}`);
  if (state === "created" || state === "sending") broken("nobody swept it");
  if (debits.length === 0 && PAID.includes(state)) broken("nobody paid");
  if (debits.length === 0) return;
  if (known && !PAID.includes(state) && state !== "review") broken("its money was proven");
  const contradicted = told.contradicted || testimony.failed(id);
  if (state === "review" && !contradicted) broken("nothing contradicts its money");
  if (state === "failed" && !testimony.failed(id))
    broken("money was taken, and nobody said failed");
  if (state === "confirmed") receiptAgainstLedger(world, attempt, debits);
}

function receiptAgainstLedger(
  { testimony, trace }: World,
  attempt: Attempt,
  debits: readonly Debit[],
): void {
  const { id, receipt } = attempt;
  const names = debits.map((debit) => debit.receipt);
  const odd = receipt !== null && !names.includes(receipt) && !testimony.of(id).contradicted;
  if (odd) trace.broken("I19", `${short(id)} has a receipt that the ledger gave to nobody`);
  const wants = attempt.flags.includes("receiptWanted") || testimony.of(id).contradicted;
  if (receipt === null && !wants) {
    trace.broken("I19", `${short(id)} has no receipt and does not want one`);
  }
  const amount = debits[0]?.amount ?? 0;
  const own = ownOf(attempt);
  if (own !== amount * 100) trace.broken("I19", `${short(id)} received ${own}`);
  // Only a Daraja that named two receipts for one debit makes a prompt look paid twice.
  if (othersOf(attempt).length > 0 && !testimony.of(id).contradicted) {
    trace.broken("I19", `${short(id)} counts a second payment that nobody told of`);
  }
}

/** After a statement every shilling of the ledger stands in the rows, and none besides. */
function sums({ mpesa, trace, plan }: World, attempts: readonly Attempt[]): void {
  const cents = (list: readonly Attempt[]) => list.reduce((sum, one) => sum + ownOf(one), 0);
  const confirmed = cents(attempts.filter(({ state }) => PAID.includes(state)));
  const debited = mpesa.debits.reduce((sum, debit) => sum + debit.amount * 100, 0);
  const toHeard = mpesa.debits.filter(({ attemptId }) => {
    const attempt = attempts.find(({ id }) => id === attemptId);
    return attempt !== undefined && PAID.includes(attempt.state);
  });
  const proven = toHeard.reduce((sum, debit) => sum + debit.amount * 100, 0);
  if (confirmed !== proven) trace.broken("I19", `confirmed ${confirmed}, debited of it ${proven}`);
  const inReview = attempts.some(({ state }) => state === "review");
  if (plan.statement === "imported" && !inReview && confirmed !== debited) {
    trace.broken("I19", `confirmed ${confirmed}, the ledger has ${debited}`);
  }
}

/** Stories without gaps, evidence behind every confirmed attempt: as the database has it. */
async function stored(world: World, attempts: readonly Attempt[]): Promise<void> {
  const { engine, seal, trace, watch } = world;
  const store = watch.over(createStore(engine, seal));
  for (const { payment } of watch.payments()) {
    await store.payments.load(payment.id);
    const story = await store.payments.timeline(payment.id);
    const gapless = story.every(({ id }, index) => id === `${payment.id}.${index + 1}`);
    if (!gapless) trace.broken("I18", "a story has a gap");
    if (story.length !== payment.version) trace.broken("I2", "a move without its line");
    const times = story.map(({ at }) => at);
    if (times.some((at, index) => at < (times[index - 1] ?? 0)))
      trace.broken("I22", "a story goes back");
  }
  const evidence = await engine.read(evidenceRows, {});
  for (const { id, state } of attempts) {
    const proven = evidence.some((row) => row.attemptId === id && row.success === 1);
    if (state === "confirmed" && !proven) trace.broken("I2", `${short(id)} lacks stored evidence`);
  }
}

/** What the dashboard counts is what the rows say, to the shilling (I19). */
async function counted(world: World, attempts: readonly Attempt[]): Promise<void> {
  const { engine, seal, trace, watch } = world;
  const { insight } = createStore(engine, seal);
  const { id: merchantId, environment } = MERCHANT;
  const sums = (kind: "all" | "taken") =>
    insight.sums({ merchantId, environment }, kind, 0, FAR_DAY);
  const payments = watch.payments();
  const [all] = await sums("all");
  const paid = payments.filter(({ payment }) => payment.status === "confirmed").length;
  // Without a payment there is no cell.
  const counts = [all?.opened ?? 0, all?.paid ?? 0];
  if (counts[0] !== payments.length || counts[1] !== paid) {
    trace.broken("I19", `counted ${counts.join(" and ")}, of ${payments.length} and ${paid}`);
  }
  const taken = (await sums("taken")).reduce((sum, { cents }) => sum + cents, 0);
  const held = attempts
    .filter(({ state }) => PAID.includes(state))
    .reduce((sum, one) => sum + (one.receivedCents ?? one.amountCents) - one.reversedCents, 0);
  if (taken !== held) trace.broken("I19", `counted ${taken} taken, the rows hold ${held}`);
}

/** Whatever was answered with 200 on an own address is in the inbox, and applied (I9). */
async function lettersKept(world: World): Promise<void> {
  const { engine, seal, trace, watch } = world;
  const { inbox } = createStore(engine, seal);
  const known = new Set(watch.payments().flatMap(({ attempts }) => attempts.map(({ id }) => id)));
  for (const { attemptId, body } of watch.letters) {
    const row = await inbox.known(attemptId, seal.hash("callbackBody", body));
    if (row === null) trace.broken("I9", `a callback of ${short(attemptId)} is gone`);
    else if (!row.applied && known.has(attemptId)) {
      trace.broken("I9", `a callback of ${short(attemptId)} was kept and never applied`);
    }
  }
}
