/** An authenticator in software, for tests over HTTP: it makes one passkey and signs as it is told, rightly or not. */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { PasskeyAnswer, PasskeyQuestion, PasskeyWish } from "../shared/passkey-api.ts";

/** What an honest authenticator would not do otherwise. */
interface Oddity {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  /** As if nobody had shown a finger or typed a PIN. */
  readonly unverified?: boolean;
  /** What it says it counted. */
  readonly count?: number;
  readonly userHandle?: string;
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** @param origin of the page that asks. */
export function softwarePasskey(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(32);
  let handle = "";
  let count = 0;

  const flags = (odd: Oddity, more = 0) =>
    PRESENT | (odd.unverified === true ? 0 : VERIFIED) | more;
  const client = (type: string, challenge: string, odd: Oddity) =>
    Buffer.from(
      JSON.stringify({
        type,
        challenge: odd.challenge ?? challenge,
        origin: odd.origin ?? origin,
        crossOrigin: false,
      }),
    );
  const head = (rpId: string, flag: number, counted: number) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(counted);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flag]), counter]);
  };
  const name = id.toString("base64url");

  return {
    id: name,
    make(wish: PasskeyWish, odd: Oddity = {}) {
      handle = wish.user.id;
      const { x = "", y = "" } = publicKey.export({ format: "jwk" });
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const authData = Buffer.concat([
        head(odd.rpId ?? wish.rp.id, flags(odd, HAS_CREDENTIAL), count),
        Buffer.alloc(16),
        length,
        id,
        coseKey(Buffer.from(x, "base64url"), Buffer.from(y, "base64url")),
      ]);
      return {
        id: name,
        rawId: name,
        type: "public-key" as const,
        response: {
          clientDataJSON: client("webauthn.create", wish.challenge, odd).toString("base64url"),
          attestationObject: attestation(authData).toString("base64url"),
          transports: ["internal"],
        },
      };
    },
    answer({ challenge, rpId }: PasskeyQuestion, odd: Oddity = {}): PasskeyAnswer {
      count += 1;
      const clientData = client("webauthn.get", challenge, odd);
      const authData = head(odd.rpId ?? rpId, flags(odd), odd.count ?? count);
      const signature = sign("sha256", Buffer.concat([authData, sha256(clientData)]), privateKey);
      return {
        id: name,
        rawId: name,
        type: "public-key",
        response: {
          clientDataJSON: clientData.toString("base64url"),
          authenticatorData: authData.toString("base64url"),
          signature: signature.toString("base64url"),
          userHandle: odd.userHandle ?? handle,
        },
      };
    },
  };
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

/** CBOR of {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}. */
function coseKey(x: Buffer, y: Buffer): Buffer {
  const bytes = (value: Buffer) => Buffer.concat([Buffer.from([0x58, value.length]), value]);
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    bytes(x),
    Buffer.from([0x22]),
    bytes(y),
  ]);
}

/** CBOR of {fmt: "none", attStmt: {}, authData}. */
function attestation(authData: Buffer): Buffer {
  const text = (value: string) =>
    Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
  const length = Buffer.from([0x58, authData.length]);
  return Buffer.concat([
    Buffer.from([0xa3]),
    text("fmt"),
    text("none"),
    text("attStmt"),
    Buffer.from([0xa0]),
    text("authData"),
    length,
    authData,
  ]);
}
