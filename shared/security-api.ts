/** The contract of a person's own safety: proving who they are once more, and the second factor. */
import { z } from "zod";

const password = z.string().min(1, "enter your password").max(256);
/** Six digits of the app, or a recovery code, with whatever spaces and dashes people type. */
const code = z.string().trim().min(1, "enter the code").max(64);

/** `code` where the person has a second factor, else `password`; the refusal's `param` says which. */
export const stepUpRequest = z.strictObject({
  password: password.optional(),
  code: code.optional(),
});

export const securityView = z.object({
  secondFactor: z.enum(["on", "off"]),
  /** Since when, and how many recovery codes are unused; null while it is off. */
  since: z.iso.datetime().nullable(),
  recoveryCodesLeft: z.int().nullable(),
});
export type SecurityView = z.infer<typeof securityView>;

/** What an authenticator app needs; it is shown this once and guards nothing until a code confirms it. */
export const factorBegun = z.object({
  /** Base32, for typing. */
  secret: z.string(),
  uri: z.string(),
  /** The uri as a QR code: rows of 0 and 1, quiet zone included. */
  qr: z.array(z.string()),
});
export type FactorBegun = z.infer<typeof factorBegun>;

export const factorConfirmRequest = z.strictObject({ code });
export const factorOffRequest = z.strictObject({ password, code });

/** The only time recovery codes are shown. */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()), view: securityView });
export type RecoveryCodes = z.infer<typeof recoveryCodes>;
