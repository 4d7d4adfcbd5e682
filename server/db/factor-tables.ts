/** The second factors of people who have some: the authenticator's secret, passkeys, and codes for when both are lost. */
import type { UserId } from "../core/payment.ts";
import type { Dialect } from "./dialect.ts";
import type { usersTable } from "./people-tables.ts";

export function secondFactorsTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table("second_factors", {
    /** The person's id: one factor each. */
    id: d
      .text<UserId>("id")
      .primaryKey()
      .references(() => users.id),
    secretSealed: d.text("secret_sealed").notNull(),
    createdAt: d.instant("created_at").notNull(),
    /** Null until a first code proved that the app has the secret; it guards nothing before. */
    confirmedAt: d.instant("confirmed_at"),
    /** The newest step whose code was used: a code works once. */
    lastStep: d.count("last_step").notNull(),
  });
}

export function recoveryCodesTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table(
    "recovery_codes",
    {
      /** SHA-256 of 80 random bits, which nobody can try through. */
      hash: d.text("hash").primaryKey(),
      userId: d
        .text<UserId>("user_id")
        .notNull()
        .references(() => users.id),
      usedAt: d.instant("used_at"),
    },
    (t) => [d.index("recovery_codes_by_user").on(t.userId)],
  );
}

/** The public halves of keys that people's devices keep (WebAuthn): nothing here opens anything. */
export function passkeysTable(d: Dialect, users: ReturnType<typeof usersTable>) {
  return d.table(
    "passkeys",
    {
      id: d.text("id").primaryKey(),
      userId: d
        .text<UserId>("user_id")
        .notNull()
        .references(() => users.id),
      /** Base64url, as browsers name it. */
      credentialId: d.text("credential_id").notNull(),
      /** COSE, base64url. */
      publicKey: d.text("public_key").notNull(),
      /** How often the authenticator says it was used; 0 for ever where it does not count. */
      signCount: d.large("sign_count").notNull(),
      /** How a browser may reach it, such as "internal" or "usb". */
      transports: d.json<readonly string[]>("transports").notNull(),
      name: d.text("name").notNull(),
      createdAt: d.instant("created_at").notNull(),
      lastUsedAt: d.instant("last_used_at"),
    },
    (t) => [
      d.uniqueIndex("passkeys_one_per_credential").on(t.credentialId),
      d.index("passkeys_by_user").on(t.userId),
    ],
  );
}
