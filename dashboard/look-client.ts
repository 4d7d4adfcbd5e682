/** The look's part of /dashboard/api. */
import type { BrandRequest, BrandView } from "../shared/brand-api.ts";
import { type Answer, call } from "./client.ts";
import { merchantNow, pathAbout } from "./merchant-choice.ts";

export function readBrand(): Promise<Answer<BrandView>> {
  return call("GET", pathAbout("settings/brand", merchantNow()));
}

/** Names the version that this page has read; a change meanwhile is a refusal `stale`. */
export function postBrand(wish: BrandRequest): Promise<Answer<BrandView>> {
  return call("POST", pathAbout("settings/brand", merchantNow()), wish);
}
