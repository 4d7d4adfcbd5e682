/**
 * Lets somebody in by a one-time link. There may be no e-mail server, so the person who invites
 * hands the link over; it is shown once, and what is kept of it is a hash.
 */
import { createHash } from "node:crypto";
import { mayManage, type UserRole } from "../../shared/permissions.ts";
import type { UserId } from "../core/payment.ts";
import type { Clock, Ids, Invitation, Log, PeopleStore, User } from "../ports.ts";
import { hashPassword } from "./passwords.ts";

const TOKEN_BYTES = 32;
/** A weekend between the invitation and the first day of work. */
const INVITATION_MS = 72 * 3_600_000;

export interface InviteDeps {
  readonly people: PeopleStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export type InviteOutcome =
  | { readonly kind: "invited"; readonly token: string }
  /** The role stands above that of the person who invites. */
  | { readonly kind: "above"; readonly role: UserRole }
  | { readonly kind: "here_already" };

/** The link to hand over. The token stays in the fragment, which browsers send to nobody. */
export function invitationLink(publicUrl: string, token: string): string {
  return `${publicUrl}/dashboard/join#token=${token}`;
}

/** Makes an invitation; an earlier one for the same address ends. */
export async function invite(
  deps: InviteDeps,
  actor: User,
  wish: { readonly email: string; readonly role: UserRole },
): Promise<InviteOutcome> {
  const { people, clock, ids, log } = deps;
  if (!mayManage(actor.role, wish.role)) return { kind: "above", role: wish.role };
  if ((await people.userByEmail(wish.email)) !== null) return { kind: "here_already" };
  const token = ids.secret(TOKEN_BYTES);
  const createdAt = clock.now();
  const id = ids.row("inv");
  const { email, role } = wish;
  const life = { createdAt, expiresAt: createdAt + INVITATION_MS };
  await people.invite(
    { id, email, role, invitedBy: actor.id, tokenHash: hashOf(token), ...life },
    {
      at: createdAt,
      actor: actor.id,
      action: "person_invited",
      target: id,
      details: { email, role },
    },
  );
  log.info("person_invited", { userId: actor.id, role: wish.role });
  return { kind: "invited", token };
}

/** The running invitation that a link opens, or null. */
export function invitationOf(deps: InviteDeps, token: string): Promise<Invitation | null> {
  return deps.people.invitationByHash(hashOf(token), deps.clock.now());
}

export type RevokeOutcome =
  | { readonly kind: "revoked" }
  | { readonly kind: "above"; readonly role: UserRole }
  | { readonly kind: "gone" };

export async function revokeInvitation(
  deps: InviteDeps,
  actor: User,
  id: string,
): Promise<RevokeOutcome> {
  const running = await deps.people.invitations(deps.clock.now());
  const invitation = running.find((one) => one.id === id);
  if (invitation === undefined) return { kind: "gone" };
  const { email, role } = invitation;
  if (!mayManage(actor.role, role)) return { kind: "above", role };
  const revoked = await deps.people.revokeInvitation(id, {
    at: deps.clock.now(),
    actor: actor.id,
    action: "invitation_revoked",
    target: id,
    details: { email, role },
  });
  if (!revoked) return { kind: "gone" };
  deps.log.info("invitation_revoked", { userId: actor.id, role });
  return { kind: "revoked" };
}

export type JoinOutcome =
  | { readonly kind: "joined"; readonly user: User }
  /** The link is used, revoked, replaced, or too old. */
  | { readonly kind: "gone" }
  | { readonly kind: "here_already" };

/** Lets the invited person in with the password they choose; the link works once. */
export async function join(
  deps: InviteDeps,
  request: { readonly token: string; readonly password: string },
): Promise<JoinOutcome> {
  const { people, clock, ids, log } = deps;
  const invitation = await invitationOf(deps, request.token);
  if (invitation === null) return { kind: "gone" };
  const { email, role } = invitation;
  const id = ids.row("usr") as UserId;
  const user = { id, email, role, passwordHash: await hashPassword(request.password) };
  const at = clock.now();
  const outcome = await people.acceptInvitation(
    hashOf(request.token),
    { ...user, createdAt: at },
    { at, actor: id, action: "person_joined", target: id, details: { role } },
  );
  switch (outcome) {
    case "added":
      log.info("person_joined", { userId: id, role });
      return { kind: "joined", user };
    case "taken":
      return { kind: "here_already" };
    case "gone":
      return { kind: "gone" };
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
