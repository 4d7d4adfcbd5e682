/** Signs a person in by e-mail address and password, slowly enough that guessing is hopeless. */
import type { Clock, Log, PeopleStore, User } from "../ports.ts";
import { passwordFits } from "./passwords.ts";
import type { Place, SignInThrottle } from "./sign-in-throttle.ts";

export interface SignInDeps {
  readonly people: PeopleStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly throttle: SignInThrottle;
}

export type SignInOutcome =
  | { readonly kind: "signed_in"; readonly user: User }
  | { readonly kind: "wrong" }
  | { readonly kind: "throttled"; readonly retryAfterSeconds: number };

/**
 * Checks a password. The answer and its time are the same for an unknown address and a wrong
 * password; a throttled call checks nothing at all.
 * @param credentials the address already trimmed and lower-cased by its schema
 * @param place where the request came from
 */
export async function signIn(
  deps: SignInDeps,
  credentials: { readonly email: string; readonly password: string },
  place: Place,
): Promise<SignInOutcome> {
  const { email, password } = credentials;
  const admission = await deps.throttle.admit(email, place);
  if (admission.kind === "wait") {
    deps.log.warn("sign_in_throttled", { retryAfterSeconds: admission.seconds });
    return { kind: "throttled", retryAfterSeconds: admission.seconds };
  }
  const user = await deps.people.userByEmail(email);
  const fits = await passwordFits(password, user?.passwordHash ?? null);
  if (user === null || !fits) {
    deps.log.warn("sign_in_refused", { userId: user?.id });
    return { kind: "wrong" };
  }
  await deps.throttle.forgive(email, place);
  await deps.people.dropExpiredSessions(deps.clock.now());
  deps.log.info("signed_in", { userId: user.id, role: user.role });
  return { kind: "signed_in", user };
}
