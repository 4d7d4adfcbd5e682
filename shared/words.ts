/**
 * The closed vocabularies that the core, the API and the pages share. Each list is the single
 * place where its words are written; types are inferred from it.
 */

export const ENVIRONMENTS = ["simulator", "sandbox", "production"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What a payment is, derived from its attempts (machine §3). */
export const PAYMENT_STATUSES = [
  "open",
  "pending",
  "in_doubt",
  "confirmed",
  "cancelled",
  "expired",
  "failed",
  "review",
  "reversed",
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** Where one prompt on one phone stands (machine §3). */
export const ATTEMPT_STATES = [
  "created",
  "sending",
  "pending",
  "in_doubt",
  "confirmed",
  "failed",
  "review",
  "reversed",
] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

/** What is odd beside the state (machine §3). */
export const FLAGS = [
  "late",
  "singleSource",
  "receiptWanted",
  "amountMismatch",
  "secondReceipt",
  "overpaid",
  "evidenceConflict",
  "notInStatement",
  "aged",
] as const;
export type Flag = (typeof FLAGS)[number];

/** Why an attempt failed (machine §7). */
export const REASONS = [
  "insufficient_funds",
  "wrong_pin",
  "pin_locked",
  "cancelled",
  "unreachable",
  "timed_out",
  "customer_busy",
  "too_soon",
  "limit",
  "customer_account",
  "prompt_not_delivered",
  "mpesa_busy",
  "merchant_setup",
  "not_sent",
  "rejected",
  "absent",
  "query_only",
  "operator",
  "superseded",
  "other",
] as const;
export type Reason = (typeof REASONS)[number];

/** How far a payment came: opened only, with a phone typed, or taken up by M-Pesa as a prompt. */
export const STEPS = ["opened", "typed", "prompted"] as const;
export type Step = (typeof STEPS)[number];

/** In a filter, what is not there: a page that is not known, a failure without a code. */
export const NONE = "none";

/** Who fixed the amount of a payment (contract §4). */
export const AMOUNT_SOURCES = ["server", "signed_order", "link", "customer"] as const;
export type AmountSource = (typeof AMOUNT_SOURCES)[number];

/** What a payment's timeline can tell, in the order of the machine's rows plus the payment's own events. */
export const TIMELINE_KINDS = [
  "opened",
  "prompt",
  "fence",
  "not_sent",
  "accepted",
  "rejected",
  "unknown",
  "restart",
  "callback_success",
  "callback_mismatch",
  "callback_failure",
  "callback_in_doubt",
  "callback_unsure",
  "callback_unreadable",
  "stray",
  "look_silent",
  "look_success",
  "look_failure",
  "deadline",
  "hold_over",
  "aged",
  "statement_row",
  "statement_absent",
  "operator_confirm",
  "operator_fail",
  "reversal",
  "cancelled",
  "expired",
  "customer_code",
  "checkout_shown",
  "order_recounted",
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** What a signed-in person may do with a payment (machine rows 17 to 19 and 21, and what stands beside it). */
export const ACTION_NAMES = [
  "ask",
  "prompt_same",
  "prompt_other",
  "confirm",
  "fail",
  "reverse",
  "note",
  "evidence",
] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

/** Why an action is not possible now: the refusals of machine §8 first, then those of its rows. */
export const WHY_NOT = [
  "order_already_paid",
  "payment_in_progress",
  "payment_in_review",
  "payment_reversed",
  "payment_closed",
  "payment_expired",
  "phone_in_progress",
  "too_many_prompts",
  "operator_refused",
  "code_of_another_day",
  "code_not_needed",
  "no_attempt",
  "no_phone",
  "nothing_to_ask",
  "no_id",
  "asked_just_now",
  "not_sent_yet",
  "still_waiting",
  "too_early",
  "success_held",
  "success_seen",
  "already_paid",
  "already_failed",
  "receipt_known",
  "not_paid",
  "role_too_small",
  "second_person_asked",
] as const;
export type WhyNot = (typeof WHY_NOT)[number];

export const LOCALES = ["en", "sw"] as const;
export type Locale = (typeof LOCALES)[number];
