/** How statuses, states, flags and events look: an icon and a tone each, never colour alone. */

import { OTHER_PAGE } from "../../shared/insight-words.ts";
import type { AttemptState, Flag, PaymentStatus, TimelineKind } from "../../shared/words.ts";
import { say } from "../dictionary/words.ts";
import type { IconName } from "../ui/icon.tsx";
import type { Tone } from "../ui/pill.tsx";

export interface Mark {
  readonly icon: IconName;
  readonly tone: Tone;
}

export const STATUS_MARKS: Readonly<Record<PaymentStatus, Mark>> = {
  open: { icon: "dot", tone: "calm" },
  pending: { icon: "phone", tone: "wait" },
  in_doubt: { icon: "question", tone: "doubt" },
  confirmed: { icon: "check", tone: "good" },
  cancelled: { icon: "slash", tone: "calm" },
  expired: { icon: "hourglass", tone: "calm" },
  failed: { icon: "cross", tone: "bad" },
  review: { icon: "eye", tone: "odd" },
  reversed: { icon: "undo", tone: "calm" },
};

export const STATE_MARKS: Readonly<Record<AttemptState, Mark>> = {
  created: { icon: "dot", tone: "wait" },
  sending: { icon: "send", tone: "wait" },
  pending: { icon: "phone", tone: "wait" },
  in_doubt: { icon: "question", tone: "doubt" },
  confirmed: { icon: "check", tone: "good" },
  failed: { icon: "cross", tone: "bad" },
  review: { icon: "eye", tone: "odd" },
  reversed: { icon: "undo", tone: "calm" },
};

export const FLAG_TONES: Readonly<Record<Flag, Tone>> = {
  late: "doubt",
  singleSource: "calm",
  receiptWanted: "calm",
  amountMismatch: "odd",
  secondReceipt: "odd",
  overpaid: "odd",
  evidenceConflict: "odd",
  notInStatement: "doubt",
  aged: "doubt",
};

export const KIND_MARKS: Readonly<Record<TimelineKind, Mark>> = {
  opened: { icon: "dot", tone: "calm" },
  prompt: { icon: "phone", tone: "wait" },
  fence: { icon: "send", tone: "wait" },
  not_sent: { icon: "cross", tone: "bad" },
  accepted: { icon: "check", tone: "wait" },
  rejected: { icon: "cross", tone: "bad" },
  unknown: { icon: "question", tone: "doubt" },
  restart: { icon: "undo", tone: "doubt" },
  callback_success: { icon: "check", tone: "good" },
  callback_mismatch: { icon: "alert", tone: "odd" },
  callback_failure: { icon: "cross", tone: "bad" },
  callback_in_doubt: { icon: "question", tone: "doubt" },
  callback_unsure: { icon: "clock", tone: "doubt" },
  callback_unreadable: { icon: "question", tone: "doubt" },
  stray: { icon: "minus", tone: "calm" },
  look_silent: { icon: "lens", tone: "calm" },
  look_success: { icon: "lens", tone: "good" },
  look_failure: { icon: "lens", tone: "bad" },
  deadline: { icon: "clock", tone: "doubt" },
  hold_over: { icon: "check", tone: "good" },
  aged: { icon: "clock", tone: "doubt" },
  statement_row: { icon: "check", tone: "good" },
  statement_absent: { icon: "minus", tone: "doubt" },
  operator_confirm: { icon: "hand", tone: "good" },
  operator_fail: { icon: "hand", tone: "bad" },
  reversal: { icon: "undo", tone: "calm" },
  cancelled: { icon: "slash", tone: "calm" },
  expired: { icon: "hourglass", tone: "calm" },
  checkout_shown: { icon: "dot", tone: "calm" },
  order_recounted: { icon: "dot", tone: "calm" },
  customer_code: { icon: "hand", tone: "doubt" },
};

/** A page of the shop's by its origin, without the https that nearly all have. */
export function pageWord(page: string): string {
  return page === OTHER_PAGE ? say("pages.other") : page.replace(/^https:\/\//, "");
}
