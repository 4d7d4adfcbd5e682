/** The contract of the prompt limits. */
import { z } from "zod";
import {
  PROMPT_LIMIT_BOUNDS,
  type PromptLimit,
  type PromptLimits,
  promptLimitFault,
} from "./prompt-limits.ts";

const limit = (name: PromptLimit) => {
  const { least, most } = PROMPT_LIMIT_BOUNDS[name];
  const words = `must be a whole number from ${least} to ${most}`;
  return z.int(words).min(least, words).max(most, words);
};

const shape = {
  inTenMinutes: limit("inTenMinutes"),
  inAnHour: limit("inAnHour"),
  inADay: limit("inADay"),
  ofPayment: limit("ofPayment"),
  restAfterTwoMinutes: limit("restAfterTwoMinutes"),
  restAfterFourMinutes: limit("restAfterFourMinutes"),
} satisfies Record<PromptLimit, z.ZodType<number>>;

export const promptLimitsView = z.object({
  /** The guard: a change names the version that its page has read. */
  version: z.int(),
  limits: z.object(shape),
  /** Whether the simulator's test phones are exempt on this server. */
  testPhones: z.enum(["exempt", "limited"]),
});
export type PromptLimitsView = z.infer<typeof promptLimitsView>;

export const promptLimitsRequest = z
  .strictObject({ version: z.int(), ...shape })
  .superRefine(({ version: _, ...limits }, context) => {
    const fault = promptLimitFault(limits satisfies PromptLimits);
    if (fault?.kind !== "below") return;
    context.addIssue({
      code: "custom",
      path: [fault.field],
      message: `must be at least as large as ${fault.other}`,
    });
  });
export type PromptLimitsRequest = z.infer<typeof promptLimitsRequest>;
