/**
 * Takes a callback on an attempt's own address: raw body, move, story and tasks in one
 * transaction, then the 200 (machine §6, P3). Nothing that was acknowledged is ever lost (I9).
 */

import { parseReceipt } from "../../shared/receipt.ts";
import type { Environment } from "../../shared/words.ts";
import { withoutPhoneAtEnd, withoutPhones } from "../core/blanked.ts";
import type { AttemptEvent } from "../core/events.ts";
import { happened } from "../core/events.ts";
import type { CallbackNews } from "../core/evidence.ts";
import { callbackEvent } from "../core/evidence.ts";
import type { Subject } from "../core/machine.ts";
import type { AttemptId, PaymentId } from "../core/payment.ts";
import type {
  CommitExtra,
  GuardName,
  Ids,
  InboxRow,
  InboxStore,
  PaymentStore,
  Seal,
} from "../ports.ts";
import { type AdvanceDeps, advance } from "./advance.ts";
import type { Ask } from "./ask-result.ts";
import { faultOf, type OwedCommits } from "./owed-commits.ts";

export interface CallbackDeps extends AdvanceDeps {
  readonly ids: Ids;
  readonly seal: Seal;
  readonly inbox: InboxStore;
  readonly environment: Environment;
  /** Their JSON in our words; null for a body that cannot be read. */
  readonly read: (body: string) => CallbackNews | null;
  readonly ask: Ask;
  readonly owed: OwedCommits;
  /** Whether a success from this address needs a second source (machine §2, confirm rule). */
  readonly trust: (remoteAddress: string) => "enough" | "second_source";
}

/** A callback has under 2 KiB (daraja.md §4); only such a one is worth the memory of being owed. */
const OWED_BODY_MAX = 16 * 1024;

/** `kept`: durable, answer 200. `not_kept`: answer 503, Daraja may repeat it. */
export type Taken = "kept" | "not_kept";

/** Takes one post on the own address of `attemptId`; the address itself was proven by its mac. */
export async function takeCallback(
  deps: CallbackDeps,
  attemptId: AttemptId,
  body: string,
  remoteAddress: string,
): Promise<Taken> {
  let row: InboxRow = {
    id: deps.ids.row("cb"),
    environment: deps.environment,
    attemptId,
    digest: deps.seal.hash("callbackBody", body),
    bodySealed: deps.seal.seal(body),
    receivedAt: deps.clock.now(),
    remoteAddress,
  };
  try {
    const known = await deps.inbox.known(attemptId, row.digest);
    if (known?.applied) return "kept";
    const owner = await deps.payments.ownerOf(attemptId);
    // A late callback does not bring back a number that was erased; its digest is of what came.
    if (owner?.phone === "erased")
      row = { ...row, bodySealed: deps.seal.seal(withoutPhones(body)) };
    await apply(deps, row, body, owner, known?.id ?? null);
    return "kept";
  } catch (error) {
    deps.log.error("callback_not_applied", { attemptId, error: faultOf(error) });
    return keepAlone(deps, row);
  }
}

/** Applies a body that was kept earlier without effect: after a fault, or a crash in between. */
export async function applyKept(deps: CallbackDeps, row: InboxRow, body: string): Promise<void> {
  await apply(deps, row, body, await deps.payments.ownerOf(row.attemptId), row.id);
}

async function apply(
  deps: CallbackDeps,
  row: InboxRow,
  body: string,
  owner: Awaited<ReturnType<PaymentStore["ownerOf"]>>,
  keptId: string | null,
): Promise<void> {
  if (owner === null) {
    await deps.inbox.keep(row);
    deps.log.error("callback_orphan", { attemptId: row.attemptId });
    return;
  }
  const at = deps.clock.now();
  const extra: CommitExtra =
    keptId === null ? { inbox: row } : { appliedInbox: { id: keptId, at } };
  const paymentId = owner.id;
  const news = owner.phone === "erased" ? unnamed(deps.read(body)) : deps.read(body);
  const make = (subject: Subject, missed: GuardName | null) =>
    eventFor(deps, subject, row, news, missed);
  const done = await advance(deps, paymentId, make, extra);
  if (done.kind === "unchanged" || done.kind === "refused") {
    if (keptId === null) await deps.inbox.keep(row);
    await deps.inbox.markApplied(keptId ?? row.id, at);
  }
  if (done.kind === "missed" && done.guard !== "inbox") await deps.inbox.keep(row);
  if (wantsLook(done, row.attemptId)) lookInBackground(deps, row.attemptId, paymentId);
}

/** As the attempt names its request since its number was erased. */
function unnamed(news: CallbackNews | null): CallbackNews | null {
  if (news === null) return null;
  const { checkoutRequestId, merchantRequestId } = news;
  return {
    ...news,
    checkoutRequestId: withoutPhoneAtEnd(checkoutRequestId),
    merchantRequestId: merchantRequestId === null ? null : withoutPhones(merchantRequestId),
  };
}

async function eventFor(
  deps: CallbackDeps,
  subject: Subject,
  { attemptId, remoteAddress }: InboxRow,
  news: CallbackNews | null,
  missed: GuardName | null,
): Promise<AttemptEvent> {
  const attempt = subject.attempts.find((candidate) => candidate.id === attemptId);
  if (attempt === undefined) return happened("callback_unreadable", attemptId);
  const receipt = news === null ? null : parseReceipt(news.receipt);
  const receiptOwner =
    receipt === null ? null : await deps.payments.receiptOwner(attempt.environment, receipt);
  return callbackEvent(attempt, news, {
    receiptOwner,
    // The guard has found the id with another attempt: this is news of that one, not of ours.
    requestId: missed === "checkoutRequest" ? "of_another" : "unclaimed",
    trust: deps.trust(remoteAddress),
  });
}

function wantsLook(done: Awaited<ReturnType<typeof advance>>, attemptId: AttemptId): boolean {
  if (done.kind === "unchanged") return done.why.hint;
  if (done.kind !== "changed") return false;
  const attempt = done.now.attempts.find((candidate) => candidate.id === attemptId);
  const soon = attempt?.nextLookAt ?? null;
  return attempt?.state === "in_doubt" && soon !== null && soon <= done.now.payment.updatedAt;
}

function lookInBackground(deps: CallbackDeps, attemptId: AttemptId, paymentId: PaymentId): void {
  deps.ask(attemptId, "first").catch((error: unknown) => {
    deps.log.error("look_failed", { attemptId, paymentId, error: faultOf(error) });
  });
}

/**
 * P3 and P3': if applying throws, the body alone is kept; if even that fails, no false 200. Daraja
 * does not come back later, so that the row stays owed: it may hold the only id, or be the only
 * word that a failed attempt was paid after all.
 */
async function keepAlone(deps: CallbackDeps, row: InboxRow): Promise<Taken> {
  try {
    await deps.inbox.keep(row);
    return "kept";
  } catch (error) {
    const { attemptId } = row;
    deps.log.error("callback_not_kept", { attemptId, error: faultOf(error) });
    if (row.bodySealed.length <= OWED_BODY_MAX) {
      void deps.owed.again("callback", attemptId, () => deps.inbox.keep(row));
    }
    return "not_kept";
  }
}
