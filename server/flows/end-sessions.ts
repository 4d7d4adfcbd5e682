/** Ends sessions on purpose, and with them their sockets. */
import { createHash } from "node:crypto";
import type { UserId } from "../core/payment.ts";
import type { Clock, Log, PeopleStore, Session } from "../ports.ts";
import { hashPassword } from "./passwords.ts";

export interface SessionEndDeps {
  readonly people: PeopleStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly onSessionEnded: (idHash: string) => void;
  /** Cuts every socket of a person, but those of one session. */
  readonly onSignedOut: (userId: UserId, but: string | null) => void;
}

/** Who sits at a session: the person and the session itself. */
export interface Seat {
  readonly userId: UserId;
  readonly idHash: string;
}

/** A name for a session that pages may know; nothing can be opened with it. */
export function sessionName({ id }: Pick<Session, "id">): string {
  const digest = createHash("sha256").update(`lipia session name ${id}`).digest("hex");
  return `ses_${digest.slice(0, 32)}`;
}

/** Ends one session of one's own; `unknown` when it is somebody else's or over already. */
export async function endOwnSession(
  deps: SessionEndDeps,
  { userId }: Seat,
  name: string,
): Promise<"ended" | "unknown"> {
  const own = await deps.people.sessionsOf(userId, deps.clock.now());
  const session = own.find((one) => sessionName(one) === name);
  if (session === undefined) return "unknown";
  await deps.people.endSession(session.id, {
    at: deps.clock.now(),
    actor: userId,
    action: "sessions_ended",
    target: userId,
    details: { device: session.device },
  });
  deps.onSessionEnded(session.id);
  deps.log.info("session_ended", { userId });
  return "ended";
}

/** Signs a person out everywhere, or everywhere else. `by` is who does it. */
export async function endSessionsOf(
  deps: SessionEndDeps,
  userId: UserId,
  but: string | null,
  by: UserId,
): Promise<void> {
  await deps.people.endSessionsOf(userId, but, {
    at: deps.clock.now(),
    actor: by,
    action: "sessions_ended",
    target: userId,
    details: {},
  });
  deps.onSignedOut(userId, but);
  deps.log.info("sessions_ended", { userId });
}

/** Gives oneself another password; whoever used the old one elsewhere is signed out. */
export async function changePassword(
  deps: SessionEndDeps,
  seat: Seat,
  password: string,
): Promise<void> {
  const passwordHash = await hashPassword(password);
  await deps.people.setPassword(seat.userId, passwordHash, {
    at: deps.clock.now(),
    actor: seat.userId,
    action: "password_changed",
    target: null,
    details: {},
  });
  await endSessionsOf(deps, seat.userId, seat.idHash, seat.userId);
  deps.log.info("password_changed", { userId: seat.userId });
}
