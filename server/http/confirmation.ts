/** The password once more, before what a stolen session must not do. */
import type { Request } from "express";
import { type ConfirmDeps, confirmPassword } from "../flows/confirm-password.ts";
import { signInThrottle } from "../flows/sign-in-throttle.ts";
import type { Clock, User } from "../ports.ts";
import { type Problem, tooManyTries } from "./problem.ts";
import { type Answer, refuse } from "./route.ts";

const WRONG_PASSWORD: Problem = {
  status: 422,
  type: "invalid_request",
  code: "wrong_password",
  message: "this is not your password",
  param: "password",
};

/** Null when the password is right, else what to answer. */
export type AskPassword = (user: User, password: string, req: Request) => Promise<Answer | null>;

/** One for all rooms, so that tries in one of them count in the others. */
export function passwordAsker(
  deps: Omit<ConfirmDeps, "throttle"> & { readonly clock: Clock },
): AskPassword {
  const throttle = signInThrottle(() => deps.clock.now());
  return async (user, password, req) => {
    const outcome = await confirmPassword({ ...deps, throttle }, user, password, req.ip ?? "");
    switch (outcome.kind) {
      case "confirmed":
        return null;
      case "wrong":
        return refuse(WRONG_PASSWORD);
      case "throttled":
        return refuse(tooManyTries(outcome.retryAfterSeconds));
    }
  };
}
