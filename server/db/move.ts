/**
 * A decision as statements. Every row of a payment is written here and nowhere else, in a commit
 * guarded by the version that the decision read (I17).
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Phone } from "../../shared/phone.ts";
import type { AttemptState } from "../../shared/words.ts";
import type { Attempt, Change, Evidence, Payment, TimelineLine } from "../core/payment.ts";
import type { CommitExtra, Seal } from "../ports.ts";
import { must, run, type Statement, type Template } from "./engine.ts";
import {
  accountReferenceUnused,
  checkoutRequestFree,
  notReversed,
  orderClaim,
  orderUnblocked,
  orderUnresolvedElsewhere,
  phoneFree,
  receiptFree,
  receiptUntold,
} from "./guards.ts";
import { endProposal } from "./proposal-store.ts";
import { putBack, takeOff } from "./rollup.ts";
import {
  attemptParams,
  evidenceParams,
  paymentParams,
  phoneParams,
  timelineParams,
} from "./rows.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";

/** How long an account reference stays taken: statements of that window tell payments apart by it (contract §4). */
const ACCOUNT_REFERENCE_MS = 90 * 86_400_000;

const insertPayment: Template = (db, t) =>
  db
    .insert(t.payments)
    .values(rowSlots(t.payments))
    .onConflictDoNothing()
    .returning({ id: t.payments.id });

const updatePayment: Template = (db, t) =>
  db
    .update(t.payments)
    .set({
      ...setSlots(t.payments, [
        "status",
        "page",
        "closing",
        "flags",
        "receipt",
        "paidAt",
        "retryAt",
        "version",
        "updatedAt",
      ]),
      claimsOrder: orderClaim(db, t),
    })
    .where(and(eq(t.payments.id, slot("id")), eq(t.payments.version, slot("versionRead"))))
    .returning({ id: t.payments.id });

const insertAttempt: Template = (db, t) =>
  db
    .insert(t.attempts)
    .values(rowSlots(t.attempts))
    .onConflictDoNothing()
    .returning({ id: t.attempts.id });

/**
 * Amount, order, merchant and phone are not among the columns: they never change (I6). M-Pesa's
 * name of the request is written once (I5): who read it before an erasure does not bring the
 * number back.
 */
const updateAttempt: Template = (db, t) =>
  db
    .update(t.attempts)
    .set({
      checkoutRequestEnc: sql`coalesce(${t.attempts.checkoutRequestEnc}, ${slot("checkoutRequestEnc")})`,
      checkoutRequestHash: sql`coalesce(${t.attempts.checkoutRequestHash}, ${slot("checkoutRequestHash")})`,
      ...setSlots(t.attempts, [
        "state",
        "reason",
        "merchantRequestId",
        "resultCode",
        "resultDescription",
        "laterResultCode",
        "receipt",
        "customerCode",
        "receivedCents",
        "provenReceipts",
        "reversedCents",
        "flags",
        "sentAt",
        "acceptedAt",
        "inDoubtAt",
        "resolvedAt",
        "paidAt",
        "heldAt",
        "successSeen",
        "looks",
        "lastLookAt",
        "nextLookAt",
        "wakeAt",
        "queryFailureCode",
        "queryFailureAt",
        "queryReachedAt",
      ]),
    })
    .where(and(eq(t.attempts.id, slot("id")), eq(t.attempts.paymentId, slot("paymentId"))))
    .returning({ id: t.attempts.id });

const insertTimeline: Template = (db, t) => {
  const last = db
    .select({ seq: sql`coalesce(max(${t.timeline.seq}), 0) + 1` })
    .from(t.timeline)
    .where(eq(t.timeline.paymentId, slot("paymentId")));
  return db.insert(t.timeline).values({ ...rowSlots(t.timeline), seq: sql`${last}` });
};

const insertEvidence: Template = (db, t) => {
  const last = db
    .select({ seq: sql`coalesce(max(${t.evidence.seq}), 0) + 1` })
    .from(t.evidence)
    .where(eq(t.evidence.attemptId, slot("attemptId")));
  return db.insert(t.evidence).values({ ...rowSlots(t.evidence), seq: sql`${last}` });
};

/** New, or kept before and not applied: both are applied now. Applied before: no row, nothing moves (I10). */
const applyInbox: Template = (db, t) =>
  db
    .insert(t.inbox)
    .values(rowSlots(t.inbox))
    .onConflictDoUpdate({
      target: [t.inbox.attemptId, t.inbox.digest],
      set: setSlots(t.inbox, ["appliedAt"]),
      setWhere: isNull(t.inbox.appliedAt),
    })
    .returning({ id: t.inbox.id });

/** A body kept before is applied once; applied meanwhile: no row, nothing moves (I10). */
const applyKept: Template = (db, t) =>
  db
    .update(t.inbox)
    .set(setSlots(t.inbox, ["appliedAt"]))
    .where(and(eq(t.inbox.id, slot("id")), isNull(t.inbox.appliedAt)))
    .returning({ id: t.inbox.id });

/** Opening: the account reference unless the merchant chose it, the order's claim, the first line. */
export function openStatements(
  payment: Payment,
  line: TimelineLine,
  reference: "ours" | "given",
  phoneEnc: string | null,
): Statement[] {
  const params = { ...paymentParams(payment), phoneEnc };
  const since = payment.createdAt - ACCOUNT_REFERENCE_MS;
  return [
    ...(reference === "ours"
      ? [must("accountReference", run(accountReferenceUnused, { ...params, since }))]
      : []),
    must("order", run(insertPayment, params)),
    run(insertTimeline, timelineParams(line, payment)),
    putBack(payment.id),
  ];
}

/**
 * Everything a change writes, guards first. Throws when a new attempt comes without its phone.
 * @param counts `alike` only when the change touches nothing that the rollups count.
 */
export function changeStatements(
  change: Change,
  beside: CommitExtra,
  seal: Seal,
  counts: "alike" | "anew",
): Statement[] {
  const { payment, attempts, created, timeline, evidence } = change;
  const recounted = counts === "anew";
  return [
    ...inboxStatements(beside, payment),
    ...(beside.proposal === undefined
      ? []
      : [must("proposal", run(endProposal, { id: beside.proposal }))]),
    ...(recounted ? [takeOff(payment.id)] : []),
    must("version", run(updatePayment, paymentParams(payment))),
    ...attempts.flatMap((attempt) => attemptStatements(attempt, seal)),
    ...(created === null ? [] : createdStatements(created, beside.phone, seal)),
    ...timeline.map((line) => run(insertTimeline, timelineParams(line, payment))),
    ...evidence.flatMap((item) => evidenceStatements(item, payment)),
    ...(recounted ? [putBack(payment.id)] : []),
  ];
}

/** The callback that caused the change, first: its repeat needs to read nothing else. */
function inboxStatements({ inbox, appliedInbox }: CommitExtra, payment: Payment): Statement[] {
  const fresh =
    inbox === undefined
      ? []
      : [must("inbox", run(applyInbox, { ...inbox, appliedAt: payment.updatedAt }))];
  const kept =
    appliedInbox === undefined
      ? []
      : [must("inbox", run(applyKept, { id: appliedInbox.id, appliedAt: appliedInbox.at }))];
  return [...fresh, ...kept];
}

function attemptStatements(attempt: Attempt, seal: Seal): Statement[] {
  const params = attemptParams(attempt, seal);
  return [
    ...(isUnresolved(attempt.state) ? [must("order", run(orderUnresolvedElsewhere, params))] : []),
    ...(isPhoneBusy(attempt.state) ? [must("phone", run(phoneFree, params))] : []),
    ...(attempt.receipt === null ? [] : [must("receipt", run(receiptFree, params))]),
    ...(attempt.checkoutRequestId === null
      ? []
      : [must("checkoutRequest", run(checkoutRequestFree, params))]),
    must("version", run(updateAttempt, params)),
  ];
}

/** What a person names: a receipt without success is a reversal's, and never that of a payment. */
function evidenceStatements(item: Evidence, payment: Payment): Statement[] {
  const params = evidenceParams(item, payment);
  const isNamed = item.receipt !== null && (item.evidenceClass === "E4" || !item.success);
  const guard = item.success ? notReversed : receiptUntold;
  return [...(isNamed ? [must("receipt", run(guard, params))] : []), run(insertEvidence, params)];
}

function createdStatements(attempt: Attempt, phone: Phone | undefined, seal: Seal): Statement[] {
  if (phone === undefined) throw new TypeError("a new attempt needs the phone it prompts");
  const params = {
    ...attemptParams(attempt, seal),
    ...phoneParams(phone, attempt.phoneTail, seal),
  };
  return [
    must("order", run(orderUnblocked, params)),
    must("phone", run(phoneFree, params)),
    must("unique", run(insertAttempt, params)),
  ];
}

function isPhoneBusy(state: AttemptState): boolean {
  return state === "created" || state === "sending" || state === "pending";
}

function isUnresolved(state: AttemptState): boolean {
  return isPhoneBusy(state) || state === "in_doubt";
}
