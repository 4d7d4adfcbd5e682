/** For whom passkeys are made (WebAuthn's relying party), and how one's signature is checked. */
import { isIP } from "node:net";
import type { NewPasskey, PasskeyAnswer, PasskeyPlace } from "../../shared/passkey-api.ts";
import type { Log, Passkey } from "../ports.ts";

/** COSE: Ed25519, ES256 and RS256, which every authenticator speaks one of. */
export const ALGORITHMS = [-8, -7, -257] as const;
/** Browsers count these as safe without https. */
const THIS_MACHINE = /(^|\.)localhost$/;

/** Where passkeys work, by PUBLIC_URL. */
export function passkeyPlaceOf(publicUrl: string): PasskeyPlace {
  const { protocol, hostname } = new URL(publicUrl);
  if (isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) return { kind: "ip_address" };
  if (protocol !== "https:" && !THIS_MACHINE.test(hostname)) return { kind: "plain_http" };
  return { kind: "host", host: hostname };
}

export interface PartyDeps {
  /** The origin of PUBLIC_URL, where the dashboard stands. */
  readonly publicUrl: string;
  readonly log: Log;
}

/** What an authenticator signed, or null when it is not what was asked for here. */
export async function signedCount(
  { publicUrl, log }: PartyDeps,
  passkey: Passkey,
  answer: PasskeyAnswer,
  challenge: string,
): Promise<number | null> {
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...answer, clientExtensionResults: {} },
      expectedChallenge: challenge,
      ...expectedPlace(publicUrl),
      // The count is compared where it is written, so that two at once cannot both be first.
      credential: {
        id: passkey.credentialId,
        publicKey: Buffer.from(passkey.publicKey, "base64url"),
        counter: 0,
      },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch (error) {
    log.warn("passkey_not_verified", { userId: passkey.userId, error: String(error) });
    return null;
  }
}

/** A new passkey's parts, or null when it is not what was asked for here. */
export async function madePasskey(
  { publicUrl, log }: PartyDeps,
  made: NewPasskey,
  challenge: string,
): Promise<Pick<Passkey, "credentialId" | "publicKey" | "signCount"> | null> {
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...made, clientExtensionResults: {} },
      expectedChallenge: challenge,
      ...expectedPlace(publicUrl),
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (!verified) return null;
    const { id, publicKey, counter } = registrationInfo.credential;
    const key = Buffer.from(publicKey).toString("base64url");
    return { credentialId: id, publicKey: key, signCount: counter };
  } catch (error) {
    log.warn("passkey_not_made", { error: String(error) });
    return null;
  }
}

function expectedPlace(publicUrl: string) {
  return { expectedOrigin: publicUrl, expectedRPID: new URL(publicUrl).hostname };
}
