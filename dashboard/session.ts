/** Who sits here. The address bar stays where it is while nobody does, so signing in returns. */
import { effect, signal } from "@preact/signals";
import type { SessionView } from "../shared/api.ts";
import { may, type Permission, type UserRole } from "../shared/permissions.ts";
import {
  type Answer,
  type Failure,
  postSetUp,
  postSignIn,
  postSignOut,
  readSession,
  roleIsOther,
  signedOut,
} from "./client.ts";
import { enterByPasskey } from "./passkeys.ts";
import { postJoin } from "./people-client.ts";

export type Session =
  | { readonly kind: "loading" }
  | { readonly kind: "unknown"; readonly failure: Failure }
  | { readonly kind: "out"; readonly why: "first" | "fresh" | "ended" | "left" }
  | { readonly kind: "in"; readonly view: SessionView };

export const session = signal<Session>({ kind: "loading" });

/** Asks the server who this browser is signed in as. */
export async function loadSession(): Promise<void> {
  session.value = { kind: "loading" };
  const answer = await readSession();
  if (answer.ok) {
    session.value = { kind: "in", view: answer.value };
    return;
  }
  const { failure } = answer;
  if (failure.kind !== "signed_out") session.value = { kind: "unknown", failure };
  else session.value = { kind: "out", why: failure.code === "set_up_needed" ? "fresh" : "first" };
}

/** @param code of the second factor, once the server has asked for it. */
export async function signIn(
  email: string,
  password: string,
  code?: string,
): Promise<Failure | null> {
  return enter(await postSignIn(email, password, code));
}

/** By a passkey alone. */
export async function signInByPasskey(): Promise<Failure | null> {
  return enter(await enterByPasskey());
}

export async function setUp(
  token: string,
  email: string,
  password: string,
): Promise<Failure | null> {
  return enter(await postSetUp(token, email, password));
}

/** Comes in by the token of an invitation. */
export async function join(token: string, password: string): Promise<Failure | null> {
  return enter(await postJoin(token, password));
}

/** Ends the session here and on the server; stays signed in when the server cannot be told. */
export async function signOut(): Promise<Failure | null> {
  const answer = await postSignOut();
  if (!answer.ok && answer.failure.kind !== "signed_out") return answer.failure;
  session.value = { kind: "out", why: "left" };
  return null;
}

/** The role of the person who sits here, or null while nobody does. */
export function ownRole(): UserRole | null {
  const now = session.value;
  return now.kind === "in" ? now.view.user.role : null;
}

/** May the person who sits here do this? The server asks the same table. */
export function can(permission: Permission): boolean {
  const role = ownRole();
  return role !== null && may(role, permission);
}

/**
 * From now on, a 401 to any request shows the sign-in, and a refusal for the role's sake reads anew
 * what the role is.
 */
export function watchSession(): void {
  effect(() => {
    if (signedOut.value !== null && session.peek().kind === "in") {
      session.value = { kind: "out", why: "ended" };
    }
  });
  effect(() => {
    if (roleIsOther.value !== null) void rereadSession();
  });
}

/** Reads anew who sits here and what their shop is called; what is shown stays until then. */
export async function rereadSession(): Promise<void> {
  const answer = await readSession();
  if (answer.ok) session.value = { kind: "in", view: answer.value };
}

function enter(answer: Answer<SessionView>): Failure | null {
  if (!answer.ok) return answer.failure;
  session.value = { kind: "in", view: answer.value };
  return null;
}
