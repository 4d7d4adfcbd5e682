/**
 * The contract of passkeys. Questions and answers have the JSON shapes of WebAuthn Level 3 §5.1.8,
 * §5.1.9 and §5.1.10, so that browsers read and write them as they are.
 */
import { z } from "zod";
import { PASSKEY_NAME_MAX } from "./passkey-rules.ts";

const base64url = z.string().regex(/^[\w-]+$/, "must be base64url");
/** CTAP 2.1 allows 1023 bytes. */
const credentialId = base64url.max(1_400);
const part = base64url.max(12_000);
const password = z.string().min(1, "enter your password").max(256);
const name = z
  .string()
  .trim()
  .min(1, "give the passkey a name")
  .max(PASSKEY_NAME_MAX, `a name has at most ${PASSKEY_NAME_MAX} characters`);

const descriptor = z.object({
  id: credentialId,
  type: z.literal("public-key"),
  transports: z.array(z.string()),
});

/** What a browser asks its authenticators for a new passkey. */
export const passkeyWish = z.object({
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: base64url, name: z.string(), displayName: z.string() }),
  challenge: base64url,
  pubKeyCredParams: z.array(z.object({ alg: z.int(), type: z.literal("public-key") })),
  timeout: z.int(),
  attestation: z.literal("none"),
  excludeCredentials: z.array(descriptor),
  authenticatorSelection: z.object({
    residentKey: z.literal("required"),
    requireResidentKey: z.literal(true),
    userVerification: z.literal("required"),
  }),
});
export type PasskeyWish = z.infer<typeof passkeyWish>;

/** What a browser asks its authenticators to sign; without `allowCredentials` the person chooses. */
export const passkeyQuestion = z.object({
  rpId: z.string(),
  challenge: base64url,
  timeout: z.int(),
  userVerification: z.literal("required"),
  allowCredentials: z.array(descriptor),
});
export type PasskeyQuestion = z.infer<typeof passkeyQuestion>;

/** `handle` names the question when it is answered: who is not signed in has no session to bind it to. */
export const passkeyAsked = z.object({ handle: base64url, question: passkeyQuestion });
export type PasskeyAsked = z.infer<typeof passkeyAsked>;

export const passkeyAnswer = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: part,
    authenticatorData: part,
    signature: part,
    userHandle: base64url.max(100).optional(),
  }),
});
export type PasskeyAnswer = z.infer<typeof passkeyAnswer>;

export const passkeySignInRequest = z.strictObject({
  handle: base64url.max(64),
  answer: passkeyAnswer,
});

const newPasskey = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: part,
    attestationObject: part,
    transports: z.array(z.string().max(32)).max(10).optional(),
  }),
});
export type NewPasskey = z.infer<typeof newPasskey>;

export const addPasskeyRequest = z.strictObject({ name, passkey: newPasskey });
export const namePasskeyRequest = z.strictObject({ name });
export const removePasskeyRequest = z.strictObject({ password });

export const passkeyView = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type PasskeyView = z.infer<typeof passkeyView>;

/**
 * Where passkeys work: at the host of PUBLIC_URL. Browsers make none for an address of digits, nor
 * on plain http beyond this machine.
 */
export const passkeyPlace = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("host"), host: z.string() }),
  z.object({ kind: z.enum(["ip_address", "plain_http"]) }),
]);
export type PasskeyPlace = z.infer<typeof passkeyPlace>;
