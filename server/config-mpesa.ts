/** The M-Pesa part of the configuration: environment, credentials, addresses; half a set-up is named. */
import ipaddr from "ipaddr.js";
import type { Environment } from "../shared/words.ts";
import { DARAJA_BASE_URLS } from "./daraja/requests.ts";
import { type CallbackTrust, SAFARICOM_ADDRESSES } from "./daraja/source-addresses.ts";

/** Reads one variable, or its NAME_FILE. */
export type Read = (name: string) => string | undefined;

export const TRANSACTION_TYPES = ["CustomerPayBillOnline", "CustomerBuyGoodsOnline"] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

/** What stands behind the default merchant. */
export type Mpesa =
  | { readonly kind: "simulator"; readonly speed: number }
  | {
      readonly kind: "daraja";
      readonly environment: "sandbox" | "production";
      readonly baseUrl: string;
      readonly consumerKey: string;
      readonly consumerSecret: string;
      readonly shortcode: string;
      readonly passkey: string;
      readonly transactionType: TransactionType;
      readonly partyB: string;
    };

/** Words that Daraja refuses in a callback address (daraja.md §4). */
const REFUSED_WORDS = ["m-pesa", "mpesa", "safaricom", "exe", "exec", "cmd", "sql", "query"];
/** Tunnels that production blocks; the sandbox was seen to call them (daraja.md §4). */
const REFUSED_TUNNELS = ["ngrok", "mockbin", "requestbin"];
/** What the sandbox gives to everybody (daraja.md §10): with these, production cannot work. */
const SANDBOX_SHORTCODE = "174379";
const SANDBOX_PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";

/** Which of these everybody has: with them, production cannot work. */
export function ofTheSandbox(given: {
  readonly shortcode: string;
  readonly passkey: string;
}): "shortcode" | "passkey" | null {
  if (given.shortcode === SANDBOX_SHORTCODE) return "shortcode";
  return given.passkey === SANDBOX_PASSKEY ? "passkey" : null;
}

/** A host without the brackets of IPv6 and without the root's dot. */
function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$|\.$/g, "");
}

/** True for `localhost`, 127.0.0.0/8 and ::1. */
export function isLoopbackHost(hostname: string): boolean {
  const bare = bareHost(hostname);
  if (bare === "localhost" || bare.endsWith(".localhost")) return true;
  return ipaddr.isValid(bare) && ipaddr.parse(bare).range() === "loopback";
}

const REQUIRED = [
  "MPESA_CONSUMER_KEY",
  "MPESA_CONSUMER_SECRET",
  "MPESA_SHORTCODE",
  "MPESA_PASSKEY",
] as const;

/** The default merchant's M-Pesa; each fault adds a sentence to `faults`. */
export function mpesaOf(read: Read, faults: string[]): Mpesa {
  const environment = environmentOf(read, faults);
  const values = REQUIRED.map((name) => [name, read(name)] as const);
  const missing = values.filter(([, value]) => value === undefined).map(([name]) => name);
  const present = values.filter(([, value]) => value !== undefined).map(([name]) => name);
  if (environment === "simulator") {
    if (present.length > 0) {
      faults.push(
        `${present.join(", ")} set, but MPESA_ENVIRONMENT is simulator. Set MPESA_ENVIRONMENT to sandbox or production, or remove the credentials.`,
      );
    }
    return { kind: "simulator", speed: speedOf(read("SIMULATOR_SPEED"), faults) };
  }
  if (missing.length > 0) faults.push(`M-Pesa needs these too: ${missing.join(", ")}.`);
  const transactionType = read("MPESA_TRANSACTION_TYPE") ?? "CustomerPayBillOnline";
  const known = TRANSACTION_TYPES.find((type) => type === transactionType);
  if (known === undefined) {
    faults.push(`MPESA_TRANSACTION_TYPE must be ${TRANSACTION_TYPES.join(" or ")}.`);
  }
  const [consumerKey = "", consumerSecret = "", shortcode = "", passkey = ""] = values.map(
    ([, value]) => value,
  );
  if (shortcode !== "" && !/^\d{5,7}$/.test(shortcode))
    faults.push("MPESA_SHORTCODE must be 5 to 7 digits.");
  const partyB = read("MPESA_PARTY_B") ?? shortcode;
  if (partyB !== "" && !/^\d{5,7}$/.test(partyB))
    faults.push("MPESA_PARTY_B must be 5 to 7 digits.");
  const baseUrl = baseUrlOf(read, environment, faults);
  if (environment === "production" && shortcode === SANDBOX_SHORTCODE) {
    faults.push("MPESA_SHORTCODE 174379 is the public sandbox number; production needs your own.");
  }
  if (environment === "production" && passkey === SANDBOX_PASSKEY) {
    faults.push("MPESA_PASSKEY is the public sandbox's; production needs your own.");
  }
  return {
    kind: "daraja",
    environment,
    baseUrl,
    consumerKey,
    consumerSecret,
    shortcode,
    passkey,
    transactionType: known ?? "CustomerPayBillOnline",
    partyB,
  };
}

function environmentOf(read: Read, faults: string[]): Environment {
  const text = read("MPESA_ENVIRONMENT");
  switch (text) {
    case "simulator":
    case "sandbox":
    case "production":
      return text;
    case undefined:
      if (REQUIRED.every((name) => read(name) === undefined)) return "simulator";
      faults.push("MPESA_ENVIRONMENT must say sandbox or production when credentials are set.");
      return "sandbox";
    default:
      faults.push("MPESA_ENVIRONMENT must be simulator, sandbox or production.");
      return "sandbox";
  }
}

function baseUrlOf(read: Read, environment: "sandbox" | "production", faults: string[]): string {
  const text = read("MPESA_BASE_URL");
  if (text === undefined) return DARAJA_BASE_URLS[environment];
  if (environment === "production") {
    faults.push("MPESA_BASE_URL is refused with MPESA_ENVIRONMENT=production; remove it.");
  }
  const url = plainAddress(text);
  if (url === null) {
    faults.push("MPESA_BASE_URL must be an http(s) address.");
    return DARAJA_BASE_URLS[environment];
  }
  if (url.origin === DARAJA_BASE_URLS.production && environment === "sandbox") {
    faults.push("MPESA_BASE_URL is production's, but MPESA_ENVIRONMENT is sandbox.");
  } else if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    faults.push("MPESA_BASE_URL must be https unless it is a loopback address.");
  }
  return text.replace(/\/+$/, "");
}

/** An http(s) address to which a path can be appended, or null. */
function plainAddress(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const plain = url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  return plain && /^https?:$/.test(url.protocol) ? url : null;
}

function speedOf(text: string | undefined, faults: string[]): number {
  if (text === undefined) return 1;
  const speed = Number(text);
  if (Number.isFinite(speed) && speed >= 0.01 && speed <= 100_000) return speed;
  faults.push("SIMULATOR_SPEED must be a number from 0.01 to 100000.");
  return 1;
}

/**
 * Where Daraja calls back. Null in simulator mode: the simulator calls this very machine, whatever
 * PUBLIC_URL says.
 */
export function callbackBaseOf(
  read: Read,
  publicUrl: URL | null,
  mpesa: Mpesa,
  faults: string[],
): string | null {
  if (mpesa.kind === "simulator" && read("MPESA_CALLBACK_URL") === undefined) return null;
  const own = `${publicUrl?.origin ?? "http://localhost"}/daraja/callbacks`;
  const text = (read("MPESA_CALLBACK_URL") ?? own).replace(/\/+$/, "");
  const url = plainAddress(text);
  if (url === null) {
    faults.push(
      "MPESA_CALLBACK_URL must be an address, such as https://pay.example.co.ke/daraja/callbacks.",
    );
    return text;
  }
  if (mpesa.kind === "daraja" && !isLoopbackHost(new URL(mpesa.baseUrl).hostname)) {
    faults.push(...callbackFaults(url, mpesa.environment));
  }
  return text;
}

/** What keeps Daraja from calling an address back: it must be public https without refused words. */
function callbackFaults(url: URL, environment: "sandbox" | "production"): readonly string[] {
  const faults: string[] = [];
  const address = url.href.toLowerCase();
  if (url.protocol !== "https:") faults.push(`The callback address ${url.origin} must be https.`);
  if (!isPublicHost(url.hostname)) {
    faults.push(
      `The callback address ${url.origin} is not public, so M-Pesa cannot reach it. Set PUBLIC_URL or MPESA_CALLBACK_URL.`,
    );
  }
  const refused = [...REFUSED_WORDS, ...(environment === "production" ? REFUSED_TUNNELS : [])];
  const word = refused.find((candidate) => address.includes(candidate));
  if (word !== undefined) {
    faults.push(
      `The callback address contains "${word}", which M-Pesa refuses. Set MPESA_CALLBACK_URL.`,
    );
  }
  return faults;
}

/** Names that no public resolver knows. */
const PRIVATE_NAMES = /\.(?:local|internal|lan|home\.arpa)$/;

function isPublicHost(hostname: string): boolean {
  const bare = bareHost(hostname);
  if (isLoopbackHost(bare) || PRIVATE_NAMES.test(bare)) return false;
  if (ipaddr.isValid(bare)) return ipaddr.parse(bare).range() === "unicast";
  return bare.includes(".");
}

/**
 * How much a callback on the right address is trusted by itself: `any`, `listed` (Safaricom's
 * published addresses), `strict` (always a second source, however long it is silent), or addresses
 * and CIDRs of your own.
 */
export function callbackTrustOf(
  text: string | undefined,
  mpesa: Mpesa,
  faults: string[],
): CallbackTrust {
  const production = mpesa.kind === "daraja" && mpesa.environment === "production";
  switch (text ?? (production ? "listed" : "any")) {
    case "any":
      return { kind: "any" };
    case "strict":
      return { kind: "strict" };
    case "listed":
      return { kind: "listed", ranges: SAFARICOM_ADDRESSES };
    default: {
      const ranges = (text ?? "").split(",").map((range) => range.trim());
      if (!ranges.every((range) => ipaddr.isValidCIDR(range) || ipaddr.isValid(range))) {
        faults.push(
          "MPESA_CALLBACK_TRUST must be any, listed, strict, or addresses and CIDRs separated by commas.",
        );
      }
      return { kind: "listed", ranges };
    }
  }
}
