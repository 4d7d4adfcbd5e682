/** One's own second factor as the page shows it. */
import { signal } from "@preact/signals";
import type { SecurityView } from "../../../shared/security-api.ts";
import type { Failure } from "../../client.ts";
import { readSecurity } from "../../security-client.ts";

export type SecurityReading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: SecurityView };

export const security = signal<SecurityReading>({ kind: "loading" });

/** Reads it anew; what is shown stays until the answer is there. */
export async function openSecurity(): Promise<void> {
  const answer = await readSecurity();
  if (answer.ok) takeSecurity(answer.value);
  else if (security.peek().kind !== "ready") {
    security.value = { kind: "failed", failure: answer.failure };
  }
}

/** Takes what a change answered with. */
export function takeSecurity(view: SecurityView): void {
  security.value = { kind: "ready", view };
}
