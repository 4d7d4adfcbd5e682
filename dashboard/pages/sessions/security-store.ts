/** One's own second factors as the page shows them. */
import { signal } from "@preact/signals";
import type { RecoveryCodes, SecurityView } from "../../../shared/security-api.ts";
import type { Failure } from "../../client.ts";
import { readSecurity } from "../../security-client.ts";

export type SecurityReading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: SecurityView };

export const security = signal<SecurityReading>({ kind: "loading" });
/** Recovery codes that were made just now; empty once they are kept. */
export const freshCodes = signal<readonly string[]>([]);

/** Reads it anew; what is shown stays until the answer is there. */
export async function openSecurity(): Promise<void> {
  const answer = await readSecurity();
  if (answer.ok) takeSecurity(answer.value);
  else if (security.peek().kind !== "ready") {
    security.value = { kind: "failed", failure: answer.failure };
  }
}

/** Takes what a change answered with. Codes of no factor are worth nothing. */
export function takeSecurity(view: SecurityView): void {
  security.value = { kind: "ready", view };
  if (view.recoveryCodesLeft === null) forgetCodes();
}

/** The same with recovery codes, which are shown this once. */
export function takeCodes({ recoveryCodes, view }: RecoveryCodes): void {
  if (recoveryCodes.length > 0) freshCodes.value = recoveryCodes;
  takeSecurity(view);
}

export function forgetCodes(): void {
  freshCodes.value = [];
}
