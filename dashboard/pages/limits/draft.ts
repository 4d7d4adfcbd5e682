/** The prompt limits as they are being typed, and what is wrong with them. */
import {
  PROMPT_LIMIT_NAMES,
  type PromptLimit,
  type PromptLimitFault,
  type PromptLimits,
  promptLimitFault,
} from "../../../shared/prompt-limits.ts";

export type Draft = Readonly<Record<PromptLimit, string>>;

export function draftOf(limits: PromptLimits): Draft {
  return Object.fromEntries(
    PROMPT_LIMIT_NAMES.map((name) => [name, String(limits[name])]),
  ) as Record<PromptLimit, string>;
}

/** The numbers typed, or the first thing that is wrong; text that is no number is outside. */
export function readDraft(draft: Draft): PromptLimits | PromptLimitFault {
  const limits = Object.fromEntries(
    PROMPT_LIMIT_NAMES.map((name) => [name, numberOf(draft[name])]),
  ) as unknown as PromptLimits;
  return promptLimitFault(limits) ?? limits;
}

function numberOf(text: string): number {
  return /^\s*\d{1,6}\s*$/.test(text) ? Number(text) : Number.NaN;
}
