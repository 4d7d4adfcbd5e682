/** The contract of privacy: a person's number is erased, and the money's trace stays. */
import { z } from "zod";
import { RETENTION_DAYS } from "./retention-words.ts";

const count = z.int().min(0);

/** `lastDigits` are typed once more, so that a slip of the finger erases nobody else. */
export const eraseNumberRequest = z.strictObject({
  phoneNumber: z.string("phoneNumber must be text, for example 0712345678").max(40),
  lastDigits: z.string().trim().max(8),
});

/**
 * Rows that held the number and do not any more; `references` still hold it, and of `unopened`
 * sealed texts nobody can say, since they do not open.
 */
export const erasedCounts = z.object({
  attempts: count,
  payments: count,
  callbacks: count,
  notes: count,
  references: count,
  unopened: count,
});
export type ErasedCounts = z.infer<typeof erasedCounts>;

const days = z.literal(RETENTION_DAYS);

/** How many payments a run would take the numbers out of; counting stops at `RETENTION_COUNT_MAX`. */
export const retentionCount = z.object({ payments: count, more: z.enum(["no", "yes"]) });
export type RetentionCount = z.infer<typeof retentionCount>;

export const retentionView = z.object({
  /** The guard: a change names the version that its page has read. */
  version: z.int(),
  /** Null: for ever. */
  days: days.nullable(),
  /** When the last run ended, or null. */
  lastRunAt: z.iso.datetime().nullable(),
});
export type RetentionView = z.infer<typeof retentionView>;

export const retentionQuery = z.object({ days: z.coerce.number().pipe(days) });

/** `shop` is the shop's name typed by hand, where numbers would go sooner than before. */
export const retentionRequest = z.strictObject({
  version: z.int(),
  days: days.nullable(),
  shop: z.string().trim().max(200),
});
export type RetentionRequest = z.infer<typeof retentionRequest>;
