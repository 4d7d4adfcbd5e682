/** A person's own safety in /dashboard/api: the second factor, and proving it is them once more. */
import type { FactorBegun, RecoveryCodes, SecurityView } from "../shared/security-api.ts";
import { type Answer, call } from "./client.ts";
import type { ProofKind } from "./step-up.ts";

export function postStepUp(what: ProofKind, given: string): Promise<Answer<null>> {
  return call("POST", "step-up", { [what]: given });
}
export function readSecurity(): Promise<Answer<SecurityView>> {
  return call("GET", "security");
}
export function postFactorBegin(): Promise<Answer<FactorBegun>> {
  return call("POST", "security/second-factor", {});
}
export function postFactorConfirm(code: string): Promise<Answer<RecoveryCodes>> {
  return call("POST", "security/second-factor/confirm", { code });
}
export function postFactorOff(password: string, code: string): Promise<Answer<SecurityView>> {
  return call("POST", "security/second-factor/off", { password, code });
}
export function postRecoveryCodes(): Promise<Answer<RecoveryCodes>> {
  return call("POST", "security/recovery-codes", {});
}
