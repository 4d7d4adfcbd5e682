/**
 * Asks Daraja for its own list of what came in (Pull Transactions, machine §9) and lays each line
 * beside our attempts: a line proves its payment, a whole window without one ends a doubt. This is
 * how a prompt is settled whose push answer and callback were both lost.
 */
import { attemptThatNamed } from "../core/customer-code.ts";
import { happened } from "../core/events.ts";
import type { Attempt, Instant, PaymentWithAttempts } from "../core/payment.ts";
import {
  attemptOfLine,
  isNewsTo,
  mayBeAbsentAt,
  plainReference,
  provesAbsence,
  type StatementLine,
  type StatementWindow,
} from "../core/statement.ts";
import type { BookmarkStore, LookGate, Merchant, PullSource } from "../ports.ts";
import { type AdvanceDeps, advance } from "./advance.ts";

export interface PullDeps extends AdvanceDeps {
  readonly source: PullSource;
  readonly bookmarks: BookmarkStore;
  readonly gate: LookGate;
  readonly merchant: Merchant;
}

/** Pull reaches back 48 hours (daraja.md §7); an hour is left for clocks that differ. */
const REACH_MS = 47 * 3_600_000;
/** Windows overlap, because a line may appear minutes after its money moved. */
const OVERLAP_MS = 30 * 60_000;
/** While nothing is in doubt, one pull in this time keeps receipts complete (machine §9). */
const CALM_EVERY_MS = 15 * 60_000;
/** In doubt at once beyond this: the next pull goes on with the rest. */
const DOUBTS_MAX = 200;
/** How long an account reference names one payment only (contract §4). */
const REFERENCE_MS = 90 * 86_400_000;
/** What the timeline says of where the news came from. */
const PULLED = { source: "pull" };

/** One pull, when there is a reason for one and the gate lets it. */
export async function pullStatement(deps: PullDeps): Promise<"rested" | "silent" | "read"> {
  const { merchant, payments, clock } = deps;
  const at = clock.now();
  const doubts = await payments.inDoubt(merchant.id, merchant.environment, DOUBTS_MAX);
  const name = `pull ${merchant.id}`;
  const mark = await deps.bookmarks.read(name);
  if (doubts.length === 0 && mark !== null && at - mark < CALM_EVERY_MS) return "rested";
  if (deps.gate.take("repeat") !== "go") return "rested";
  const widest = await wantsWidest(deps, doubts, at);
  const from = widest ? at - REACH_MS : windowStart(at, mark, doubts);
  const answer = await deps.source.pull(from, at);
  if (answer.kind === "silent") {
    deps.gate.report(answer);
    deps.log.warn("pull_silent", { cause: answer.cause });
    return "silent";
  }
  for (const line of answer.lines) await takeLine(deps, line, at);
  const window = { from, to: at, fetchedAt: at, whole: answer.whole };
  if (widest) await endDoubts(deps, doubts, answer.lines, window);
  if (answer.whole) await deps.bookmarks.move(name, at);
  if (answer.whole && widest) await deps.bookmarks.move(widestName(deps), at);
  deps.log.info("pull_read", { count: answer.lines.length });
  return "read";
}

/**
 * Only the widest window may end a doubt: an attempt whose send was dated by a wrong clock that was
 * put right since has its money outside of the minutes it names. One is enough for a while where a
 * doubt stays.
 */
async function wantsWidest(
  deps: PullDeps,
  doubts: readonly PaymentWithAttempts[],
  at: Instant,
): Promise<boolean> {
  const sends = doubts.flatMap(({ attempts }) => attempts.filter(isInDoubt)).map(sentAt);
  if (!sends.some((sent) => mayBeAbsentAt(sent) <= at)) return false;
  const last = await deps.bookmarks.read(widestName(deps));
  return last === null || at - last >= CALM_EVERY_MS;
}

const widestName = ({ merchant }: PullDeps): string => `pull ${merchant.id} widest`;

/** One pull for each merchant, side by side: an app that is slow or at fault holds up no other. */
export async function pullStatements(merchants: readonly PullDeps[]): Promise<void> {
  const pulls = await Promise.allSettled(merchants.map(pullStatement));
  for (const pull of pulls) if (pull.status === "rejected") throw pull.reason;
}

/** From the last bookmark, or from the oldest send that is still in doubt, within Pull's reach. */
function windowStart(
  at: Instant,
  mark: Instant | null,
  doubts: readonly PaymentWithAttempts[],
): Instant {
  const sends = doubts.flatMap(({ attempts }) => attempts.filter(isInDoubt)).map(sentAt);
  const wanted = Math.min((mark ?? 0) - OVERLAP_MS, ...sends);
  return Math.max(at - REACH_MS, wanted);
}

const isInDoubt = ({ state }: Attempt): boolean => state === "in_doubt";
const sentAt = (attempt: Attempt): Instant => attempt.sentAt ?? attempt.createdAt;

async function takeLine(deps: PullDeps, line: StatementLine, at: Instant): Promise<void> {
  const attempt = await attemptFor(deps, line, at);
  if (attempt === null || !isNewsTo(attempt, line)) return;
  const { receipt, amountCents, paidAt } = line;
  const told = { receipt, amountCents, paidAt, note: PULLED };
  await advance(deps, attempt.paymentId, happened("statement_row", attempt.id, told));
}

/** By its receipt, else by its reference, else by the word of a customer who named the receipt. */
async function attemptFor(
  { payments, merchant, log }: PullDeps,
  line: StatementLine,
  at: Instant,
): Promise<Attempt | null> {
  const { environment, shortcode } = merchant;
  const owner = await payments.receiptOwner(environment, line.receipt);
  const paymentId = owner === null ? null : await payments.paymentOfAttempt(owner);
  const ofOwner = paymentId === null ? null : await payments.load(paymentId);
  const owning = ofOwner?.attempts.find(({ id }) => id === owner);
  if (owning !== undefined) {
    // Money that came in here cannot be what a payment of another shortcode was paid with.
    if (ofOwner?.payment.shortcode === shortcode) return owning;
    log.error("receipt_elsewhere", { attemptId: owning.id, receipt: line.receipt });
    return null;
  }
  const reference = plainReference(line.reference);
  const since = at - REFERENCE_MS;
  const named =
    reference === ""
      ? []
      : await payments.byAccountReference(environment, shortcode, reference, since);
  if (named.length > 0) {
    const fit = attemptOfLine(line, named);
    if (fit.kind === "older") log.info("statement_line_older", { receipt: line.receipt });
    return fit.kind === "fits" ? fit.attempt : null;
  }
  const naming = await payments.namingReceipt(environment, line.receipt);
  const ours = naming.filter(({ merchantId }) => merchantId === merchant.id);
  return attemptThatNamed(line, ours);
}

async function endDoubts(
  deps: PullDeps,
  doubts: readonly PaymentWithAttempts[],
  lines: readonly StatementLine[],
  window: StatementWindow,
): Promise<void> {
  for (const { payment, attempts } of doubts) {
    for (const attempt of attempts.filter(isInDoubt)) {
      if (!provesAbsence(window, lines, attempt, payment.accountReference)) continue;
      await advance(deps, payment.id, happened("statement_absent", attempt.id, { note: PULLED }));
    }
  }
}
