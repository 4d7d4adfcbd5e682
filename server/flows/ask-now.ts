/** Asks Daraja at a person's wish, at most once in ten seconds (machine row 21 and §8.1). */
import type { WhyNot } from "../../shared/words.ts";
import type { AttemptId, Instant, PaymentId, PaymentWithAttempts } from "../core/payment.ts";
import type { Actor, AuditStore } from "../ports.ts";
import type { Ask } from "./ask-result.ts";
import { lookBriefly } from "./prompt-customer.ts";
import { type SeeDeps, seeActions } from "./see-actions.ts";

export interface AskNowDeps extends SeeDeps {
  readonly ask: Ask;
  readonly audit: AuditStore;
}

/** `later`: the answer is still on its way, or the pace that M-Pesa sets has to pass first. */
export type AskedNow =
  | { readonly kind: "asked" | "later" }
  | { readonly kind: "refused"; readonly because: WhyNot; readonly at: Instant | null }
  | { readonly kind: "unknown_payment" };

/**
 * Resolves when what was learnt is committed, or after the few seconds a person waits.
 * @param by who asks, for the audit log.
 */
export async function askNow(deps: AskNowDeps, id: PaymentId, by: Actor): Promise<AskedNow> {
  const [possible, before] = [await seeActions(deps, id), await deps.payments.load(id)];
  if (possible === null || before === null) return { kind: "unknown_payment" };
  const { ask } = possible;
  if (ask.kind === "refused") return ask;
  await deps.audit.append({
    at: deps.clock.now(),
    actor: by.id,
    action: "mpesa_asked",
    target: id,
    details: {},
  });
  for (const attemptId of ask.attempts) await lookBriefly(deps, attemptId);
  const after = await deps.payments.load(id);
  const answered = ask.attempts.some((each) => looks(after, each) !== looks(before, each));
  return { kind: answered ? "asked" : "later" };
}

/** A look that ended the attempt counts as one, too. */
function looks(rows: PaymentWithAttempts | null, id: AttemptId): string {
  const attempt = rows?.attempts.find((candidate) => candidate.id === id);
  return `${attempt?.looks} ${attempt?.state}`;
}
