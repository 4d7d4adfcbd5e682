/** The contract of the dashboard's settings: keys, websites, and who the merchant is. */
import { z } from "zod";

/** Kinds of key by what they open (contract §3). */
export const KEY_KINDS = ["publishable", "secret", "signing"] as const;

const instant = z.iso.datetime();
const ORIGINS_MAX = 50;

/**
 * One website: scheme and host, nothing behind it. http passes on this machine only, since the page
 * around a payment could be changed on its way otherwise.
 */
const origin = z
  .string()
  .max(253)
  .refine(isOrigin, "a website is written https://shop.co.ke, without a path");

function isOrigin(text: string): boolean {
  return /^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/.test(text) || isLoopbackOrigin(text);
}

function isLoopbackOrigin(text: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(text);
}

/** A key as it may be shown: never the key itself, only what it begins and ends with. */
export const keyView = z.object({
  id: z.string(),
  kind: z.enum(KEY_KINDS),
  prefix: z.string(),
  tail: z.string(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
});
export type KeyView = z.infer<typeof keyView>;

export const settingsView = z.object({
  merchant: z.object({ id: z.string(), name: z.string(), shortcode: z.string() }),
  /** Where browsers and shops reach this Lipia. */
  publicUrl: z.string(),
  /** Where M-Pesa calls back, without the secret part of an attempt. */
  callbackBase: z.string(),
  /** When a callback arrived last, or null: a sign that the address can be reached. */
  lastCallbackAt: instant.nullable(),
  allowedOrigins: z.array(z.string()),
  keys: z.array(keyView),
});
export type SettingsView = z.infer<typeof settingsView>;

/** `was` is what the page had read: when somebody changed it meanwhile, nothing is overwritten. */
export const originsRequest = z.strictObject({
  was: z.array(z.string().max(253)).max(ORIGINS_MAX),
  origins: z.array(origin).max(ORIGINS_MAX, `at most ${ORIGINS_MAX} websites`),
});

export const newKeyRequest = z.strictObject({ kind: z.enum(KEY_KINDS) });

/** The only time a key is shown. */
export const newKeyAnswer = z.object({ key: z.string(), view: keyView });
export type NewKeyAnswer = z.infer<typeof newKeyAnswer>;
