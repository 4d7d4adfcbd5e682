/**
 * Asks a signed-in person once more who they are, before something that a stolen session must not
 * do: by a code or a passkey where they have a second factor, else by the password. The session remembers it.
 * Throttled like signing in, and as quiet about why.
 */
import type { FactorKind } from "../../shared/passkey-rules.ts";
import type { Instant } from "../core/payment.ts";
import type { Clock, FactorStore, Log, PeopleStore, Seal, User } from "../ports.ts";
import type { NoteFailedTry } from "./failed-tries.ts";
import { passwordFits } from "./passwords.ts";
import { codeFits } from "./second-factor.ts";
import type { Place, SignInThrottle } from "./sign-in-throttle.ts";

/** How long a proof is good for what needs one. */
const PROOF_LASTS_MS = 5 * 60_000;

export interface ProveDeps {
  readonly people: PeopleStore;
  readonly factors: FactorStore;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly log: Log;
  readonly throttle: SignInThrottle;
  readonly noteFailedTry: NoteFailedTry;
}

/** What a person types to prove themselves; a code where there is a second factor. */
export type ProofKind = "password" | "code";
interface Proof {
  readonly password?: string | undefined;
  readonly code?: string | undefined;
}

export type Proved =
  | { readonly kind: "proved" }
  | { readonly kind: "wanted"; readonly what: ProofKind }
  | { readonly kind: "wrong"; readonly what: ProofKind }
  | { readonly kind: "throttled"; readonly retryAfterSeconds: number };

/** Did the person of this session prove themselves lately? A proof from the future is none (I22). */
export function provedLately(
  session: { readonly provedAt: Instant | null },
  now: Instant,
): boolean {
  const { provedAt } = session;
  return provedAt !== null && provedAt <= now && now - provedAt < PROOF_LASTS_MS;
}

/** What to ask of somebody with these second factors. */
export function proofKind(factors: readonly FactorKind[]): ProofKind {
  return factors.length > 0 ? "code" : "password";
}

/** @param place where the request came from. */
export async function provePerson(
  deps: ProveDeps,
  user: User,
  proof: Proof,
  place: Place,
): Promise<Proved> {
  const what = proofKind(await deps.factors.kinds(user.id));
  const given = proof[what];
  if (given === undefined) return { kind: "wanted", what };
  const admission = await deps.throttle.admit(user.email, place);
  if (admission.kind === "wait") {
    return { kind: "throttled", retryAfterSeconds: admission.seconds };
  }
  const fits =
    what === "code"
      ? await codeFits(deps, user.id, given)
      : await passwordFits(
          given,
          (await deps.people.userByEmail(user.email))?.passwordHash ?? null,
        );
  if (!fits) {
    deps.log.warn("person_not_proved", { userId: user.id, kind: what });
    deps.noteFailedTry(user.id, what);
    return { kind: "wrong", what };
  }
  await deps.throttle.forgive(user.email, place);
  return { kind: "proved" };
}
