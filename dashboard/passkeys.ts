/**
 * What the browser and its authenticators do with passkeys. Their library is fetched when somebody
 * uses one, since most visits do not.
 */
import type { SessionView } from "../shared/api.ts";
import type { PasskeyAnswer, PasskeyPlace, PasskeyQuestion } from "../shared/passkey-api.ts";
import type { RecoveryCodes } from "../shared/security-api.ts";
import type { Answer, Failure } from "./client.ts";
import {
  postPasskey,
  postPasskeyBegin,
  postPasskeyProof,
  postPasskeySignIn,
  postProofAsk,
  postSignInAsk,
} from "./passkey-client.ts";

const loadLibrary = () => import("@simplewebauthn/browser");

/** Could this browser, at this address, use a passkey at all? */
export function passkeysFit(): boolean {
  return knowsPasskeys() && !/^\[|^[\d.]+$/.test(location.hostname);
}

/** Why there can be no passkey here and now, or null when there can. */
export function passkeyObstacle(place: PasskeyPlace): PasskeyObstacle | null {
  if (place.kind !== "host") return place.kind;
  if (place.host !== location.hostname) return "elsewhere";
  return knowsPasskeys() ? null : "old_browser";
}
type PasskeyObstacle = Exclude<PasskeyPlace["kind"], "host"> | "elsewhere" | "old_browser";

/** Makes a passkey on a device of the person's choice and keeps it under a name. */
export async function addPasskey(name: string): Promise<Answer<RecoveryCodes>> {
  const wish = await postPasskeyBegin();
  if (!wish.ok) return wish;
  const made = await asked(async () => {
    const { startRegistration } = await loadLibrary();
    return startRegistration({ optionsJSON: wish.value });
  });
  return made.ok ? postPasskey(name, made.value) : made;
}

/** Signs in by a passkey that the person chooses. */
export async function enterByPasskey(): Promise<Answer<SessionView>> {
  const begun = await postSignInAsk();
  if (!begun.ok) return begun;
  const answer = await answered(begun.value.question);
  return answer.ok ? postPasskeySignIn(begun.value.handle, answer.value) : answer;
}

/** Proves once more who sits here. */
export async function proveByPasskey(): Promise<Answer<null>> {
  const question = await postProofAsk();
  if (!question.ok) return question;
  const answer = await answered(question.value);
  return answer.ok ? postPasskeyProof(answer.value) : answer;
}

function answered(question: PasskeyQuestion): Promise<Answer<PasskeyAnswer>> {
  return asked(async () => {
    const { startAuthentication } = await loadLibrary();
    return startAuthentication({ optionsJSON: question });
  });
}

/** What browsers call their refusals (WebAuthn §5.1.3 and §5.1.4), as codes of ours. */
const REFUSALS: Readonly<Record<string, string>> = {
  NotAllowedError: "passkey_left",
  AbortError: "passkey_left",
  InvalidStateError: "passkey_known",
  SecurityError: "passkey_elsewhere",
  ConstraintError: "passkey_unable",
  NotSupportedError: "passkey_unable",
};

async function asked<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    return { ok: false, failure: refused(REFUSALS[name] ?? "passkey_failed") };
  }
}

function refused(code: string): Failure {
  const nothing = { param: null, retryAfterSeconds: null, roles: [], factors: [] };
  return { kind: "refused", code, message: code, ...nothing };
}

function knowsPasskeys(): boolean {
  return window.isSecureContext && window.PublicKeyCredential !== undefined;
}
