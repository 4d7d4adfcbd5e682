/** The contract of a person's own safety: proving who they are once more, and the second factor. */
import { z } from "zod";
import { passkeyAnswer, passkeyPlace, passkeyView } from "./passkey-api.ts";

const password = z.string().min(1, "enter your password").max(256);
/** Six digits of the app, or a recovery code, with whatever spaces and dashes people type. */
const code = z.string().trim().min(1, "enter the code").max(64);

/** `code` or `passkey` where the person has a second factor, else `password`; the refusal says which. */
export const stepUpRequest = z.strictObject({
  password: password.optional(),
  code: code.optional(),
  /** Answers the question of `dashboardPasskeyStepUp`. */
  passkey: passkeyAnswer.optional(),
});
export type StepUpRequest = z.infer<typeof stepUpRequest>;

export const securityView = z.object({
  /** The authenticator app, and since when; null while it is off. */
  secondFactor: z.enum(["on", "off"]),
  since: z.iso.datetime().nullable(),
  passkeys: z.array(passkeyView),
  passkeyPlace,
  /** How many recovery codes are unused; null for whoever has neither app nor passkey. */
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

/** The only time recovery codes are shown; none with a passkey that was not the first factor. */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()), view: securityView });
export type RecoveryCodes = z.infer<typeof recoveryCodes>;
