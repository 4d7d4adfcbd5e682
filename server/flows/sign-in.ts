/**
 * Signs a person in by e-mail address and password, and by a code where they have a second factor,
 * slowly enough that guessing is hopeless.
 */
import type { FactorKind } from "../../shared/passkey-rules.ts";
import type { Clock, FactorStore, Log, PeopleStore, Seal, User } from "../ports.ts";
import type { NoteFailedTry } from "./failed-tries.ts";
import { passwordFits } from "./passwords.ts";
import { codeFits } from "./second-factor.ts";
import type { Place, SignInThrottle } from "./sign-in-throttle.ts";

export interface SignInDeps {
  readonly people: PeopleStore;
  readonly factors: FactorStore;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly log: Log;
  readonly throttle: SignInThrottle;
  readonly noteFailedTry: NoteFailedTry;
}

export type SignInOutcome =
  | { readonly kind: "signed_in"; readonly user: User }
  | { readonly kind: "wrong" }
  /** The password is right; one of these second factors is wanted as well. */
  | { readonly kind: "code_wanted"; readonly factors: readonly FactorKind[] }
  | { readonly kind: "wrong_code" }
  | { readonly kind: "throttled"; readonly retryAfterSeconds: number };

/**
 * Checks a password, and a code after it. The answer and its time are the same for an unknown
 * address and a wrong password; a throttled call checks nothing at all. Tries are forgiven only by
 * a whole sign-in: who has the password cannot win back tries for the code.
 * @param credentials the address already trimmed and lower-cased by its schema
 * @param place where the request came from
 */
export async function signIn(
  deps: SignInDeps,
  credentials: { readonly email: string; readonly password: string; readonly code?: string },
  place: Place,
): Promise<SignInOutcome> {
  const { email, password, code } = credentials;
  const admission = await deps.throttle.admit(email, place);
  if (admission.kind === "wait") {
    deps.log.warn("sign_in_throttled", { retryAfterSeconds: admission.seconds });
    return { kind: "throttled", retryAfterSeconds: admission.seconds };
  }
  const user = await deps.people.userByEmail(email);
  const fits = await passwordFits(password, user?.passwordHash ?? null);
  if (user === null || !fits) {
    deps.log.warn("sign_in_refused", { userId: user?.id });
    if (user !== null) deps.noteFailedTry(user.id, "password");
    return { kind: "wrong" };
  }
  const factors = await deps.factors.kinds(user.id);
  if (factors.length > 0) {
    if (code === undefined) return { kind: "code_wanted", factors };
    if (!(await codeFits(deps, user.id, code))) {
      deps.log.warn("sign_in_refused", { userId: user.id, kind: "code" });
      deps.noteFailedTry(user.id, "code");
      return { kind: "wrong_code" };
    }
  }
  await deps.throttle.forgive(email, place);
  await deps.people.dropExpiredSessions(deps.clock.now());
  deps.log.info("signed_in", { userId: user.id, role: user.role });
  return { kind: "signed_in", user };
}
