/** The contract of the two-person rule: the amount from which it holds, and what waits for a second person. */
import { z } from "zod";
import { decisionReason } from "./payment-actions-api.ts";

const from = z
  .int("write a whole number of Kenyan shillings")
  .min(1, "the amount must be at least 1")
  .max(250_000, "the amount must be at most 250000")
  .nullable();

export const twoPersonView = z.object({
  /** Whole shillings; null: one person is enough. */
  from,
  /** How many people may act on payments: the rule needs two. */
  people: z.int(),
});
export type TwoPersonView = z.infer<typeof twoPersonView>;

/** `was` is what the page had read: a change meanwhile is not overwritten. */
export const twoPersonRequest = z.strictObject({ was: from, from });

export const approveRequest = z.strictObject({
  proposalId: z.string().max(64),
  /** The version of the payment that the second person saw. */
  version: z.int().min(1),
  reason: decisionReason,
});
export const declineRequest = z.strictObject({
  proposalId: z.string().max(64),
  reason: decisionReason,
});
