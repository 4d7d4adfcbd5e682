/** The way to real money, as /dashboard/api tells it. */
import type { GoLiveView, TrialAnswer } from "../shared/go-live-api.ts";
import { type Answer, call } from "./client.ts";

export function readGoLive(): Promise<Answer<GoLiveView>> {
  return call("GET", "go-live");
}

/** Tries a step by a real call; the answer says how it ended and how the list stands now. */
export function postTrial(trial: "callback" | "credentials"): Promise<Answer<TrialAnswer>> {
  return call("POST", trial === "callback" ? "go-live/callback" : "go-live/credentials", {});
}
