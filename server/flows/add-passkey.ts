/** A person's own passkeys: adding, naming and removing them. */

import type { AuditAction } from "../../shared/audit-words.ts";
import type { NewPasskey, PasskeyWish } from "../../shared/passkey-api.ts";
import type { UserId } from "../core/payment.ts";
import type {
  AuditDetails,
  Clock,
  FactorStore,
  Ids,
  Passkey,
  PasskeyStore,
  User,
} from "../ports.ts";
import { CHALLENGE_LASTS_MS, type Challenges } from "./passkey-challenges.ts";
import { ALGORITHMS, madePasskey, type PartyDeps } from "./passkey-party.ts";
import { freshCodes } from "./second-factor.ts";

export interface AddPasskeyDeps extends PartyDeps {
  readonly passkeys: PasskeyStore;
  readonly factors: FactorStore;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Challenges of who is signed in, by what they are for and the session. */
  readonly challenges: Challenges;
  readonly merchantName: () => Promise<string>;
}

/** Who sits at which session. */
interface Seat {
  readonly user: User;
  readonly idHash: string;
}

export async function beginPasskey(deps: AddPasskeyDeps, seat: Seat): Promise<PasskeyWish> {
  const { id, email } = seat.user;
  const own = await deps.passkeys.of(id);
  return {
    rp: { id: new URL(deps.publicUrl).hostname, name: await deps.merchantName() },
    user: { id: userHandle(id), name: email, displayName: email },
    challenge: deps.challenges.issue(`add ${seat.idHash}`),
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: "public-key" })),
    timeout: CHALLENGE_LASTS_MS,
    attestation: "none",
    excludeCredentials: own.map(descriptorOf),
    authenticatorSelection: {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  };
}

export type PasskeyAdded =
  /** Recovery codes come with somebody's first second factor. */
  | { readonly kind: "added"; readonly recoveryCodes: readonly string[] }
  | { readonly kind: "late" | "unfit" | "taken" | "full" };

export async function addPasskey(
  deps: AddPasskeyDeps,
  seat: Seat,
  name: string,
  made: NewPasskey,
): Promise<PasskeyAdded> {
  const challenge = deps.challenges.take(`add ${seat.idHash}`);
  if (challenge === null) return { kind: "late" };
  const parts = await madePasskey(deps, made, challenge);
  if (parts === null) return { kind: "unfit" };
  const userId = seat.user.id;
  const createdAt = deps.clock.now();
  const transports = made.response.transports ?? [];
  const id = deps.ids.row("psk");
  const passkey = { ...parts, id, userId, transports, name, createdAt };
  const { recoveryCodes, codeHashes } = freshCodes(deps.ids);
  const isFirst = (await deps.factors.kinds(userId)).length === 0;
  const add = (first: boolean) =>
    deps.passkeys.add(
      passkey,
      first ? codeHashes : null,
      entry(deps, userId, "passkey_added", { name }),
    );
  const added = await add(isFirst);
  // Another factor came or went since it was asked.
  const outcome = added === "other_way" ? await add(!isFirst) : added;
  if (outcome === "other_way") return { kind: "late" };
  if (outcome !== "added") return { kind: outcome };
  const withCodes = (added === "added") === isFirst;
  return { kind: "added", recoveryCodes: withCodes ? recoveryCodes : [] };
}

export async function namePasskey(
  deps: AddPasskeyDeps,
  userId: UserId,
  id: string,
  name: string,
): Promise<"named" | "unknown"> {
  const before = (await deps.passkeys.of(userId)).find((one) => one.id === id);
  if (before === undefined) return "unknown";
  const details = { name, before: before.name };
  const audit = entry(deps, userId, "passkey_renamed", details);
  return (await deps.passkeys.rename(userId, id, name, audit)) ? "named" : "unknown";
}

export async function removePasskey(
  deps: AddPasskeyDeps,
  userId: UserId,
  id: string,
): Promise<"removed" | "unknown"> {
  const before = (await deps.passkeys.of(userId)).find((one) => one.id === id);
  if (before === undefined) return "unknown";
  const audit = entry(deps, userId, "passkey_removed", { name: before.name });
  return (await deps.passkeys.remove(userId, id, audit)) ? "removed" : "unknown";
}

/** How an authenticator names the person: by our own id, which says nothing to others. */
export function userHandle(id: UserId): string {
  return Buffer.from(id).toString("base64url");
}

export function descriptorOf({ credentialId, transports }: Passkey) {
  return { id: credentialId, type: "public-key" as const, transports: [...transports] };
}

function entry(
  { clock }: AddPasskeyDeps,
  actor: UserId,
  action: AuditAction,
  details: AuditDetails,
) {
  return { at: clock.now(), actor, action, target: null, details };
}
