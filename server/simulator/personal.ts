/** What a person at the handset can let happen, as plans that begin when the person acts. */
import type { HandsetAction } from "../../shared/handset-view.ts";
import type { FailureName } from "./outcomes.ts";
import {
  failing,
  LATE_MS,
  PERSON_MS,
  type Plan,
  paying,
  RING_OUT_MS,
  type Step,
} from "./scenarios.ts";
import type { Running } from "./stage.ts";

/** From Send to the money having moved: long enough to be seen, short enough not to bore. */
const MOVE_MS = 900;
const CALLBACK_MS = 1_300;
const SECOND_CALLBACK_MS = 7_300;
/** However late a person decides to wait, the waiting is visible. */
const AT_LEAST_MS = 2_000;
const LATE_AT_LEAST_MS = 20_000;

interface PersonalPlan {
  readonly plan: Plan;
  readonly mode: Running["mode"];
}

/** @param elapsedMs simulated time since the prompt came up. */
export function personalPlan(action: HandsetAction, elapsedMs: number): PersonalPlan {
  switch (action) {
    case "pay":
      return answered(paying(MOVE_MS, CALLBACK_MS));
    case "pay_lose_callback":
      return answered(paying(MOVE_MS));
    case "pay_twice_called":
      return answered(paying(MOVE_MS, CALLBACK_MS, SECOND_CALLBACK_MS));
    case "pay_late": {
      const atMs = Math.max(LATE_MS - elapsedMs, LATE_AT_LEAST_MS);
      return waiting("automatic", paying(atMs, atMs + 500));
    }
    case "cancel":
      return failed("cancelled");
    case "no_money":
      return failed("no_money");
    case "wrong_pin":
      return failed("wrong_pin");
    case "phone_off":
      return failed("phone_off");
    case "ring_out": {
      const atMs = Math.max(RING_OUT_MS - elapsedMs, AT_LEAST_MS);
      return waiting("automatic", failing("no_answer", atMs));
    }
    case "take_over":
      return waiting("waiting", failing("no_answer", PERSON_MS));
  }
}

function waiting(mode: Running["mode"], steps: readonly Step[]): PersonalPlan {
  return { plan: { reachesPhone: true, query: "truth", steps }, mode };
}

function answered(steps: readonly Step[]): PersonalPlan {
  return waiting("answered", steps);
}

function failed(outcome: FailureName): PersonalPlan {
  return answered(failing(outcome, MOVE_MS));
}
