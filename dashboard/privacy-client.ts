/** The part of /dashboard/api that is about privacy. */
import type { ErasedCounts } from "../shared/privacy-api.ts";
import { type Answer, call } from "./client.ts";

/** The number goes in the body: addresses are written down in too many places. */
export function postErase(phoneNumber: string, lastDigits: string): Promise<Answer<ErasedCounts>> {
  return call("POST", "privacy/erase", { phoneNumber, lastDigits });
}
