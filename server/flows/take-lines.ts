/**
 * Lays the lines of a statement beside our attempts: by the receipt, else by the reference, else by
 * the word of a customer who named the receipt.
 */
import { setImmediate as others } from "node:timers/promises";
import { attemptThatNamed } from "../core/customer-code.ts";
import { happened } from "../core/events.ts";
import type { Attempt, AttemptId, Instant, Payment } from "../core/payment.ts";
import {
  attemptOfLine,
  isNewsTo,
  linesToTell,
  plainReference,
  type StatementLine,
} from "../core/statement.ts";
import type { Merchant, StoryStore } from "../ports.ts";
import { type AdvanceDeps, advance } from "./advance.ts";

export interface TakeLinesDeps extends AdvanceDeps {
  readonly merchant: Merchant;
  readonly story: Pick<StoryStore, "evidence">;
}

/** How long an account reference names one payment only (contract §4). */
const REFERENCE_MS = 90 * 86_400_000;
/** What the timeline says of where the news came from. */
export const PULLED = { source: "pull" };

/**
 * Tells our attempts what the lines prove. A list of two days may be long: between any two of its
 * lines whoever else waits, a callback or a customer, has a turn.
 * @param resting ends it before the next line: the next pull reads them again.
 * @returns `cut` also where a line could not be dealt with: it is read again, and proves no absence.
 */
export async function takeLines(
  deps: TakeLinesDeps,
  lines: readonly StatementLine[],
  at: Instant,
  resting: AbortSignal,
): Promise<"taken" | "cut"> {
  const since = at - REFERENCE_MS;
  const left: StatementLine[] = [];
  let whole = true;
  // A list that grew between two of its pages names a line twice.
  for (const line of new Map(lines.map((each) => [each.receipt, each])).values()) {
    await others();
    if (resting.aborted) return "cut";
    whole = (await alone(deps, line, () => takeKnown(deps, line, since, left))) && whole;
  }
  // What a receipt proved has moved by now, and what is left is weighed beside that.
  return (await takeByReference(deps, left, since)) && whole ? "taken" : "cut";
}

/** One line that cannot be dealt with, as of a payment that does not open, holds up no other money. */
async function alone(
  { log }: TakeLinesDeps,
  { receipt }: StatementLine,
  run: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    log.error("statement_line_failed", { receipt, error: String(error) });
    return false;
  }
}

/** What is not known by its receipt and bears a reference of ours is left for later. */
async function takeKnown(
  deps: TakeLinesDeps,
  line: StatementLine,
  since: Instant,
  left: StatementLine[],
): Promise<void> {
  // Under the code of a reversal money went out, whatever a list makes of it.
  if (await deps.payments.isReversal(deps.merchant.environment, line.receipt)) return;
  const holder = await holderOf(deps, line);
  if (holder !== null) await takeHeld(deps, holder, line);
  else if (await isReference(deps, line, since)) left.push(line);
  else await takeNamed(deps, line);
}

/** Who holds the receipt of a line. */
export interface Holder {
  readonly payment: Payment;
  readonly attempt: Attempt;
}

/** Whose the receipt of a line is already; null while it is nobody's. */
export async function holderOf(
  { payments, merchant }: Pick<TakeLinesDeps, "payments" | "merchant">,
  { receipt }: StatementLine,
): Promise<Holder | null> {
  const owner = await payments.receiptOwner(merchant.environment, receipt);
  const paymentId = owner === null ? null : await payments.paymentOfAttempt(owner);
  const rows = paymentId === null ? null : await payments.load(paymentId);
  const attempt = rows?.attempts.find(({ id }) => id === owner);
  return rows === null || attempt === undefined ? null : { payment: rows.payment, attempt };
}

async function takeHeld(deps: TakeLinesDeps, holder: Holder, line: StatementLine): Promise<void> {
  const { payment, attempt } = holder;
  // Money that came in here cannot be what a payment of another shortcode was paid with.
  if (payment.shortcode !== deps.merchant.shortcode) {
    deps.log.error("receipt_elsewhere", { attemptId: attempt.id, receipt: line.receipt });
    return;
  }
  if (isNewsTo(attempt, line) && !(await isTold(deps, attempt, line))) {
    await tell(deps, attempt, line);
  }
}

/**
 * Windows overlap, and a second receipt stands in no row: only the evidence shows that a statement
 * named it before. A person hears of it once.
 */
async function isTold(
  { story }: TakeLinesDeps,
  { id, paymentId }: Attempt,
  { receipt }: StatementLine,
): Promise<boolean> {
  const evidence = await story.evidence(paymentId);
  return evidence.some(
    (one) =>
      one.attemptId === id && one.evidenceClass === "E3" && one.success && one.receipt === receipt,
  );
}

async function isReference(
  { payments, merchant }: TakeLinesDeps,
  line: StatementLine,
  since: Instant,
): Promise<boolean> {
  const { environment, shortcode } = merchant;
  const reference = plainReference(line.reference);
  if (reference === "") return false;
  return payments.accountReferenceUsed(environment, shortcode, reference, since);
}

async function takeNamed(deps: TakeLinesDeps, line: StatementLine): Promise<void> {
  const { payments, merchant } = deps;
  const naming = await payments.namingReceipt(merchant.environment, line.receipt);
  const ours = naming.filter(({ merchantId }) => merchantId === merchant.id);
  const attempt = attemptThatNamed(line, ours);
  if (attempt !== null && isNewsTo(attempt, line)) await tell(deps, attempt, line);
}

/**
 * All lines of one attempt together: its reference must be unique among them (machine §2 E3).
 * @returns whether all could be dealt with.
 */
async function takeByReference(
  deps: TakeLinesDeps,
  lines: readonly StatementLine[],
  since: Instant,
): Promise<boolean> {
  const { log } = deps;
  const meant = new Map<AttemptId, { attempt: Attempt; lines: StatementLine[] }>();
  let whole = true;
  for (const line of lines) {
    await others();
    const weigh = async () => {
      const attempt = await meantBy(deps, line, since);
      if (attempt === null) return;
      meant.set(attempt.id, { attempt, lines: [...(meant.get(attempt.id)?.lines ?? []), line] });
    };
    whole = (await alone(deps, line, weigh)) && whole;
  }
  for (const { attempt, lines: several } of meant.values()) {
    const told = linesToTell(attempt, several);
    for (const line of told.filter((each) => isNewsTo(attempt, each))) {
      whole = (await alone(deps, line, () => tell(deps, attempt, line))) && whole;
    }
    const count = several.length - told.length;
    if (count > 0) log.warn("statement_lines_unclear", { attemptId: attempt.id, count });
  }
  return whole;
}

/** The attempt that a line means by its reference, or null. */
async function meantBy(
  { payments, merchant, log }: TakeLinesDeps,
  line: StatementLine,
  since: Instant,
): Promise<Attempt | null> {
  const { environment, shortcode } = merchant;
  const reference = plainReference(line.reference);
  const named = await payments.byAccountReference(environment, shortcode, reference, since);
  const fit = attemptOfLine(line, named);
  if (fit.kind === "older") log.info("statement_line_older", { receipt: line.receipt });
  if (fit.kind === "later") log.info("statement_line_later", { receipt: line.receipt });
  return fit.kind === "fits" ? fit.attempt : null;
}

async function tell(deps: TakeLinesDeps, attempt: Attempt, line: StatementLine): Promise<void> {
  const { receipt, amountCents, paidAt } = line;
  const told = { receipt, amountCents, paidAt, note: PULLED };
  await advance(deps, attempt.paymentId, happened("statement_row", attempt.id, told));
}
