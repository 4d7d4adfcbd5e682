/** The part of /dashboard/api that is about privacy. */
import type {
  ErasedCounts,
  RetentionCount,
  RetentionRequest,
  RetentionView,
} from "../shared/privacy-api.ts";
import type { RetentionDays } from "../shared/retention-words.ts";
import { type Answer, call } from "./client.ts";
import { merchantNow, pathAbout } from "./merchant-choice.ts";

/** The number goes in the body: addresses are written down in too many places. */
export function postErase(phoneNumber: string, lastDigits: string): Promise<Answer<ErasedCounts>> {
  return call("POST", "privacy/erase", { phoneNumber, lastDigits });
}

export function readRetention(): Promise<Answer<RetentionView>> {
  return call("GET", pathAbout("privacy/retention", merchantNow()));
}
/** How many payments a run at this moment would take numbers out of. */
export function readRetentionCount(
  merchant: string,
  days: RetentionDays,
): Promise<Answer<RetentionCount>> {
  return call("GET", pathAbout(`privacy/retention/count?days=${days}`, merchant));
}
/** @param merchant whose form it is: the address may have changed since. */
export function postRetention(
  merchant: string,
  wish: RetentionRequest,
): Promise<Answer<RetentionView>> {
  return call("POST", pathAbout("privacy/retention", merchant), wish);
}
