/**
 * The first owner. Either the environment names one (LIPIA_ADMIN_EMAIL and _PASSWORD), or the
 * person who can read the server's output gets a one-time link. Its token lives in memory as a
 * hash: a restart prints a new link, and the first user ends it.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { UserId } from "../core/payment.ts";
import type { Clock, Ids, Log, PeopleStore, User } from "../ports.ts";
import { hashPassword } from "./passwords.ts";

const TOKEN_BYTES = 32;

/** Holds the hash of the set-up token that is still good; made once, shared by start and route. */
export interface SetUpGate {
  tokenHash: Buffer | null;
}

export interface SetUpDeps {
  readonly people: PeopleStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly gate: SetUpGate;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export type SetUpOutcome =
  | { readonly kind: "created"; readonly user: User }
  | { readonly kind: "done_before" }
  | { readonly kind: "wrong_token" };

/** A closed gate: no set-up until `ensureFirstOwner` opens it. */
export function closedGate(): SetUpGate {
  return { tokenHash: null };
}

/**
 * At start: makes the owner that the environment names, or opens the gate for a one-time link.
 * @param admin from the configuration; ignored once any user exists
 * @returns the token for `setUpLink`, or null when there is a user already
 */
export async function ensureFirstOwner(
  deps: SetUpDeps,
  admin?: Credentials | null,
): Promise<{ setUpToken: string | null }> {
  if ((await deps.people.countUsers()) > 0) return { setUpToken: null };
  if (admin) {
    const email = admin.email.trim().toLowerCase();
    await addOwner(deps, { email, password: admin.password }, "system");
    return { setUpToken: null };
  }
  const token = deps.ids.secret(TOKEN_BYTES);
  deps.gate.tokenHash = digest(token);
  return { setUpToken: token };
}

/** The link to print. The token stays in the fragment, which browsers send to nobody. */
export function setUpLink(publicUrl: string, token: string): string {
  return `${publicUrl}/dashboard/set-up#token=${token}`;
}

/** Why this token makes no first owner, or null: asked before the rest of a request is read. */
export async function whyNoSetUp(
  { gate, people }: Pick<SetUpDeps, "gate" | "people">,
  token: string,
): Promise<"done_before" | "wrong_token" | null> {
  // A closed gate stays closed, and is told without a query.
  if (gate.tokenHash === null || (await people.countUsers()) > 0) return "done_before";
  const held = gate.tokenHash;
  if (held === null) return "done_before";
  return timingSafeEqual(held, digest(token)) ? null : "wrong_token";
}

/** Makes the first owner with the token of the printed link; the token works once. */
export async function setUp(
  deps: SetUpDeps,
  request: Credentials & { readonly token: string },
): Promise<SetUpOutcome> {
  const why = await whyNoSetUp(deps, request.token);
  if (why !== null) return { kind: why };
  const held = deps.gate.tokenHash;
  // Closed before the next await, so that two clicks cannot make two owners.
  deps.gate.tokenHash = null;
  try {
    const user = await addOwner(deps, request, "themselves");
    return user === null ? { kind: "done_before" } : { kind: "created", user };
  } catch (error) {
    deps.gate.tokenHash = held;
    throw error;
  }
}

/** Makes an owner; null when the address is taken. `by` is who does it, for the audit log. */
async function addOwner(
  deps: SetUpDeps,
  { email, password }: Credentials,
  by: "system" | "themselves",
): Promise<User | null> {
  const user: User = {
    id: deps.ids.row("usr") as UserId,
    email,
    passwordHash: await hashPassword(password),
    role: "owner",
  };
  const at = deps.clock.now();
  const added = await deps.people.addUser(
    { ...user, createdAt: at },
    {
      at,
      actor: by === "system" ? "system" : user.id,
      action: "set_up",
      target: user.id,
      details: { role: user.role },
    },
  );
  if (added === "taken") return null;
  deps.log.info("first_owner_added", { userId: user.id });
  return user;
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
