/**
 * What must hold of every single commit (machine §10), judged by the rows before it, the rows it
 * wrote, and what truly happened. Written from the machine's text, not from its code.
 */
import type { AttemptState } from "../../shared/words.ts";
import type { Attempt, AttemptId, Change, PaymentWithAttempts } from "../core/payment.ts";
import type { Mpesa } from "./mpesa.ts";
import type { Testimony } from "./testimony.ts";

export interface Commit {
  readonly before: PaymentWithAttempts;
  readonly after: PaymentWithAttempts;
  readonly change: Change;
  /** Every payment of the schedule as it stands after this commit. */
  readonly all: readonly PaymentWithAttempts[];
  /** Attempts with stored success evidence, this commit's included. */
  readonly proven: ReadonlySet<AttemptId>;
  readonly testimony: Testimony;
  readonly mpesa: Mpesa;
}

/** An invariant and how it was broken. */
export type Broken = readonly [invariant: string, what: string];

const OPEN: readonly AttemptState[] = ["created", "sending", "pending", "in_doubt"];
const IN_THE_AIR: readonly AttemptState[] = ["pending", "in_doubt"];
const SETTLED_BY_TIME = ["restart", "deadline", "aged", "look_silent", "expired", "cancelled"];
/** What may turn a doubt into a failure (I13): words of Daraja, of a statement, of an operator. */
const MAY_FAIL = [
  "rejected",
  "callback_failure",
  "look_failure",
  "statement_absent",
  "operator_fail",
];

/** Everything that this commit broke. */
export function commitChecks(commit: Commit): readonly Broken[] {
  const moves = commit.change.attempts.flatMap((after) => {
    const before = commit.before.attempts.find(({ id }) => id === after.id);
    return before === undefined ? [] : moveChecks(commit, before, after);
  });
  return [...paymentChecks(commit), ...moves, ...orderChecks(commit)];
}

function when(broken: boolean, invariant: string, what: string): readonly Broken[] {
  return broken ? [[invariant, what]] : [];
}

function paymentChecks({ before, after, change }: Commit): readonly Broken[] {
  const [old, now] = [before.payment, after.payment];
  const received = after.attempts
    .filter(({ state }) => state === "confirmed" || state === "reversed")
    .reduce((sum, one) => sum + (one.receivedCents ?? one.amountCents) - one.reversedCents, 0);
  const paid =
    after.attempts.some(({ state }) => state === "confirmed") && received >= now.amountCents;
  const fixed = ["id", "merchantId", "orderReference", "amountCents", "createdAt"] as const;
  return [
    ...when(now.version !== old.version + 1, "I17", `version ${old.version} → ${now.version}`),
    ...when(now.updatedAt < old.updatedAt, "I22", "a row became older"),
    ...when(
      change.timeline.some(({ at }) => at < old.updatedAt),
      "I22",
      "an event is older",
    ),
    ...when(change.timeline.length !== 1, "I2", "a commit without its one line"),
    ...when(
      fixed.some((key) => old[key] !== now[key]),
      "I6",
      "a payment changed what it is",
    ),
    ...when(
      change.timeline.some(({ kind }) => kind === "stray"),
      "I12",
      "E0 left a trace",
    ),
    ...when((now.status === "confirmed") !== paid, "I20", `${now.status}, received ${received}`),
    ...when(
      received > now.amountCents && !now.flags.includes("overpaid"),
      "I20",
      `received ${received} of ${now.amountCents} without overpaid`,
    ),
  ];
}

function moveChecks(commit: Commit, before: Attempt, after: Attempt): readonly Broken[] {
  const kind = commit.change.timeline[0]?.kind ?? "opened";
  const moved = `${before.state} → ${after.state} by ${kind}`;
  const fixed = ["paymentId", "merchantId", "orderReference", "amountCents", "phoneHash"] as const;
  const idKept =
    before.checkoutRequestId === null || before.checkoutRequestId === after.checkoutRequestId;
  const line = commit.change.timeline[0];
  const told =
    line?.attemptId === after.id && line.from === before.state && line.to === after.state;
  const leavesConfirmed = before.state === "confirmed" && after.state !== "confirmed";
  const byTime = SETTLED_BY_TIME.includes(kind);
  const fails = before.state !== "failed" && after.state === "failed";
  return [
    ...when(!told, "I2", `${moved} is told otherwise`),
    ...when(
      fixed.some((key) => before[key] !== after[key]),
      "I6",
      "an attempt changed what it is",
    ),
    ...when(!idKept, "I5", "an id changed"),
    ...when(leavesConfirmed && (after.state !== "reversed" || kind !== "reversal"), "I1", moved),
    ...when(!receiptStays(before, after), "I15", "a receipt changed"),
    ...when(byTime && isPaid(after) && !isPaid(before), "I13", moved),
    ...when(kind === "hold_over" && !mayEndHold(before, line?.at ?? 0), "I13", moved),
    ...when(before.state === "in_doubt" && fails && !MAY_FAIL.includes(kind), "I13", moved),
    ...when(fails && !failureIsTrue(commit, after, kind), "told", `${moved}, and nobody said so`),
    ...stateChecks(commit, before, after, moved),
  ];
}

/**
 * A receipt that only an unlisted address named, and that is held for it or was confirmed by it
 * alone, gives way to the one of a surer source; both stay in the evidence, and the flag makes a
 * person look at both.
 */
function receiptStays(before: Attempt, after: Attempt): boolean {
  if (before.receipt === null || after.receipt === before.receipt) return true;
  const unsure = before.heldAt !== null || before.flags.includes("singleSource");
  const surer = unsure && after.state === "confirmed" && after.receipt !== null;
  return surer && after.flags.includes("secondReceipt");
}

const MINUTE_MS = 60_000;
/** How long one source is asked for a second one (machine §2, §9). */
const SECOND_SOURCE_MS = 48 * 60 * MINUTE_MS;

/** Silence confirms what is held after a minute out of reach, else after 30, and nothing that the query denied. */
function mayEndHold({ successSeen, heldAt, ...query }: Attempt, at: number): boolean {
  if (!successSeen || heldAt === null || query.queryFailureAt !== null) return false;
  const reached = query.queryReachedAt !== null && query.queryReachedAt >= heldAt;
  return at >= heldAt + (reached ? 30 : 1) * MINUTE_MS;
}

/** Confirmed by one source that nothing contradicts, and no look for a second one is planned. */
function forgetsSecond({ state, flags, ...one }: Attempt, at: number): boolean {
  if (state !== "confirmed" || !flags.includes("singleSource")) return false;
  if (flags.includes("evidenceConflict") || one.checkoutRequestId === null) return false;
  return one.wakeAt === null && at < (one.resolvedAt ?? 0) + SECOND_SOURCE_MS;
}

const isPaid = ({ state }: Attempt): boolean => state === "confirmed";

/** Did anybody say that this attempt failed, or did its push surely never leave? */
function failureIsTrue({ testimony }: Commit, { id }: Attempt, kind: string): boolean {
  switch (kind) {
    case "fence":
    case "restart":
      return testimony.of(id).pushes === 0;
    case "not_sent":
      return testimony.of(id).pushes === 0 || testimony.of(id).refused;
    default:
      return testimony.failed(id);
  }
}

function stateChecks(
  { change, mpesa, proven, testimony }: Commit,
  before: Attempt,
  after: Attempt,
  moved: string,
): readonly Broken[] {
  const { id, state } = after;
  const at = change.payment.updatedAt;
  const looksOn = after.nextLookAt !== null && after.wakeAt !== null;
  const isNew = state !== before.state;
  const debited = mpesa.debits.some(({ attemptId }) => attemptId === id);
  const held = state === "in_doubt" && after.heldAt !== null;
  const shown = held || state === "confirmed" || state === "review" || state === "reversed";
  // Success that is held beside words of failure is a contradiction too (machine §2).
  const contradicts = testimony.of(id).contradicted || (debited && testimony.failed(id));
  const whole = after.receivedCents === after.amountCents;
  return [
    ...when(forgetsSecond(after, at), "I14", `${moved}, and no second source is looked for`),
    ...when(IN_THE_AIR.includes(state) && !looksOn, "I14", `${state} without a next look`),
    ...when(proven.has(id) && !shown, "I15", `${moved} forgets success evidence`),
    ...when(state === "confirmed" && !proven.has(id), "I2", `${moved} without stored evidence`),
    ...when(state === "confirmed" && !debited, "paid", `${moved}, and nobody paid`),
    ...when(isNew && state === "confirmed" && !whole, "I7", `${moved} with another amount`),
    ...when(
      isNew && state === "review" && !contradicts,
      "review",
      `${moved} without a contradiction`,
    ),
  ];
}

function orderChecks({ after, all }: Commit): readonly Broken[] {
  const { orderReference } = after.payment;
  const ofOrder = all.filter(({ payment }) => payment.orderReference === orderReference);
  const open = ofOrder
    .flatMap(({ attempts }) => attempts)
    .filter(({ state }) => OPEN.includes(state));
  const receipts = all.flatMap(({ attempts }) => attempts.map(({ receipt }) => receipt));
  const named = receipts.filter((receipt) => receipt !== null);
  const requests = all.flatMap(({ attempts }) => attempts.map((one) => one.checkoutRequestId));
  const asked = requests.filter((id) => id !== null);
  const claiming = ofOrder.filter(({ payment }) => payment.status === "confirmed");
  return [
    ...when(open.length > 1, "I4", `${open.length} attempts of ${orderReference} are open`),
    ...when(new Set(named).size !== named.length, "I3", "a receipt belongs to two attempts"),
    ...when(new Set(asked).size !== asked.length, "I5", "an id belongs to two attempts"),
    ...when(
      claiming.length > 1 && !claiming.some(({ payment }) => payment.flags.includes("overpaid")),
      "I20",
      `${orderReference} is paid twice and nothing says so`,
    ),
  ];
}
