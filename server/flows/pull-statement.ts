/**
 * Asks Daraja for its own list of what came in (Pull Transactions, machine §9) and lays each line
 * beside our attempts: a line proves its payment, a whole window without one ends a doubt. This is
 * how a prompt is settled whose push answer and callback were both lost.
 */
import { happened } from "../core/events.ts";
import type {
  Attempt,
  AttemptId,
  Instant,
  Payment,
  PaymentId,
  PaymentWithAttempts,
} from "../core/payment.ts";
import {
  isOthers,
  mayBe,
  mayBeAbsentAt,
  provesAbsence,
  type StatementLine,
  type StatementWindow,
} from "../core/statement.ts";
import type { BookmarkStore } from "../ports.ts";
import { advanceUnless } from "./advance.ts";
import type { KnownDoubts } from "./known-doubts.ts";
import { type ReadDeps, readStatement } from "./read-statement.ts";
import { holderOf, PULLED, type TakeLinesDeps, takeLines } from "./take-lines.ts";

export interface PullDeps extends TakeLinesDeps, ReadDeps {
  readonly bookmarks: BookmarkStore;
  /** Whether all of the merchant's money is known to be listed: else what is not there may be paid. */
  readonly proves: "presence" | "presence_and_absence";
  readonly known: KnownDoubts;
}

/** Pull reaches back 48 hours (daraja.md §7); an hour is left for clocks that differ. */
const REACH_MS = 47 * 3_600_000;
/** Windows overlap, because a line may appear minutes after its money moved. */
const OVERLAP_MS = 30 * 60_000;
/** While nothing is in doubt, one pull in this time keeps receipts complete (machine §9). */
const CALM_EVERY_MS = 15 * 60_000;
/** In doubt at once beyond this: the next pull goes on with the rest. */
const DOUBTS_MAX = 200;

/**
 * One pull, when there is a reason for one and the gate lets it.
 * @param resting ends it after the page under way: its window is not whole then.
 */
export async function pullStatement(
  deps: PullDeps,
  resting: AbortSignal,
): Promise<"rested" | "silent" | "read"> {
  const { merchant, payments, clock } = deps;
  const at = clock.now();
  const doubts = await payments.inDoubt(merchant, DOUBTS_MAX);
  const inDoubt = doubts.flatMap(({ attempts }) => attempts.filter(isInDoubt));
  const old = oldEnough(inDoubt, deps.known.note(merchant.id, inDoubt), at);
  const name = `pull ${merchant.id}`;
  const mark = await deps.bookmarks.read(name);
  if (doubts.length === 0 && mark !== null && at - mark < CALM_EVERY_MS) return "rested";
  const widest = deps.proves === "presence_and_absence" && (await wantsWidest(deps, old, at));
  const from = widest ? at - REACH_MS : windowStart(at, mark, inDoubt);
  const reading = await readStatement(deps, { from, to: at }, resting);
  if (reading.kind !== "read") return reading.kind;
  const { lines, whole } = reading;
  if ((await takeLines(deps, lines, at, resting)) === "cut") return "read";
  const window = { from, to: at, fetchedAt: at, whole };
  if (widest) await endDoubts(deps, doubts, old, lines, window);
  if (whole) await deps.bookmarks.move(name, at);
  if (whole && widest) await deps.bookmarks.move(widestName(deps), at);
  deps.log.info("pull_read", { count: lines.length });
  return "read";
}

/** Which doubts may be called absent, both by the hour of their send and by what this process knows. */
function oldEnough(
  inDoubt: readonly Attempt[],
  known: ReadonlySet<AttemptId>,
  at: Instant,
): ReadonlySet<AttemptId> {
  const old = inDoubt.filter((each) => known.has(each.id) && mayBeAbsentAt(sentAt(each)) <= at);
  return new Set(old.map(({ id }) => id));
}

/**
 * Only the widest window may end a doubt: an attempt whose send was dated by a wrong clock that was
 * put right since has its money outside of the minutes it names. One is enough for a while where a
 * doubt stays.
 */
async function wantsWidest(
  deps: PullDeps,
  old: ReadonlySet<AttemptId>,
  at: Instant,
): Promise<boolean> {
  if (old.size === 0) return false;
  const last = await deps.bookmarks.read(widestName(deps));
  return last === null || at - last >= CALM_EVERY_MS;
}

const widestName = ({ merchant }: PullDeps): string => `pull ${merchant.id} widest`;

/** One pull for each merchant, side by side: an app that is slow or at fault holds up no other. */
export async function pullStatements(
  merchants: readonly PullDeps[],
  resting: AbortSignal,
): Promise<void> {
  const pulls = await Promise.allSettled(merchants.map((deps) => pullStatement(deps, resting)));
  for (const pull of pulls) if (pull.status === "rejected") throw pull.reason;
}

/** From the last bookmark, or from the oldest send that is still in doubt, within Pull's reach. */
function windowStart(at: Instant, mark: Instant | null, inDoubt: readonly Attempt[]): Instant {
  const wanted = Math.min((mark ?? 0) - OVERLAP_MS, ...inDoubt.map(sentAt));
  return Math.max(at - REACH_MS, wanted);
}

const isInDoubt = ({ state }: Attempt): boolean => state === "in_doubt";
const sentAt = (attempt: Attempt): Instant => attempt.sentAt ?? attempt.createdAt;

async function endDoubts(
  deps: PullDeps,
  doubts: readonly PaymentWithAttempts[],
  old: ReadonlySet<AttemptId>,
  lines: readonly StatementLine[],
  window: StatementWindow,
): Promise<void> {
  for (const { payment, attempts } of doubts) {
    for (const attempt of attempts.filter(({ id }) => old.has(id))) {
      const left = await withoutOthers(deps, lines, attempt, payment);
      if (!provesAbsence(window, left, attempt, payment.accountReference)) continue;
      await callAbsent(deps, payment.id, attempt.id);
    }
  }
}

/** A list takes its time: who was in doubt when it was asked for may be paid by now. */
async function callAbsent(deps: PullDeps, id: PaymentId, attemptId: AttemptId): Promise<void> {
  await advanceUnless<null>(deps, id, ({ attempts }) => {
    const attempt = attempts.find((each) => each.id === attemptId);
    if (attempt === undefined || !isInDoubt(attempt)) return { instead: null };
    return happened("statement_absent", attemptId, { note: PULLED });
  });
}

/** Another attempt's money, known by its receipt, says nothing about this one. */
async function withoutOthers(
  deps: PullDeps,
  lines: readonly StatementLine[],
  attempt: Attempt,
  { accountReference }: Payment,
): Promise<readonly StatementLine[]> {
  const left: StatementLine[] = [];
  for (const line of lines.filter((each) => mayBe(each, attempt, accountReference))) {
    const holder = await holderOf(deps, line);
    // A receipt that was claimed under another shortcode is a contradiction, and proves nothing.
    const here = holder?.payment.shortcode === deps.merchant.shortcode;
    const other = here ? { ...holder, accountReference: holder.payment.accountReference } : null;
    if (other === null || !isOthers(line, attempt, other)) left.push(line);
  }
  return left;
}
