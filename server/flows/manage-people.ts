/**
 * Gives people another role and removes them. Nobody reaches above their own role, nobody touches
 * themselves, and the store keeps one owner whatever happens at the same time.
 */
import { mayManage, type UserRole } from "../../shared/permissions.ts";
import type { UserId } from "../core/payment.ts";
import type { Clock, Log, PeopleStore, Person, User } from "../ports.ts";

export interface PeopleDeps {
  readonly people: PeopleStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Cuts every socket of a person, but those of one session. */
  readonly onSignedOut: (userId: UserId, but: string | null) => void;
}

export type PersonOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "unknown" }
  | { readonly kind: "yourself" }
  /** A role that stands above that of the person who acts. */
  | { readonly kind: "above"; readonly role: UserRole }
  | { readonly kind: "stale" }
  | { readonly kind: "last_owner" };

/** @param wish `was` is the role that the person who acts has seen. */
export async function changeRole(
  deps: PeopleDeps,
  actor: User,
  id: UserId,
  wish: { readonly was: UserRole; readonly role: UserRole },
): Promise<PersonOutcome> {
  const person = await deps.people.personById(id);
  const problem = refusal(actor, person, wish.role);
  if (problem !== null) return problem;
  const outcome = await deps.people.changeRole(id, wish.was, wish.role, {
    at: deps.clock.now(),
    actor: actor.id,
    action: "role_changed",
    target: id,
    details: { from: wish.was, to: wish.role },
  });
  if (outcome !== "changed") return { kind: outcome };
  deps.log.info("role_changed", { userId: actor.id, from: wish.was, to: wish.role });
  return { kind: "done" };
}

/** Ends the account, its sessions and its sockets at once. */
export async function removePerson(
  deps: PeopleDeps,
  actor: User,
  id: UserId,
  was: UserRole,
): Promise<PersonOutcome> {
  const person = await deps.people.personById(id);
  const problem = refusal(actor, person, was);
  if (problem !== null) return problem;
  const at = deps.clock.now();
  const audit = { at, actor: actor.id, target: id, details: { role: was } };
  const outcome = await deps.people.removePerson(id, was, at, {
    ...audit,
    action: "person_removed",
  });
  if (outcome !== "removed") return { kind: outcome };
  deps.onSignedOut(id, null);
  deps.log.info("person_removed", { userId: actor.id, role: was });
  return { kind: "done" };
}

function refusal(actor: User, person: Person | null, role: UserRole): PersonOutcome | null {
  if (person === null) return { kind: "unknown" };
  if (person.id === actor.id) return { kind: "yourself" };
  for (const one of [person.role, role]) {
    if (!mayManage(actor.role, one)) return { kind: "above", role: one };
  }
  return null;
}
