/** The home's and the failures' part of /dashboard/api. */
import type { FailuresView, HomeView } from "../shared/insight-api.ts";
import { type Answer, call } from "./client.ts";
import { pathAbout } from "./merchant-choice.ts";

/** @param merchant one merchant's, or "" for everybody's. */
export function readHome(merchant = ""): Promise<Answer<HomeView>> {
  return call("GET", pathAbout("insight/home", merchant));
}

/** @param from, to the first and the last Nairobi day, `2026-11-24`. */
export function readFailures(
  from: string,
  to: string,
  merchant: string,
): Promise<Answer<FailuresView>> {
  const path = `insight/failures?${new URLSearchParams({ from, to })}`;
  return call("GET", pathAbout(path, merchant));
}
