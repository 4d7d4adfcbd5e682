/** Rows of people and invitations as nouns. */
import { USER_ROLES, type UserRole } from "../../shared/permissions.ts";
import type { Invitation, Person, User } from "../ports.ts";
import type { Tables } from "./tables.ts";

export type UserRow = Tables["users"]["$inferSelect"];
export type InvitationRow = Tables["invitations"]["$inferSelect"];

export function userOf(row: UserRow): User {
  const { id, email, passwordHash } = row;
  return { id, email, passwordHash, role: roleOf(row.role) };
}

export function personOf(row: UserRow): Person {
  const { id, email, createdAt, lastSeenAt } = row;
  return { id, email, role: roleOf(row.role), createdAt, lastSeenAt };
}

export function invitationOf({ tokenHash: _, ...row }: InvitationRow): Invitation {
  return { ...row, role: roleOf(row.role) };
}

/** A role that nobody here gives is read as the least of them. */
function roleOf(stored: string): UserRole {
  return USER_ROLES.find((known) => known === stored) ?? "viewer";
}
