/** The contract of people: who may come in, with which role, and where they are signed in. */
import { z } from "zod";
import { PASSWORD_MAX, PASSWORD_MIN } from "./password-rules.ts";
import { USER_ROLES } from "./permissions.ts";

const instant = z.iso.datetime();
const role = z.enum(USER_ROLES, `a role is one of ${USER_ROLES.join(", ")}`);

/** No two parts can share a sign, so that a text is read once, however it was made to mislead. */
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  // Strangers write it as long as a body may be: what is too long is not looked at any further.
  .max(254, { error: "an e-mail address has at most 254 characters", abort: true })
  .regex(EMAIL, "enter an e-mail address such as you@shop.co.ke");
/** A password that is chosen; one that is asked for may have any length. */
export const newPassword = z
  .string()
  .min(PASSWORD_MIN, `use at least ${PASSWORD_MIN} characters`)
  .max(PASSWORD_MAX, `use at most ${PASSWORD_MAX} characters`);
const ownPassword = z.string().min(1, "enter your password").max(PASSWORD_MAX);
/** 32 random bytes as base64url, with room to spare. */
const token = z.string().min(1, "open the whole link").max(128);

/** Read before the rest of a set-up: whoever has no link that is good is asked for nothing more. */
export const setUpTicket = z.object({ token });

export const personView = z.object({
  id: z.string(),
  email: z.string(),
  role: z.enum(USER_ROLES),
  createdAt: instant,
  /** To the hour; null for somebody who never came. */
  lastSeenAt: instant.nullable(),
  /** True for the person who asks. */
  isYou: z.boolean(),
});
export type PersonView = z.infer<typeof personView>;

export const invitationView = z.object({
  id: z.string(),
  email: z.string(),
  role: z.enum(USER_ROLES),
  createdAt: instant,
  expiresAt: instant,
});
export type InvitationView = z.infer<typeof invitationView>;

export const peopleView = z.object({
  people: z.array(personView),
  invitations: z.array(invitationView),
});
export type PeopleView = z.infer<typeof peopleView>;

export const inviteRequest = z.strictObject({ email: emailAddress, role, password: ownPassword });
/** The only time the link is shown. */
export const inviteAnswer = z.object({ link: z.string(), people: peopleView });
export type InviteAnswer = z.infer<typeof inviteAnswer>;

/** `was` is the role that the page had read: a change meanwhile is not overwritten. */
export const roleRequest = z.strictObject({ role, was: role, password: ownPassword });
export const removePersonRequest = z.strictObject({ was: role, password: ownPassword });

export const readInvitationRequest = z.strictObject({ token });
export const readInvitationAnswer = z.object({
  email: z.string(),
  role: z.enum(USER_ROLES),
  merchantName: z.string(),
  expiresAt: instant,
});
export type ReadInvitationAnswer = z.infer<typeof readInvitationAnswer>;
export const joinRequest = z.strictObject({ token, password: newPassword });

export const sessionEntry = z.object({
  id: z.string(),
  /** Browser and system, such as "Chrome, Android"; null where the browser did not say. */
  device: z.string().nullable(),
  createdAt: instant,
  /** To the hour. */
  lastUsedAt: instant,
  /** True for the session that asks. */
  isThis: z.boolean(),
});
export type SessionEntry = z.infer<typeof sessionEntry>;
export const sessionList = z.object({ sessions: z.array(sessionEntry) });
export type SessionList = z.infer<typeof sessionList>;

export const changePasswordRequest = z.strictObject({ password: ownPassword, next: newPassword });
