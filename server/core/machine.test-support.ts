/** Payments, attempts and events as they look in real life, for the tests of the core. */
import { centsFromShillings } from "../../shared/money.ts";
import { DEFAULT_PROMPT_LIMITS } from "../../shared/prompt-limits.ts";
import { parseReceipt, type Receipt } from "../../shared/receipt.ts";
import type { AttemptState } from "../../shared/words.ts";
import { type AttemptEvent, happened, type PromptEvent, type Told } from "./events.ts";
import type { Subject } from "./machine.ts";
import type { Attempt, AttemptId, Change, Instant, MerchantId, Payment } from "./payment.ts";
import { wakeAt } from "./schedule.ts";
import { summarise } from "./status.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When the story begins: 24 November 2026, 12:00 in Nairobi. */
export const START: Instant = Date.UTC(2026, 10, 24, 9);
/** Late enough for every wait of the machine to be over. */
export const LATER: Instant = START + 25 * HOUR;

export const AMOUNT = centsFromShillings(1250);
export const OTHER_AMOUNT = centsFromShillings(20);
export const CHECKOUT = "ws_CO_24112026120001234712345678";
export const MERCHANT_REQUEST = "7071-4170-a0e5-8345632bad442144258";

/** Reads a receipt that the test wrote itself. */
export function receiptOf(text: string): Receipt {
  const receipt = parseReceipt(text);
  if (receipt === null) throw new TypeError(`${text} is no receipt`);
  return receipt;
}
/** U = 2026, K = November, O = the 24th. */
export const RECEIPT = receiptOf("UKO7A1B2C3");
export const OTHER_RECEIPT = receiptOf("UKO9Z8Y7X6");

export const attemptId = (text: string): AttemptId => text as AttemptId;
export const ATTEMPT = attemptId("a1");

const BASE: Attempt = {
  id: ATTEMPT,
  paymentId: "pay_1" as Payment["id"],
  merchantId: "mer_1" as MerchantId,
  environment: "simulator",
  orderReference: "ORDER-1",
  amountCents: AMOUNT,
  phoneHash: "hash-of-phone",
  phoneTail: "5678",
  state: "created",
  reason: null,
  merchantRequestId: null,
  checkoutRequestId: null,
  resultCode: null,
  resultDescription: null,
  laterResultCode: null,
  receipt: null,
  receivedCents: null,
  provenReceipts: [],
  reversedCents: centsFromShillings(0),
  flags: [],
  createdAt: START,
  sentAt: null,
  acceptedAt: null,
  inDoubtAt: null,
  resolvedAt: null,
  paidAt: null,
  heldAt: null,
  successSeen: false,
  looks: 0,
  lastLookAt: null,
  nextLookAt: null,
  wakeAt: null,
  queryFailureCode: null,
  queryFailureAt: null,
  queryReachedAt: null,
  customerCode: null,
};

const SENT = { sentAt: START + SECOND };
const ACCEPTED = {
  ...SENT,
  acceptedAt: START + 2 * SECOND,
  checkoutRequestId: CHECKOUT,
  merchantRequestId: MERCHANT_REQUEST,
};
const ASKED = { looks: 3, lastLookAt: LATER - 20 * MINUTE, nextLookAt: LATER + 40 * MINUTE };
const RESOLVED = { resolvedAt: START + 15 * SECOND };
const PAID = {
  ...ACCEPTED,
  ...RESOLVED,
  resultCode: "0",
  receipt: RECEIPT,
  receivedCents: AMOUNT,
  paidAt: START + 13 * SECOND,
  successSeen: true,
};

const BY_STATE: Readonly<Record<AttemptState, Partial<Attempt>>> = {
  created: {},
  sending: SENT,
  pending: { ...ACCEPTED, ...ASKED },
  in_doubt: { ...ACCEPTED, ...ASKED, inDoubtAt: START + 2 * MINUTE },
  confirmed: PAID,
  failed: { ...ACCEPTED, ...RESOLVED, reason: "cancelled", resultCode: "1032" },
  review: {
    ...PAID,
    resultCode: null,
    receivedCents: OTHER_AMOUNT,
    flags: ["amountMismatch"],
  },
  reversed: { ...PAID, reversedCents: AMOUNT },
};

/** An attempt that came to a state in the usual way: prompted, asked, and answered. */
export function attemptIn(state: AttemptState, patch: Partial<Attempt> = {}): Attempt {
  const made: Attempt = { ...BASE, ...BY_STATE[state], state, ...patch };
  return { ...made, wakeAt: wakeAt(made) };
}

/** What a doubt looks like whose push answer was lost. */
export const NO_ID: Partial<Attempt> = {
  acceptedAt: null,
  checkoutRequestId: null,
  merchantRequestId: null,
};

/** Success that waits for its second source since `heldAt`. */
export function heldSince(heldAt: Instant, patch: Partial<Attempt> = {}): Attempt {
  return attemptIn("in_doubt", {
    heldAt,
    successSeen: true,
    receipt: RECEIPT,
    receivedCents: AMOUNT,
    paidAt: START + 13 * SECOND,
    ...patch,
  });
}

/** A payment that says of its attempts what it must. */
export function paymentOf(attempts: readonly Attempt[], patch: Partial<Payment> = {}): Payment {
  const bare: Payment = {
    id: BASE.paymentId,
    merchantId: BASE.merchantId,
    environment: BASE.environment,
    shortcode: "174379",
    amountCents: AMOUNT,
    amountSource: "server",
    orderReference: BASE.orderReference,
    accountReference: "ORDER1",
    description: null,
    metadata: {},
    successUrl: null,
    cancelUrl: null,
    phoneTail: null,
    status: "open",
    closing: null,
    flags: [],
    receipt: null,
    paidAt: null,
    page: null,
    retryAt: null,
    version: 6,
    createdAt: START,
    expiresAt: START + 3 * DAY,
    updatedAt: START,
    ...patch,
  };
  return summarise(bare, attempts, [], START);
}

export function subjectOf(
  attempts: readonly Attempt[],
  payment: Partial<Payment> = {},
  siblings: readonly Attempt[] = [],
): Subject {
  return { payment: paymentOf(attempts, payment), attempts, siblings };
}

const PUSH_IDS = { checkoutRequestId: CHECKOUT, merchantRequestId: MERCHANT_REQUEST };
const SUCCESS: Partial<Told> = {
  ...PUSH_IDS,
  code: "0",
  receipt: RECEIPT,
  amountCents: AMOUNT,
  paidAt: START + 13 * SECOND,
};

/** What is usually told with each event. */
export const TOLD: Readonly<Record<AttemptEvent["type"], Partial<Told>>> = {
  fence: {},
  not_sent: { description: "connection refused" },
  accepted: PUSH_IDS,
  rejected: { code: "500.001.1001", note: { cause: "merchant_setup" } },
  unknown: { description: "the connection was reset" },
  restart: {},
  callback_success: SUCCESS,
  callback_mismatch: { ...SUCCESS, amountCents: OTHER_AMOUNT, note: { amountDiffers: true } },
  callback_failure: { ...PUSH_IDS, code: "1037", description: "No response from user." },
  stray: {},
  look_silent: { note: { cause: "processing" } },
  look_success: { code: "0" },
  look_failure: { code: "1037" },
  deadline: {},
  statement_row: { receipt: RECEIPT, amountCents: AMOUNT, paidAt: START + 13 * SECOND },
  statement_absent: {},
  operator_confirm: { receipt: RECEIPT, note: { reason: "seen in the portal" } },
  operator_fail: { note: { reason: "the customer paid cash" } },
  reversal: {},
  aged: {},
  callback_in_doubt: { ...PUSH_IDS, code: "1036", description: "[STK_CB - ]SMSC ACK timeout." },
  callback_unsure: SUCCESS,
  hold_over: {},
  callback_unreadable: {},
};

/** An event as it usually comes; `told` changes a part of it. */
export function usual(
  type: AttemptEvent["type"],
  told: Partial<Told> = {},
  id: AttemptId = ATTEMPT,
): AttemptEvent {
  return happened(type, id, { ...TOLD[type], ...told });
}

/** Somebody asks for a prompt on the usual phone. */
export function promptFor(id: string, patch: Partial<PromptEvent> = {}): PromptEvent {
  return {
    type: "prompt",
    attemptId: attemptId(id),
    phoneHash: BASE.phoneHash,
    phoneTail: BASE.phoneTail,
    ofPhone: [],
    limits: DEFAULT_PROMPT_LIMITS,
    by: null,
    ...patch,
  };
}

/** The rows after a change, as a store would give them back. */
export function applied(subject: Subject, change: Change): Subject {
  const moved = new Map(change.attempts.map((attempt) => [attempt.id, attempt]));
  const attempts = subject.attempts.map((attempt) => moved.get(attempt.id) ?? attempt);
  const created = change.created === null ? [] : [change.created];
  return { ...subject, payment: change.payment, attempts: [...attempts, ...created] };
}
