/**
 * What a person may do with a payment now, and if not, why and from when. Each answer is `decide`'s
 * own to a probe of the event, so that a button never offers what the machine refuses.
 */
import type { Receipt } from "../../shared/receipt.ts";
import type { ActionName, AttemptState, WhyNot } from "../../shared/words.ts";
import { OPERATOR_FAIL_AFTER_MS } from "./by-hand-moves.ts";
import { type AttemptEvent, happened, type PromptEvent } from "./events.ts";
import { decide, type Subject } from "./machine.ts";
import type { Attempt, AttemptId, Instant } from "./payment.ts";
import { askable, askableFrom, decidePrompt, worthAsking } from "./prompting.ts";
import { unresolved } from "./reprompt.ts";
import { pushedAt } from "./schedule.ts";

/** Whether an action is possible: for which attempts, or why not and from when (null: not by waiting). */
export type Possible =
  | { readonly kind: "allowed"; readonly attempts: readonly AttemptId[] }
  | { readonly kind: "refused"; readonly because: WhyNot; readonly at: Instant | null };

/** Actions that the machine decides about; notes and evidence are possible at any time. */
export type MachineAction = Exclude<ActionName, "note" | "evidence">;

/** The phone of the last prompt: what rule §8.5 and the limits look at. */
export type LastPhone = Pick<PromptEvent, "phoneHash" | "phoneTail" | "ofPhone" | "limits">;

/**
 * Every action that the machine decides about. `phone` is null when nobody was prompted yet;
 * `limits` are for a phone that nobody knows yet.
 */
export function possibleActions(
  subject: Subject,
  phone: LastPhone | null,
  limits: PromptEvent["limits"],
  at: Instant,
): Readonly<Record<MachineAction, Possible>> {
  return {
    ask: asking(subject.attempts, at),
    prompt_same: phone === null ? refused("no_phone") : prompting(subject, phone, at),
    prompt_other: prompting(subject, { ...NOBODYS_PHONE, limits }, at),
    confirm: byHand(subject, "confirm", at),
    fail: byHand(subject, "fail", at),
    reverse: byHand(subject, "reverse", at),
  };
}

const refused = (because: WhyNot, at: Instant | null = null): Possible => ({
  kind: "refused",
  because,
  at,
});

/** A number that no prompt was ever sent to. */
const NOBODYS_PHONE = { phoneHash: "", phoneTail: "", ofPhone: [] } as const;
const NO_ATTEMPT = "" as AttemptId;

function prompting(subject: Subject, phone: LastPhone, at: Instant): Possible {
  const event = { type: "prompt", attemptId: NO_ATTEMPT, by: null, ...phone } as const;
  const answer = decidePrompt(subject, event, at);
  if (!("kind" in answer)) return { kind: "allowed", attempts: [] };
  // While an outcome is open, the moment to come back is one to look again, and promises nothing.
  const open = [...subject.attempts, ...subject.siblings].some(unresolved);
  return refused(answer.code, open ? null : answer.retryAt);
}

function asking(attempts: readonly Attempt[], at: Instant): Possible {
  const now = worthAsking(attempts, at);
  if (now.length > 0) return { kind: "allowed", attempts: now };
  const soon = askable(attempts).map(askableFrom);
  if (soon.length > 0) return refused("asked_just_now", Math.min(...soon));
  const waits = attempts.some(({ state }) => state === "pending" || state === "in_doubt");
  return refused(waits ? "no_id" : "nothing_to_ask");
}

type ByHand = "confirm" | "fail" | "reverse";

/** A receipt that reads as one; only whether there is a receipt decides. */
const PROBE_RECEIPT = "AAAAAAAAAA" as Receipt;

function probe(action: ByHand, { id, amountCents }: Attempt): AttemptEvent {
  switch (action) {
    case "confirm":
      return happened("operator_confirm", id, { receipt: PROBE_RECEIPT, amountCents });
    case "fail":
      return happened("operator_fail", id);
    case "reverse":
      return happened("reversal", id);
  }
}

/** Why the cell of a state refuses. Where the cell never does, nobody reads the word. */
const WHY: Readonly<Record<ByHand, Readonly<Record<AttemptState, WhyNot>>>> = {
  confirm: {
    created: "not_sent_yet",
    sending: "not_sent_yet",
    pending: "operator_refused",
    in_doubt: "operator_refused",
    confirmed: "receipt_known",
    failed: "operator_refused",
    review: "operator_refused",
    reversed: "payment_reversed",
  },
  fail: {
    created: "not_sent_yet",
    sending: "not_sent_yet",
    pending: "still_waiting",
    in_doubt: "too_early",
    confirmed: "already_paid",
    failed: "already_failed",
    review: "success_seen",
    reversed: "payment_reversed",
  },
  reverse: {
    created: "not_paid",
    sending: "not_paid",
    pending: "not_paid",
    in_doubt: "not_paid",
    confirmed: "operator_refused",
    failed: "not_paid",
    review: "operator_refused",
    reversed: "payment_reversed",
  },
};

/** The attempts that an operator may move so; the last attempt says why none can be. */
function byHand(subject: Subject, action: ByHand, at: Instant): Possible {
  const { attempts } = subject;
  const open = attempts.filter(
    (attempt) => decide(subject, probe(action, attempt), at).kind === "change",
  );
  if (open.length > 0) return { kind: "allowed", attempts: open.map(({ id }) => id) };
  const last = attempts.at(-1);
  if (last === undefined) return refused("no_attempt");
  if (action === "fail" && last.heldAt !== null) return refused("success_held");
  const because = WHY[action][last.state];
  const byWaiting = because === "still_waiting" || because === "too_early";
  return refused(because, byWaiting ? pushedAt(last) + OPERATOR_FAIL_AFTER_MS : null);
}
