/** The part of /dashboard/api that is about people, invitations and sessions. */
import type { SessionView } from "../shared/api.ts";
import type {
  InviteAnswer,
  PeopleView,
  ReadInvitationAnswer,
  SessionList,
} from "../shared/people-api.ts";
import type { UserRole } from "../shared/permissions.ts";
import { type Answer, call } from "./client.ts";

export function readPeople(): Promise<Answer<PeopleView>> {
  return call("GET", "people");
}
export function postInvitation(
  email: string,
  role: UserRole,
  password: string,
): Promise<Answer<InviteAnswer>> {
  return call("POST", "invitations", { email, role, password });
}
export function postRevokeInvitation(id: string): Promise<Answer<PeopleView>> {
  return call("POST", `invitations/${encodeURIComponent(id)}/revoke`, {});
}

/** `was` is the role as this page read it; somebody else's change meanwhile is a refusal `stale`. */
export function postRole(
  id: string,
  was: UserRole,
  role: UserRole,
  password: string,
): Promise<Answer<PeopleView>> {
  return call("POST", `people/${encodeURIComponent(id)}/role`, { was, role, password });
}
export function postRemovePerson(
  id: string,
  was: UserRole,
  password: string,
): Promise<Answer<PeopleView>> {
  return call("POST", `people/${encodeURIComponent(id)}/remove`, { was, password });
}
export function postSignPersonOut(id: string): Promise<Answer<PeopleView>> {
  return call("POST", `people/${encodeURIComponent(id)}/sign-out`, {});
}

export function readInvitation(token: string): Promise<Answer<ReadInvitationAnswer>> {
  return call("POST", "join/read", { token });
}
export function postJoin(token: string, password: string): Promise<Answer<SessionView>> {
  return call("POST", "join", { token, password });
}

export function readSessions(): Promise<Answer<SessionList>> {
  return call("GET", "sessions");
}
export function postEndSession(id: string): Promise<Answer<SessionList>> {
  return call("POST", `sessions/${encodeURIComponent(id)}/end`, {});
}
export function postEndOtherSessions(): Promise<Answer<SessionList>> {
  return call("POST", "sessions/end-others", {});
}
export function postPassword(password: string, next: string): Promise<Answer<SessionList>> {
  return call("POST", "password", { password, next });
}
