/** The part of /dashboard/api that is about prompt limits. */
import type { PromptLimitsRequest, PromptLimitsView } from "../shared/prompt-limits-api.ts";
import { type Answer, call } from "./client.ts";
import { merchantNow, pathAbout } from "./merchant-choice.ts";

export function readLimits(): Promise<Answer<PromptLimitsView>> {
  return call("GET", pathAbout("settings/limits", merchantNow()));
}
/** @param merchant whose form it is: the address may have changed since. */
export function postLimits(
  merchant: string,
  wish: PromptLimitsRequest,
): Promise<Answer<PromptLimitsView>> {
  return call("POST", pathAbout("settings/limits", merchant), wish);
}
