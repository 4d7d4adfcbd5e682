/** The contract of the way from the simulator to real money: steps that check themselves. */
import { z } from "zod";
import { ENVIRONMENTS, type Environment } from "./words.ts";

/** Everything between an empty house and a shop that takes real money. */
export const GO_LIVE_STEPS = [
  "https",
  "credentials",
  "callback",
  "shop_key",
  "shop_called",
  "first_payment",
  "websites",
  "sandbox",
  "production",
] as const;
export type GoLiveStep = (typeof GO_LIVE_STEPS)[number];

/** The steps of each environment, in the order in which they are best taken. */
export const STEPS_OF: Readonly<Record<Environment, readonly GoLiveStep[]>> = {
  simulator: ["first_payment", "shop_key", "shop_called", "websites", "sandbox"],
  sandbox: ["credentials", "callback", "shop_key", "shop_called", "first_payment", "production"],
  production: [
    "https",
    "credentials",
    "callback",
    "shop_key",
    "shop_called",
    "websites",
    "first_payment",
  ],
};

/** `old`: it was proven, but so long ago that it may not be true any more. */
export const STEP_STATES = ["done", "old", "open"] as const;

export const goLiveView = z.object({
  environment: z.enum(ENVIRONMENTS),
  callbackBase: z.string(),
  steps: z.array(
    z.object({
      name: z.enum(GO_LIVE_STEPS),
      state: z.enum(STEP_STATES),
      /** When it was proven last; null where nobody noted it. */
      at: z.iso.datetime().nullable(),
    }),
  ),
});
export type GoLiveView = z.infer<typeof goLiveView>;
export type StepView = GoLiveView["steps"][number];

/**
 * How a trial ended. `elsewhere`: something answered, but the call did not come in here.
 * `refused`: M-Pesa answered, and not with a token.
 */
export const TRIAL_RESULTS = ["passed", "unreachable", "elsewhere", "refused"] as const;

export const trialAnswer = z.object({
  result: z.enum(TRIAL_RESULTS),
  /** What came back, in the words of the network or of M-Pesa. */
  detail: z.string(),
  view: goLiveView,
});
export type TrialAnswer = z.infer<typeof trialAnswer>;
