/** The home's and the failures' part of /dashboard/api. */
import type { FailuresView, HomeView } from "../shared/insight-api.ts";
import { type Answer, call } from "./client.ts";

export function readHome(): Promise<Answer<HomeView>> {
  return call("GET", "insight/home");
}

/** @param from, to the first and the last Nairobi day, `2026-11-24`. */
export function readFailures(from: string, to: string): Promise<Answer<FailuresView>> {
  return call("GET", `insight/failures?${new URLSearchParams({ from, to })}`);
}
