/** The merchants' part of /dashboard/api. */
import type {
  AddMerchantRequest,
  CredentialsRequest,
  MerchantsView,
} from "../shared/merchants-api.ts";
import { type Answer, call } from "./client.ts";

export function readMerchants(): Promise<Answer<MerchantsView>> {
  return call("GET", "merchants");
}
export function postMerchant(wish: AddMerchantRequest): Promise<Answer<MerchantsView>> {
  return call("POST", "merchants", wish);
}
export function postPause(id: string, paused: boolean): Promise<Answer<MerchantsView>> {
  return call("POST", `merchants/${encodeURIComponent(id)}/pause`, { paused });
}
export function postCredentials(
  id: string,
  credentials: CredentialsRequest,
): Promise<Answer<MerchantsView>> {
  return call("POST", `merchants/${encodeURIComponent(id)}/credentials`, credentials);
}
