/** The part of /dashboard/api that is about privacy. */
import type {
  ErasedCounts,
  RetentionCount,
  RetentionRequest,
  RetentionView,
} from "../shared/privacy-api.ts";
import type { RetentionDays } from "../shared/retention-words.ts";
import { type Answer, call } from "./client.ts";

/** The number goes in the body: addresses are written down in too many places. */
export function postErase(phoneNumber: string, lastDigits: string): Promise<Answer<ErasedCounts>> {
  return call("POST", "privacy/erase", { phoneNumber, lastDigits });
}

export function readRetention(): Promise<Answer<RetentionView>> {
  return call("GET", "privacy/retention");
}
/** How many payments a run at this moment would take numbers out of. */
export function readRetentionCount(days: RetentionDays): Promise<Answer<RetentionCount>> {
  return call("GET", `privacy/retention/count?days=${days}`);
}
export function postRetention(wish: RetentionRequest): Promise<Answer<RetentionView>> {
  return call("POST", "privacy/retention", wish);
}
