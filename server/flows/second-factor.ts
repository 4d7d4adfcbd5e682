/**
 * The second factor that is typed: an authenticator app's codes, put in force by a first code, and
 * ten recovery codes for the day when the phone is gone. Every code works once. Recovery codes stand
 * in for passkeys (add-passkey.ts) as well: they come with the first factor and go with the last.
 */
import type { UserId } from "../core/payment.ts";
import type { Clock, FactorStore, Ids, PeopleStore, Seal, User } from "../ports.ts";
import { sha256Hex } from "../tokens.ts";
import { base32 } from "./base32.ts";
import type { NoteFailedTry } from "./failed-tries.ts";
import { passwordFits } from "./passwords.ts";
import type { Place, SignInThrottle } from "./sign-in-throttle.ts";
import { stepOfCode } from "./totp.ts";

/** RFC 4226 §4: as long as the hash. */
const SECRET_BYTES = 20;
/** Sixteen characters: too many to try through, so a plain hash keeps them. */
const RECOVERY_BYTES = 10;
const RECOVERY_CODES = 10;
const RECOVERY_SHAPE = /^[A-Z2-7]{16}$/;

interface EndDeps {
  readonly people: PeopleStore;
  readonly throttle: SignInThrottle;
  readonly noteFailedTry: NoteFailedTry;
}

export interface FactorDeps {
  readonly factors: FactorStore;
  readonly seal: Seal;
  readonly ids: Ids;
  readonly clock: Clock;
}

/** Does the password alone not open this account? */
export async function hasSecondFactor(factors: FactorStore, userId: UserId): Promise<boolean> {
  return (await factors.kinds(userId)).length > 0;
}

/** Makes a secret for the app; null when a factor is in force already. */
export async function beginFactor(deps: FactorDeps, userId: UserId): Promise<Buffer | null> {
  const secret = Buffer.from(deps.ids.secret(SECRET_BYTES), "base64url");
  const sealed = deps.seal.seal(secret.toString("base64"));
  return (await deps.factors.begin(userId, sealed, deps.clock.now())) ? secret : null;
}

export type FactorConfirmed =
  | { readonly kind: "on"; readonly recoveryCodes: readonly string[] }
  | { readonly kind: "wrong" }
  | { readonly kind: "nothing_begun" };

/** Puts the begun factor in force, once the app shows the right code. */
export async function confirmFactor(
  deps: FactorDeps,
  userId: UserId,
  code: string,
): Promise<FactorConfirmed> {
  const factor = await deps.factors.of(userId);
  if (factor === null || factor.confirmedAt !== null) return { kind: "nothing_begun" };
  const { secretSealed } = factor;
  const at = deps.clock.now();
  const step = stepOfCode(openSecret(deps.seal, secretSealed), digitsOf(code), at);
  if (step === null) return { kind: "wrong" };
  const { recoveryCodes, codeHashes } = freshCodes(deps.ids);
  const on = await deps.factors.confirm(
    { userId, secretSealed, step, codeHashes, at },
    { at, actor: userId, action: "second_factor_on", target: null, details: {} },
  );
  return on ? { kind: "on", recoveryCodes } : { kind: "nothing_begun" };
}

/** Takes a code of the app or a recovery code, and uses it up; false when it does not fit. */
export async function codeFits(
  deps: Omit<FactorDeps, "ids">,
  userId: UserId,
  code: string,
): Promise<boolean> {
  const at = deps.clock.now();
  if (RECOVERY_SHAPE.test(lettersOf(code))) {
    const left = (await deps.factors.codesLeft(userId)) - 1;
    const audit = { at, actor: userId, target: null, details: { left } };
    const used = { ...audit, action: "recovery_code_used" as const };
    return deps.factors.spendCode(userId, hashOfRecovery(code), at, used);
  }
  const factor = await deps.factors.of(userId);
  if (factor === null || factor.confirmedAt === null) return false;
  const step = stepOfCode(openSecret(deps.seal, factor.secretSealed), digitsOf(code), at);
  return step !== null && deps.factors.spendStep(userId, step);
}

export type FactorEnded =
  | { readonly kind: "off" }
  | { readonly kind: "was_off" }
  | { readonly kind: "wrong"; readonly what: "password" | "code" }
  | { readonly kind: "throttled"; readonly retryAfterSeconds: number };

/** Switches the app off, for who has both the password and a code. */
export async function endFactor(
  deps: Omit<FactorDeps, "ids"> & EndDeps,
  user: User,
  proof: { readonly password: string; readonly code: string },
  place: Place,
): Promise<FactorEnded> {
  if (!(await deps.factors.kinds(user.id)).includes("app")) return { kind: "was_off" };
  const admission = await deps.throttle.admit(user.email, place);
  if (admission.kind === "wait") {
    return { kind: "throttled", retryAfterSeconds: admission.seconds };
  }
  const now = await deps.people.userByEmail(user.email);
  if (!(await passwordFits(proof.password, now?.passwordHash ?? null))) {
    deps.noteFailedTry(user.id, "password");
    return { kind: "wrong", what: "password" };
  }
  if (!(await codeFits(deps, user.id, proof.code))) {
    deps.noteFailedTry(user.id, "code");
    return { kind: "wrong", what: "code" };
  }
  await deps.throttle.forgive(user.email, place);
  const at = deps.clock.now();
  const audit = { at, actor: user.id, target: null, details: {} };
  const ended = await deps.factors.remove(user.id, { ...audit, action: "second_factor_off" });
  return ended ? { kind: "off" } : { kind: "was_off" };
}

/** Ten codes in the place of those before. */
export async function renewRecoveryCodes(
  deps: FactorDeps,
  userId: UserId,
): Promise<readonly string[]> {
  const { recoveryCodes, codeHashes } = freshCodes(deps.ids);
  await deps.factors.renewCodes(userId, codeHashes, {
    at: deps.clock.now(),
    actor: userId,
    action: "recovery_codes_renewed",
    target: null,
    details: {},
  });
  return recoveryCodes;
}

/** `ABCD-EFGH-IJKL-MNOP`: in fours, as people read them out. */
export function freshCodes(ids: Ids): {
  readonly recoveryCodes: readonly string[];
  readonly codeHashes: readonly string[];
} {
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, () => {
    const letters = base32(Buffer.from(ids.secret(RECOVERY_BYTES), "base64url"));
    return (letters.match(/.{4}/g) ?? []).join("-");
  });
  return { recoveryCodes, codeHashes: recoveryCodes.map(hashOfRecovery) };
}

function hashOfRecovery(code: string): string {
  return sha256Hex(lettersOf(code));
}

function openSecret(seal: Seal, sealed: string): Buffer {
  return Buffer.from(seal.open(sealed), "base64");
}

/** People type codes with spaces and dashes, in small letters. */
function lettersOf(code: string): string {
  return code.replace(/[\s-]/g, "").toUpperCase();
}

function digitsOf(code: string): string {
  return code.replace(/[\s-]/g, "");
}
