/** The contract of privacy: a person's number is erased, and the money's trace stays. */
import { z } from "zod";

const count = z.int().min(0);

/** `lastDigits` are typed once more, so that a slip of the finger erases nobody else. */
export const eraseNumberRequest = z.strictObject({
  phoneNumber: z.string("phoneNumber must be text, for example 0712345678").max(40),
  lastDigits: z.string().trim().max(8),
});

/** Rows that held the number and do not any more; `references` still hold it. */
export const erasedCounts = z.object({
  attempts: count,
  payments: count,
  callbacks: count,
  notes: count,
  references: count,
});
export type ErasedCounts = z.infer<typeof erasedCounts>;
