/**
 * Signs in, or proves a signed-in person, by a passkey. The authenticator itself asks for a
 * fingerprint, a face or a PIN, so it stands for password and code together. Signing in begins
 * without any name: nothing here says which address exists.
 */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { PasskeyAnswer, PasskeyAsked, PasskeyQuestion } from "../../shared/passkey-api.ts";
import type {
  AuditStore,
  Clock,
  Ids,
  Log,
  Passkey,
  PasskeyStore,
  PeopleStore,
  User,
} from "../ports.ts";
import { descriptorOf, userHandle } from "./add-passkey.ts";
import type { NoteFailedTry } from "./failed-tries.ts";
import { networkOf } from "./network-of.ts";
import { CHALLENGE_LASTS_MS, type Challenges } from "./passkey-challenges.ts";
import { type PartyDeps, signedCount } from "./passkey-party.ts";
import type { Place, SignInThrottle } from "./sign-in-throttle.ts";

const HANDLE_BYTES = 16;
/** Generous: mobile customers share their carrier's addresses. */
const ASKED_PER_NETWORK = 60;
const WINDOW_SECONDS = 15 * 60;

export interface UsePasskeyDeps extends PartyDeps {
  readonly passkeys: PasskeyStore;
  readonly people: PeopleStore;
  readonly audit: AuditStore;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
  readonly throttle: SignInThrottle;
  readonly noteFailedTry: NoteFailedTry;
  /** Of who is signed in: strangers cannot crowd these out. */
  readonly challenges: Challenges;
  /** Of who is not, by handle. */
  readonly strangers: Challenges;
}

/** The question for somebody who is not signed in yet. */
export type SignInAsk = (
  address: string,
) => Promise<
  | { readonly kind: "asked"; readonly asked: PasskeyAsked }
  | { readonly kind: "throttled"; readonly retryAfterSeconds: number }
>;

/** One for a process: it counts how often each network asked. */
export function signInAsker(deps: UsePasskeyDeps): SignInAsk {
  const networks = new RateLimiterMemory({ points: ASKED_PER_NETWORK, duration: WINDOW_SECONDS });
  return async (address) => {
    try {
      await networks.consume(networkOf(address));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return { kind: "throttled", retryAfterSeconds: refusal.msBeforeNext / 1_000 };
    }
    const handle = deps.ids.secret(HANDLE_BYTES);
    const question = questionOf(deps, deps.strangers.issue(handle), []);
    return { kind: "asked", asked: { handle, question } };
  };
}

export type PasskeySignIn =
  | { readonly kind: "signed_in"; readonly user: User }
  | { readonly kind: "late" | "unknown" | "copied" }
  | { readonly kind: "throttled"; readonly retryAfterSeconds: number };

/**
 * Tries count by the credential, known here or not, and by where they come from; a password typed
 * amiss does not use them up.
 * @param placeOf where the request came from, for the person of this address
 */
export async function signInByPasskey(
  deps: UsePasskeyDeps,
  { handle, answer }: { readonly handle: string; readonly answer: PasskeyAnswer },
  placeOf: (email: string) => Place,
): Promise<PasskeySignIn> {
  const challenge = deps.strangers.take(handle);
  if (challenge === null) return { kind: "late" };
  const known = await deps.passkeys.byCredential(answer.id);
  const tried = `passkey ${answer.id}`;
  const place = placeOf(known?.user.email ?? "");
  const admission = await deps.throttle.admit(tried, place);
  if (admission.kind === "wait") {
    deps.log.warn("sign_in_throttled", { retryAfterSeconds: admission.seconds });
    return { kind: "throttled", retryAfterSeconds: admission.seconds };
  }
  if (known === null) {
    deps.log.warn("sign_in_refused", { kind: "passkey" });
    return { kind: "unknown" };
  }
  const outcome = await judge(deps, known, answer, challenge);
  if (outcome !== "right") return { kind: outcome };
  const { user } = known;
  await deps.throttle.forgive(tried, place);
  await deps.people.dropExpiredSessions(deps.clock.now());
  deps.log.info("signed_in", { userId: user.id, role: user.role });
  return { kind: "signed_in", user };
}

/** The question for somebody at a session; null when they have no passkey. */
export async function askForProof(
  deps: UsePasskeyDeps,
  seat: { readonly user: User; readonly idHash: string },
): Promise<PasskeyQuestion | null> {
  const own = await deps.passkeys.of(seat.user.id);
  return own.length === 0
    ? null
    : questionOf(deps, deps.challenges.issue(`prove ${seat.idHash}`), own);
}

export type PasskeyProved = Exclude<PasskeySignIn, { kind: "signed_in" }> | { kind: "proved" };

/** Proves once more who sits at a session, as prove-person.ts does by what is typed. */
export async function proveByPasskey(
  deps: UsePasskeyDeps,
  seat: { readonly user: User; readonly idHash: string },
  answer: PasskeyAnswer,
  place: Place,
): Promise<PasskeyProved> {
  const { user } = seat;
  const challenge = deps.challenges.take(`prove ${seat.idHash}`);
  if (challenge === null) return { kind: "late" };
  const tried = `passkey ${answer.id}`;
  const admission = await deps.throttle.admit(tried, place);
  if (admission.kind === "wait") {
    return { kind: "throttled", retryAfterSeconds: admission.seconds };
  }
  const known = await deps.passkeys.byCredential(answer.id);
  if (known === null || known.user.id !== user.id) return { kind: "unknown" };
  const outcome = await judge(deps, known, answer, challenge);
  if (outcome !== "right") return { kind: outcome };
  await deps.throttle.forgive(tried, place);
  return { kind: "proved" };
}

/** `unknown`: not signed as asked. `copied`: the signature is right, but an older count than before means that two hold the key. */
async function judge(
  deps: UsePasskeyDeps,
  { passkey, user }: { readonly passkey: Passkey; readonly user: User },
  answer: PasskeyAnswer,
  challenge: string,
): Promise<"right" | "unknown" | "copied"> {
  const { userHandle: named } = answer.response;
  const isTheirs = named === undefined || named === userHandle(user.id);
  const count = isTheirs ? await signedCount(deps, passkey, answer, challenge) : null;
  if (count === null) {
    deps.log.warn("sign_in_refused", { userId: user.id, kind: "passkey" });
    deps.noteFailedTry(user.id, "passkey");
    return "unknown";
  }
  const at = deps.clock.now();
  const { name } = passkey;
  const used = { at, actor: user.id, action: "passkey_used", target: null } as const;
  if (await deps.passkeys.use(passkey.id, count, at, { ...used, details: { name } }))
    return "right";
  deps.log.warn("sign_in_refused", { userId: user.id, kind: "passkey_copied" });
  const refused = { at, actor: "system", action: "passkey_refused", target: user.id } as const;
  await deps.audit.append({ ...refused, details: { name, count, before: passkey.signCount } });
  return "copied";
}

function questionOf(
  { publicUrl }: UsePasskeyDeps,
  challenge: string,
  own: readonly Passkey[],
): PasskeyQuestion {
  return {
    rpId: new URL(publicUrl).hostname,
    challenge,
    timeout: CHALLENGE_LASTS_MS,
    userVerification: "required",
    allowCredentials: own.map(descriptorOf),
  };
}
