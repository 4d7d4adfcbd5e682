/** Passkeys in /dashboard/api: one's own list, and signing in or proving oneself with one. */
import type { SessionView } from "../shared/api.ts";
import type {
  NewPasskey,
  PasskeyAnswer,
  PasskeyAsked,
  PasskeyQuestion,
  PasskeyWish,
} from "../shared/passkey-api.ts";
import type { RecoveryCodes, SecurityView } from "../shared/security-api.ts";
import { type Answer, call } from "./client.ts";

export function postPasskeyBegin(): Promise<Answer<PasskeyWish>> {
  return call("POST", "security/passkeys/begin", {});
}
export function postPasskey(name: string, passkey: NewPasskey): Promise<Answer<RecoveryCodes>> {
  return call("POST", "security/passkeys", { name, passkey });
}
export function postPasskeyName(id: string, name: string): Promise<Answer<SecurityView>> {
  return call("POST", `security/passkeys/${encodeURIComponent(id)}/name`, { name });
}
export function postPasskeyRemoval(id: string, password: string): Promise<Answer<SecurityView>> {
  return call("POST", `security/passkeys/${encodeURIComponent(id)}/remove`, { password });
}
export function postSignInAsk(): Promise<Answer<PasskeyAsked>> {
  return call("POST", "sign-in/passkey/begin", {});
}
export function postPasskeySignIn(
  handle: string,
  answer: PasskeyAnswer,
): Promise<Answer<SessionView>> {
  return call("POST", "sign-in/passkey", { handle, answer });
}
export function postProofAsk(): Promise<Answer<PasskeyQuestion>> {
  return call("POST", "step-up/passkey", {});
}
export function postPasskeyProof(passkey: PasskeyAnswer): Promise<Answer<null>> {
  return call("POST", "step-up", { passkey });
}
