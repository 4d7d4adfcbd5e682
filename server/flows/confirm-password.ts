/**
 * Asks a signed-in person for the password once more before something that a stolen session must
 * not do: making or revoking keys. Throttled like signing in, and as quiet about why.
 */
import type { Log, PeopleStore, User } from "../ports.ts";
import { passwordFits } from "./passwords.ts";
import type { SignInThrottle } from "./sign-in-throttle.ts";

export interface ConfirmDeps {
  readonly people: PeopleStore;
  readonly log: Log;
  readonly throttle: SignInThrottle;
}

export type Confirmed =
  | { readonly kind: "confirmed" }
  | { readonly kind: "wrong" }
  | { readonly kind: "throttled"; readonly retryAfterSeconds: number };

/** @param address where the request came from, as Express names it. */
export async function confirmPassword(
  deps: ConfirmDeps,
  user: User,
  password: string,
  address: string,
): Promise<Confirmed> {
  const place = { address, device: null };
  const admission = await deps.throttle.admit(user.email, place);
  if (admission.kind === "wait") {
    return { kind: "throttled", retryAfterSeconds: admission.seconds };
  }
  const now = await deps.people.userByEmail(user.email);
  if (!(await passwordFits(password, now?.passwordHash ?? null))) {
    deps.log.warn("password_not_confirmed", { userId: user.id });
    return { kind: "wrong" };
  }
  await deps.throttle.forgive(user.email, place);
  return { kind: "confirmed" };
}
