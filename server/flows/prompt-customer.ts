/**
 * Prompts the customer: commit the attempt (P0), commit the fence (P1), and only then push, once
 * (machine §6). Every way the push can end is committed (P2); none is retried.
 */

import { shillingsFromCents } from "../../shared/money.ts";
import { type Phone, phoneTail } from "../../shared/phone.ts";
import type { PromptLimits } from "../../shared/prompt-limits.ts";
import { type AttemptEvent, happened } from "../core/events.ts";
import { LIMIT_HORIZON_MS } from "../core/limits.ts";
import type {
  AttemptId,
  Instant,
  MerchantId,
  PaymentId,
  PaymentWithAttempts,
  Refused,
} from "../core/payment.ts";
import type { Actor, AuditEntry, Daraja, DarajaApps, GuardName, Ids, Seal } from "../ports.ts";
import { type AdvanceDeps, advance } from "./advance.ts";
import type { Ask } from "./ask-result.ts";
import { faultOf, type OwedCommits } from "./owed-commits.ts";
import { pushEvent } from "./push-event.ts";
import { readyToPush } from "./ready-to-push.ts";
import type { Sending } from "./sending.ts";

/** A look before the push takes of the 20 s that a customer waits (contract §4), but not most of it. */
const LOOK_PATIENCE_MS = 5_000;

/** When to come back after a claim that kept slipping away. */
const SLIPPED_RETRY_MS = 5_000;

/**
 * The limits that a merchant has set, unless the phone is a test phone that is exempt from them;
 * null asks for a phone that nobody knows yet.
 */
export type LimitsFor = (
  merchant: MerchantId,
  phone: Phone | null,
) => Promise<PromptLimits | "exempt">;

export interface PromptDeps extends AdvanceDeps {
  readonly ids: Ids;
  readonly seal: Seal;
  readonly apps: DarajaApps;
  /** Asks Daraja about a running attempt before the customer is refused (machine §8.1). */
  readonly ask: Ask;
  readonly callbackUrl: (attempt: AttemptId) => string;
  readonly limitsFor: LimitsFor;
  /** What this process is sending: the sweep leaves it alone. */
  readonly sending: Sending;
  readonly owed: OwedCommits;
}

export type Prompted =
  | { readonly kind: "prompted"; readonly now: PaymentWithAttempts; readonly attemptId: AttemptId }
  | { readonly kind: "refused"; readonly now: PaymentWithAttempts; readonly why: Refused }
  | { readonly kind: "unknown_payment" };

/**
 * Sends one prompt for a payment to a phone, if machine §8 allows it, and waits for Daraja's
 * answer (20 s at most).
 * @param by the signed-in person who asks for it; the audit log hears of it.
 * @returns the payment with its new attempt, whatever became of it; or the refusal.
 */
export async function promptCustomer(
  deps: PromptDeps,
  id: PaymentId,
  phone: Phone,
  by: Actor | null = null,
): Promise<Prompted> {
  const attemptId = deps.ids.attempt();
  const askedAt = deps.clock.elapsed();
  deps.sending.begin(attemptId);
  try {
    const claimed = await claim(deps, id, { attemptId, phone, by });
    if (claimed.kind !== "changed") return refusal(claimed, deps.clock.now());
    const { daraja } = await deps.apps.of(claimed.now.payment.merchantId);
    return await send(deps, daraja, id, { attemptId, phone, askedAt });
  } finally {
    deps.sending.end(attemptId);
  }
}

interface Wanted {
  readonly attemptId: AttemptId;
  readonly phone: Phone;
  readonly by: Actor | null;
}

/** P0, asking Daraja first where the order is still in the air and an answer may free it. */
async function claim(deps: PromptDeps, id: PaymentId, wanted: Wanted) {
  const first = await claimOnce(deps, id, wanted);
  if (first.kind !== "refused" || first.why.lookFirst.length === 0) return first;
  for (const running of first.why.lookFirst) await lookBriefly(deps, running);
  return claimOnce(deps, id, wanted);
}

/** Nobody waits longer (contract §4: 20 s); a look that takes longer goes on without them. */
export async function lookBriefly(
  deps: Pick<PromptDeps, "clock" | "ask">,
  running: AttemptId,
): Promise<void> {
  const patience = new AbortController();
  const enough = deps.clock.sleep(LOOK_PATIENCE_MS, patience.signal);
  try {
    await Promise.race([deps.ask(running, "first"), enough]);
  } finally {
    patience.abort();
  }
}

function claimOnce(deps: PromptDeps, id: PaymentId, { attemptId, phone, by }: Wanted) {
  const phoneHash = deps.seal.hash("phone", phone);
  return advance(
    deps,
    id,
    async ({ payment }) => ({
      type: "prompt",
      attemptId,
      phoneHash,
      phoneTail: phoneTail(phone),
      ofPhone: await deps.payments.attemptsOfPhone(
        payment.environment,
        phoneHash,
        deps.clock.now() - LIMIT_HORIZON_MS,
      ),
      limits: await deps.limitsFor(payment.merchantId, phone),
      by: by?.email ?? null,
    }),
    { phone, ...(by === null ? {} : { audit: auditOf(deps, id, by, phone) }) },
  );
}

function auditOf(deps: PromptDeps, target: PaymentId, by: Actor, phone: Phone): AuditEntry {
  const details = { phoneTail: phoneTail(phone) };
  return { at: deps.clock.now(), actor: by.id, action: "payment_prompted", target, details };
}

function refusal(
  claimed: Exclude<Awaited<ReturnType<typeof claimOnce>>, { kind: "changed" }>,
  at: Instant,
): Prompted {
  switch (claimed.kind) {
    case "unknown_payment":
    case "refused":
      return claimed;
    case "missed":
    case "unchanged": {
      // The claim kept slipping away: somebody else is prompting this very moment.
      const why: Refused = {
        kind: "refuse",
        code:
          claimed.kind === "missed" && claimed.guard === "phone"
            ? "phone_in_progress"
            : "payment_in_progress",
        retryAt: at + SLIPPED_RETRY_MS,
        lookFirst: [],
      };
      return { kind: "refused", now: claimed.now, why };
    }
  }
}

interface Sent {
  readonly attemptId: AttemptId;
  readonly phone: Phone;
  /** Since when the customer waits, by the clock that nobody sets. */
  readonly askedAt: number;
}

async function send(
  deps: PromptDeps,
  daraja: Daraja,
  id: PaymentId,
  { attemptId, phone, askedAt }: Sent,
): Promise<Prompted> {
  const ready = await readyToPush(deps.clock, daraja);
  if (!ready.ok) {
    const { cause, description } = ready;
    return settled(
      deps,
      id,
      attemptId,
      happened("not_sent", attemptId, { description, note: { cause } }),
    );
  }
  const fenced = await advance(deps, id, happened("fence", attemptId));
  if (fenced.kind !== "changed") return current(deps, id, attemptId);
  const attempt = fenced.now.attempts.find((candidate) => candidate.id === attemptId);
  if (attempt?.state !== "sending") return { kind: "prompted", now: fenced.now, attemptId };
  const { payment } = fenced.now;
  const answer = await daraja.push({
    attemptId,
    amount: shillingsFromCents(payment.amountCents),
    phone,
    accountReference: payment.accountReference,
    description: payment.description ?? "",
    callbackUrl: deps.callbackUrl(attemptId),
    waitedMs: deps.clock.elapsed() - askedAt,
  });
  return settled(deps, id, attemptId, pushEvent(attemptId, answer));
}

/**
 * P2: what came back is committed. Where the store fails or the guards keep missing, the answer
 * stays owed until it is kept (machine §3): without its id Daraja could never be asked. The
 * customer does not wait for that.
 */
async function settled(
  deps: PromptDeps,
  id: PaymentId,
  attemptId: AttemptId,
  event: AttemptEvent,
): Promise<Prompted> {
  try {
    const now = await told(deps, id, event);
    return now === null ? { kind: "unknown_payment" } : { kind: "prompted", now, attemptId };
  } catch (error) {
    deps.log.error("push_answer_owed", { attemptId, paymentId: id, error: faultOf(error) });
    const commit = () => told(deps, id, event);
    deps.sending.owes(attemptId, deps.owed.again("push_answer", attemptId, commit));
    return current(deps, id, attemptId);
  }
}

/** An id that another attempt owns proves nothing about ours. */
async function told(
  deps: PromptDeps,
  id: PaymentId,
  event: AttemptEvent,
): Promise<PaymentWithAttempts | null> {
  const { attemptId } = event;
  const repeated = { description: "Daraja repeated an id it had given before" };
  const done = await advance(deps, id, (_subject, missed: GuardName | null) =>
    missed === "checkoutRequest" ? happened("unknown", attemptId, repeated) : event,
  );
  if (done.kind === "missed") throw new Error(`the guard ${done.guard} kept missing`);
  return done.kind === "unknown_payment" ? null : done.now;
}

async function current(deps: PromptDeps, id: PaymentId, attemptId: AttemptId): Promise<Prompted> {
  const now = await deps.payments.load(id);
  return now === null ? { kind: "unknown_payment" } : { kind: "prompted", now, attemptId };
}
