/** A person's own safety as their page shows it. */
import type { PasskeyView } from "../../shared/passkey-api.ts";
import type { SecurityView } from "../../shared/security-api.ts";
import type { Instant, UserId } from "../core/payment.ts";
import { passkeyPlaceOf } from "../flows/passkey-party.ts";
import type { FactorStore, Passkey, PasskeyStore } from "../ports.ts";

export interface SecurityViewDeps {
  readonly factors: FactorStore;
  readonly passkeys: PasskeyStore;
  readonly publicUrl: string;
}

export async function securityView(
  { factors, passkeys, publicUrl }: SecurityViewDeps,
  userId: UserId,
): Promise<SecurityView> {
  const own = await passkeys.of(userId);
  const app = await factors.of(userId);
  const since = app?.confirmedAt ?? null;
  const guarded = since !== null || own.length > 0;
  return {
    secondFactor: since === null ? "off" : "on",
    since: since === null ? null : told(since),
    passkeys: own.map(passkeyView),
    passkeyPlace: passkeyPlaceOf(publicUrl),
    recoveryCodesLeft: guarded ? await factors.codesLeft(userId) : null,
  };
}

function passkeyView({ id, name, createdAt, lastUsedAt }: Passkey): PasskeyView {
  return {
    id,
    name,
    createdAt: told(createdAt),
    lastUsedAt: lastUsedAt === null ? null : told(lastUsedAt),
  };
}

function told(at: Instant): string {
  return new Date(at).toISOString();
}
