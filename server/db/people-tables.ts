/** Merchants, their keys, and the people who sign in. */

import { sql } from "drizzle-orm";
import type { LogoType } from "../../shared/brand-rules.ts";
import type { Cents } from "../../shared/money.ts";
import type { PromptLimits } from "../../shared/prompt-limits.ts";
import type { Environment } from "../../shared/words.ts";
import type { MerchantId, UserId } from "../core/payment.ts";
import type { KeyKind, User } from "../ports.ts";
import type { Dialect } from "./dialect.ts";

export function merchantsTable(d: Dialect) {
  return d.table(
    "merchants",
    {
      id: d.text<MerchantId>("id").primaryKey(),
      environment: d.text<Environment>("environment").notNull(),
      name: d.text("name").notNull(),
      shortcode: d.text("shortcode").notNull(),
      allowedOrigins: d.json<readonly string[]>("allowed_origins").notNull(),
      webhookSecretSealed: d.text("webhook_secret_sealed"),
      isDefault: d.yesNo("is_default").notNull(),
      /** Buy Goods: the till that is paid, beside the store number in `shortcode`; empty for a pay bill. */
      till: d.text("till").notNull().default(""),
      /** Of a further merchant: consumer key, consumer secret and passkey. */
      credentialsSealed: d.text("credentials_sealed"),
      /** Of a further merchant: whether Pull Transactions may be asked. */
      pulls: d.yesNo("pulls").notNull().default(0),
      pausedAt: d.instant("paused_at"),
      /** `#rrggbb`; null wears Lipia's green. */
      accent: d.text("accent"),
      /** The logo's address and type, beside the picture itself in base64: all three or none. */
      logoHash: d.text("logo_hash"),
      logoType: d.text<LogoType>("logo_type"),
      logoBase64: d.text("logo_base64"),
      brandVersion: d.count("brand_version").notNull().default(1),
      /** From this amount two people decide; null: one is enough. */
      twoPersonFrom: d.cents<Cents>("two_person_from"),
      /** Null for Lipia's defaults. */
      promptLimits: d.json<PromptLimits>("prompt_limits"),
      limitsVersion: d.count("limits_version").notNull().default(1),
      /** After so many days numbers of finished payments go; null keeps them. */
      retentionDays: d.count("retention_days"),
      retentionVersion: d.count("retention_version").notNull().default(1),
    },
    (t) => [
      d.uniqueIndex("merchants_one_default").on(t.environment).where(sql.raw("is_default = 1")),
      d
        .uniqueIndex("merchants_one_per_number")
        .on(t.environment, t.shortcode, t.till)
        .where(sql.raw("is_default = 0")),
    ],
  );
}

export function keysTable(d: Dialect, merchants: ReturnType<typeof merchantsTable>) {
  return d.table(
    "keys",
    {
      id: d.text("id").primaryKey(),
      merchantId: d
        .text<MerchantId>("merchant_id")
        .notNull()
        .references(() => merchants.id),
      environment: d.text<Environment>("environment").notNull(),
      kind: d.text<KeyKind>("kind").notNull(),
      hash: d.text("hash").notNull(),
      tail: d.text("tail").notNull(),
      sealed: d.text("sealed"),
      createdAt: d.instant("created_at").notNull(),
      lastUsedAt: d.instant("last_used_at"),
      revokedAt: d.instant("revoked_at"),
    },
    (t) => [d.uniqueIndex("keys_one_per_hash").on(t.hash)],
  );
}

export function usersTable(d: Dialect) {
  return d.table(
    "users",
    {
      id: d.text<UserId>("id").primaryKey(),
      email: d.text("email").notNull(),
      passwordHash: d.text("password_hash").notNull(),
      role: d.text<User["role"]>("role").notNull(),
      createdAt: d.instant("created_at").notNull(),
      /** To within a few minutes; outlives the sessions. */
      lastSeenAt: d.instant("last_seen_at"),
      /** Who was removed stays, since what they did names them; the address is free again. */
      removedAt: d.instant("removed_at"),
    },
    (t) => [d.uniqueIndex("users_one_per_email").on(t.email).where(sql.raw("removed_at is null"))],
  );
}

/** Who may come in by a link. Its token is kept as a hash; using it takes the row away. */
export function invitationsTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table(
    "invitations",
    {
      id: d.text("id").primaryKey(),
      email: d.text("email").notNull(),
      role: d.text<User["role"]>("role").notNull(),
      tokenHash: d.text("token_hash").notNull(),
      invitedBy: d
        .text<UserId>("invited_by")
        .notNull()
        .references(() => users.id),
      createdAt: d.instant("created_at").notNull(),
      expiresAt: d.instant("expires_at").notNull(),
    },
    (t) => [
      d.uniqueIndex("invitations_one_per_email").on(t.email),
      d.uniqueIndex("invitations_one_per_token").on(t.tokenHash),
    ],
  );
}

export function sessionsTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table(
    "sessions",
    {
      idHash: d.text("id_hash").primaryKey(),
      userId: d
        .text<UserId>("user_id")
        .notNull()
        .references(() => users.id),
      createdAt: d.instant("created_at").notNull(),
      expiresAt: d.instant("expires_at").notNull(),
      /** To within a few minutes. */
      usedAt: d.instant("used_at"),
      /** In plain words, such as "Chrome, Android". */
      device: d.text("device"),
      provedAt: d.instant("proved_at"),
    },
    (t) => [
      d.index("sessions_by_expiry").on(t.expiresAt),
      d.index("sessions_by_user").on(t.userId),
    ],
  );
}
