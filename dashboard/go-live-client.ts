/** The way to real money, as /dashboard/api tells it. */
import type { GoLiveView, TrialAnswer } from "../shared/go-live-api.ts";
import { type Answer, call } from "./client.ts";
import { merchantNow, pathAbout } from "./merchant-choice.ts";

export function readGoLive(): Promise<Answer<GoLiveView>> {
  return call("GET", pathAbout("go-live", merchantNow()));
}

/** Tries a step by a real call; the answer says how it ended and how the list stands now. */
export function postTrial(trial: "callback" | "credentials"): Promise<Answer<TrialAnswer>> {
  const path = trial === "callback" ? "go-live/callback" : "go-live/credentials";
  return call("POST", pathAbout(path, merchantNow()), {});
}
