/** The part of /dashboard/api that is about prompt limits. */
import type { PromptLimitsRequest, PromptLimitsView } from "../shared/prompt-limits-api.ts";
import { type Answer, call } from "./client.ts";

export function readLimits(): Promise<Answer<PromptLimitsView>> {
  return call("GET", "settings/limits");
}
export function postLimits(wish: PromptLimitsRequest): Promise<Answer<PromptLimitsView>> {
  return call("POST", "settings/limits", wish);
}
