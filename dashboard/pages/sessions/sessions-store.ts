/** One's own sessions as the page shows them. */
import { signal } from "@preact/signals";
import type { SessionList } from "../../../shared/people-api.ts";
import type { Failure } from "../../client.ts";
import { readSessions } from "../../people-client.ts";

export type SessionsReading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly list: SessionList };

export const sessions = signal<SessionsReading>({ kind: "loading" });

/** Reads them anew; what is shown stays until the answer is there. */
export async function openSessions(): Promise<void> {
  const answer = await readSessions();
  if (answer.ok) takeSessions(answer.value);
  else if (sessions.peek().kind !== "ready") {
    sessions.value = { kind: "failed", failure: answer.failure };
  }
}

/** Takes the list that a change answered with. */
export function takeSessions(list: SessionList): void {
  sessions.value = { kind: "ready", list };
}
