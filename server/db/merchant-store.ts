/** Merchants and the keys their servers and pages call with. */
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Environment } from "../../shared/words.ts";
import type { MerchantId } from "../core/payment.ts";
import type { KeyKind, MerchantStore, StoredKey } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { NO_BRAND } from "./brand-store.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import { furtherMerchants } from "./further-merchants.ts";
import { knownMerchant, type MerchantRow, merchantColumns, merchantOf } from "./merchant-rows.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";

const insertMerchant: Template = (db, t) =>
  db.insert(t.merchants).values(rowSlots(t.merchants)).onConflictDoNothing();

/** The configuration says the shortcode; name and origins belong to the merchant once it exists. */
const moveDefault: Template = (db, t) =>
  db
    .update(t.merchants)
    .set(setSlots(t.merchants, ["shortcode"]))
    .where(
      and(eq(t.merchants.environment, slot("environment")), sql`${t.merchants.isDefault} = 1`),
    );

const readDefault: Template<MerchantRow[]> = (db, t) =>
  db
    .select(merchantColumns(t))
    .from(t.merchants)
    .where(
      and(eq(t.merchants.environment, slot("environment")), sql`${t.merchants.isDefault} = 1`),
    );

const readById: Template<MerchantRow[]> = (db, t) =>
  db
    .select(merchantColumns(t))
    .from(t.merchants)
    .where(eq(t.merchants.id, slot("id")));

const setSecret: Template = (db, t) =>
  db
    .update(t.merchants)
    .set(setSlots(t.merchants, ["webhookSecretSealed"]))
    .where(eq(t.merchants.id, slot("id")))
    .returning({ id: t.merchants.id });

const insertKey: Template = (db, t) =>
  db.insert(t.keys).values(rowSlots(t.keys)).onConflictDoNothing().returning({ id: t.keys.id });

const keyByHash: Template<
  { id: string; kind: KeyKind; merchantId: MerchantId; environment: Environment }[]
> = (db, t) =>
  db
    .select({
      id: t.keys.id,
      kind: t.keys.kind,
      merchantId: t.keys.merchantId,
      environment: t.keys.environment,
    })
    .from(t.keys)
    .where(and(eq(t.keys.hash, slot("hash")), isNull(t.keys.revokedAt)));

const keysOfMerchant: Template<StoredKey[]> = (db, t) =>
  db
    .select({
      id: t.keys.id,
      kind: t.keys.kind,
      tail: t.keys.tail,
      createdAt: t.keys.createdAt,
      lastUsedAt: t.keys.lastUsedAt,
      revokedAt: t.keys.revokedAt,
    })
    .from(t.keys)
    .where(eq(t.keys.merchantId, slot("merchantId")))
    .orderBy(desc(t.keys.createdAt), desc(t.keys.id));

const endKey: Template = (db, t) =>
  db
    .update(t.keys)
    .set(setSlots(t.keys, ["revokedAt"]))
    .where(
      and(
        eq(t.keys.id, slot("id")),
        eq(t.keys.merchantId, slot("merchantId")),
        isNull(t.keys.revokedAt),
      ),
    )
    .returning({ id: t.keys.id });

const touchKey: Template = (db, t) =>
  db
    .update(t.keys)
    .set(setSlots(t.keys, ["lastUsedAt"]))
    .where(eq(t.keys.id, slot("id")));

/** The text that was read guards the write: the list has no version of its own. */
const replaceOrigins: Template = (db, t) =>
  db
    .update(t.merchants)
    .set(setSlots(t.merchants, ["allowedOrigins"]))
    .where(
      and(
        eq(t.merchants.id, slot("id")),
        eq(t.merchants.allowedOrigins, sql`${sql.param(slot("was"), t.merchants.allowedOrigins)}`),
      ),
    )
    .returning({ id: t.merchants.id });

/** What the default merchant has in the environment instead. */
const OF_CONFIGURATION = {
  webhookSecretSealed: null,
  isDefault: 1,
  till: "",
  credentialsSealed: null,
  pulls: 0,
  twoPersonFrom: null,
} as const;

/** What was read guards the write; no amount is 0, so that it stands for none. */
const setTwoPerson: Template = (db, t) =>
  db
    .update(t.merchants)
    .set(setSlots(t.merchants, ["twoPersonFrom"]))
    .where(
      and(
        eq(t.merchants.id, slot("id")),
        sql`coalesce(${t.merchants.twoPersonFrom}, 0) = ${slot("was")}`,
      ),
    )
    .returning({ id: t.merchants.id });

export function createMerchantStore(engine: Engine, chain: AuditChain): MerchantStore {
  return {
    async ensureDefault(merchant) {
      const { environment, shortcode } = merchant;
      const known = (await engine.read(readDefault, { environment }))[0];
      if (known?.shortcode === shortcode) return merchantOf(known);
      const row = { ...merchant, ...NO_BRAND, ...OF_CONFIGURATION };
      await engine.commit([run(insertMerchant, row), run(moveDefault, { environment, shortcode })]);
      const [made] = await engine.read(readDefault, { environment });
      if (made === undefined) throw new Error(`the merchant id ${merchant.id} is another's`);
      return merchantOf(made);
    },
    ...furtherMerchants(engine, chain),
    async byId(id) {
      const [row] = await engine.read(readById, { id });
      return row === undefined ? null : knownMerchant(row);
    },
    async addKey(key, audit) {
      const row = { ...key, lastUsedAt: null, revokedAt: null };
      const added = await chain.commit([must("unique", run(insertKey, row))], audit);
      if (!added.ok) throw new Error("this key exists already");
    },
    async setWebhookSecret(id, sealed, audit) {
      const params = { id, webhookSecretSealed: sealed };
      const set = await chain.commit([must("unique", run(setSecret, params))], audit);
      if (!set.ok) throw new Error(`there is no merchant ${id}`);
    },
    async keysOf(merchantId) {
      return engine.read(keysOfMerchant, { merchantId });
    },
    async revokeKey(merchantId, id, at, audit) {
      const params = { merchantId, id, revokedAt: at };
      return (await chain.commit([must("unique", run(endKey, params))], audit)).ok;
    },
    async noteKeyUse(id, at) {
      await engine.commit([run(touchKey, { id, lastUsedAt: at })]);
    },
    async setOrigins(id, origins, was, audit) {
      const params = { id, allowedOrigins: origins, was };
      return (await chain.commit([must("version", run(replaceOrigins, params))], audit)).ok;
    },
    async setTwoPerson(id, twoPersonFrom, was, audit) {
      const set = run(setTwoPerson, { id, twoPersonFrom, was: was ?? 0 });
      return (await chain.commit([must("version", set)], audit)).ok;
    },
    async keyByHash(hash) {
      return (await engine.read(keyByHash, { hash }))[0] ?? null;
    },
  };
}
