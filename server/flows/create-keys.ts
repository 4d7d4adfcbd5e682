/** Makes a merchant's keys. Each is shown once; what is stored cannot be turned back, but for the
 * signing key and the webhook secret, which are sealed because HMAC needs them. */
import type { Clock, Ids, KeyKind, Merchant, MerchantStore, Seal } from "../ports.ts";
import { sha256Hex } from "../tokens.ts";

export interface KeyDeps {
  readonly merchants: MerchantStore;
  readonly seal: Seal;
  readonly ids: Ids;
  readonly clock: Clock;
}

/** The four secrets of contract §3. */
export interface FreshKeys {
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly signingKey: string;
  readonly webhookSecret: string;
}

const KEY_BYTES = 32;
const TAIL_LENGTH = 4;

/** Creates one key of each kind and a new webhook secret for a merchant. */
export async function createKeys(deps: KeyDeps, merchant: Merchant): Promise<FreshKeys> {
  const { ids, seal } = deps;
  const mode = merchant.environment === "production" ? "live" : "test";
  const fresh = {
    publishableKey: `pk_${mode}_${ids.secret(KEY_BYTES)}`,
    secretKey: `sk_${mode}_${ids.secret(KEY_BYTES)}`,
    signingKey: `sgn_${mode}_${ids.secret(KEY_BYTES)}`,
    webhookSecret: `whsec_${Buffer.from(ids.secret(KEY_BYTES), "base64url").toString("base64")}`,
  };
  await keep(deps, merchant, "publishable", fresh.publishableKey, null);
  await keep(deps, merchant, "secret", fresh.secretKey, null);
  await keep(deps, merchant, "signing", fresh.signingKey, seal.seal(fresh.signingKey));
  await deps.merchants.setWebhookSecret(merchant.id, seal.seal(fresh.webhookSecret));
  return fresh;
}

async function keep(
  deps: KeyDeps,
  merchant: Merchant,
  kind: KeyKind,
  key: string,
  sealed: string | null,
): Promise<void> {
  await deps.merchants.addKey({
    id: deps.ids.row("key"),
    merchantId: merchant.id,
    environment: merchant.environment,
    kind,
    hash: sha256Hex(key),
    tail: key.slice(-TAIL_LENGTH),
    sealed,
    createdAt: deps.clock.now(),
  });
}
