/** How a prompt can end: result code and text as recorded (daraja.md §5), and the phone's own note. */
import type { HandsetNote } from "../../shared/handset-view.ts";

export interface Outcome {
  /** A JSON number in callbacks, except for the codes that really are text (daraja.md §4). */
  readonly code: number | string;
  readonly description: string;
  readonly note: HandsetNote;
}

export const PAID: Outcome = {
  code: 0,
  description: "The service request is processed successfully.",
  note: "paid",
};

export const FAILURES = {
  no_money: {
    code: 1,
    description: "The balance is insufficient for the transaction.",
    note: "no_money",
  },
  above_limit: {
    code: 3,
    description: "The amount is greater than the maximum transaction amount.",
    note: "declined",
  },
  expired: { code: 1019, description: "Transaction has expired", note: "expired" },
  prompt_too_long: {
    code: 1025,
    description: "Error Occurred while sending push request",
    note: "declined",
  },
  cancelled: { code: 1032, description: "Request Cancelled by user.", note: "cancelled" },
  no_answer: { code: 1037, description: "No response from user.", note: "no_answer" },
  phone_off: { code: 1037, description: "DS timeout user cannot be reached.", note: "phone_off" },
  wrong_pin: {
    code: 2001,
    description: "The initiator information is invalid.",
    note: "wrong_pin",
  },
  receiver_invalid: {
    code: "SFC_IC0003",
    description: "The operator does not exist.",
    note: "declined",
  },
} as const satisfies Record<string, Outcome>;
export type FailureName = keyof typeof FAILURES;
