/** Makes a merchant's keys. Each is shown once; what is stored cannot be turned back, but for the
 * signing key and the webhook secret, which are sealed because HMAC needs them. */
import type { Environment } from "../../shared/words.ts";
import type {
  AuditActor,
  Clock,
  Ids,
  KeyKind,
  Merchant,
  MerchantStore,
  Seal,
  StoredKey,
} from "../ports.ts";
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

const PREFIXES: Readonly<Record<KeyKind, string>> = {
  publishable: "pk",
  secret: "sk",
  signing: "sgn",
};

/** What every key of a kind begins with: `sk_test_`, `pk_live_`. */
export function keyPrefix(kind: KeyKind, environment: Environment): string {
  return `${PREFIXES[kind]}_${environment === "production" ? "live" : "test"}_`;
}

/** Creates one key of each kind and a new webhook secret for a merchant, at a command's wish. */
export async function createKeys(deps: KeyDeps, merchant: Merchant): Promise<FreshKeys> {
  const { ids, seal } = deps;
  const publishable = await createKey(deps, merchant, "publishable", "command");
  const secret = await createKey(deps, merchant, "secret", "command");
  const signing = await createKey(deps, merchant, "signing", "command");
  const webhookSecret = `whsec_${Buffer.from(ids.secret(KEY_BYTES), "base64url").toString("base64")}`;
  await deps.merchants.setWebhookSecret(merchant.id, seal.seal(webhookSecret), {
    at: deps.clock.now(),
    actor: "command",
    action: "webhook_secret_made",
    target: merchant.id,
    details: {},
  });
  return {
    publishableKey: publishable.key,
    secretKey: secret.key,
    signingKey: signing.key,
    webhookSecret,
  };
}

/** Creates one key; `key` is shown this once. A signing key is sealed, the others are hashed only. */
export async function createKey(
  deps: KeyDeps,
  merchant: Merchant,
  kind: KeyKind,
  by: AuditActor,
): Promise<{ readonly key: string; readonly stored: StoredKey }> {
  const key = keyPrefix(kind, merchant.environment) + deps.ids.secret(KEY_BYTES);
  const stored = {
    id: deps.ids.row("key"),
    kind,
    tail: key.slice(-TAIL_LENGTH),
    createdAt: deps.clock.now(),
  };
  await deps.merchants.addKey(
    {
      ...stored,
      merchantId: merchant.id,
      environment: merchant.environment,
      hash: sha256Hex(key),
      sealed: kind === "signing" ? deps.seal.seal(key) : null,
    },
    {
      at: stored.createdAt,
      actor: by,
      action: "key_created",
      target: stored.id,
      details: { kind, tail: stored.tail, merchant: merchant.name },
    },
  );
  return { key, stored: { ...stored, lastUsedAt: null, revokedAt: null } };
}
