/**
 * The only reader of the environment. Variables become unions once, at start; a half set-up
 * refuses to start and names what is missing (contract §2).
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import ipaddr from "ipaddr.js";
import { mailOf } from "./config-mail.ts";
import { callbackBaseOf, callbackTrustOf, type Mpesa, mpesaOf, type Read } from "./config-mpesa.ts";
import type { CallbackTrust } from "./daraja/source-addresses.ts";
import type { SmtpDoor } from "./mail/smtp.ts";
import { type FormerSecret, parseRing, ringFromFile } from "./secret.ts";

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: URL;
  readonly databasePath: string;
  /** Seals, hashes and makes addresses from now on. */
  readonly secret: Buffer;
  /** Still open and recognise what was made under them, newest first. */
  readonly formerSecrets: readonly FormerSecret[];
  /** The file beside the database that holds the secrets, unless the environment gives them. */
  readonly secretFile: string | null;
  readonly admin: { readonly email: string; readonly password: string } | null;
  readonly mpesa: Mpesa;
  /** Null until the server knows its port: the simulator calls back on this machine. */
  readonly callbackBase: string | null;
  /** What customers and people see as the shop's name; null for a name made of the shortcode. */
  readonly merchantName: string | null;
  readonly callbackTrust: CallbackTrust;
  /** Whether Daraja's list of what came in may be asked: a product of its own at Safaricom. */
  readonly pull: "asked" | "off";
  readonly trustProxy: number | readonly string[];
  readonly logLevel: string;
  readonly limits: "enforced" | "test_phones_exempt";
  /** Null without a mail server: alerts then stay in the browser. */
  readonly mail: SmtpDoor | null;
}

const PASSWORD_MIN = 10;
const PASSWORD_MAX = 256;
const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];
/** A configuration that cannot work, with a sentence for each fault. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    const once = [...new Set(faults)];
    super(`Lipia cannot start:\n${once.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = once;
  }
}

export type Env = Readonly<Record<string, string | undefined>>;

/** Reads and checks everything; the secret file is made when it is absent and allowed. */
export function readConfig(env: Env = process.env): Config {
  const faults: string[] = [];
  const read = reader(env, faults);
  const host = read("HOST") ?? "127.0.0.1";
  const port = portOf(read("PORT") ?? "4100", faults);
  const publicUrl = addressOf(
    "PUBLIC_URL",
    read("PUBLIC_URL") ?? `http://localhost:${port}`,
    faults,
  );
  const mpesa = mpesaOf(read, faults);
  const databasePath = databasePathOf(read("DATABASE_URL") ?? "file:data/lipia.db", faults);
  const callbackBase = callbackBaseOf(read, publicUrl, mpesa, faults);
  const callbackTrust = callbackTrustOf(read("MPESA_CALLBACK_TRUST"), mpesa, faults);
  const pull = pullOf(read("MPESA_PULL_ENABLED"), faults);
  const trustProxy = trustProxyOf(read("TRUST_PROXY"), faults);
  const logLevel = read("LOG_LEVEL") ?? "info";
  if (!LOG_LEVELS.includes(logLevel))
    faults.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}.`);
  const limits = limitsOf(read("LIPIA_LIMITS"), mpesa, faults);
  const mail = mailOf(read, faults);
  const admin = adminOf(read, faults);
  const given = read("LIPIA_SECRET");
  const givenRing = given === undefined ? null : parseRing(given);
  if (given !== undefined && givenRing === null) {
    faults.push(
      "LIPIA_SECRET must be 64 hex digits (32 bytes), after a rotation followed by a comma and the one before (NEW,OLD retired 2026-03-02T09:00:00Z); make one with: openssl rand -hex 32",
    );
  }
  if (given === undefined && mpesa.kind === "daraja" && mpesa.environment === "production") {
    faults.push("LIPIA_SECRET is required in production; make one with: openssl rand -hex 32");
  }
  const secretPath = join(dirname(databasePath), "lipia.secret");
  if (given === undefined && isLost(secretPath, databasePath)) {
    faults.push(
      `${secretPath} is missing, but ${databasePath} was written with it. Restore it from your backup, or set LIPIA_SECRET to what it was: without it nothing stored can be read.`,
    );
  }
  if (faults.length > 0 || publicUrl === null) throw new ConfigError(faults);
  const ring = givenRing ?? ringFromFile(secretPath);
  return {
    host,
    port,
    publicUrl,
    databasePath,
    secret: ring.current,
    formerSecrets: ring.former,
    secretFile: givenRing === null ? secretPath : null,
    admin,
    mpesa,
    callbackBase,
    callbackTrust,
    pull,
    merchantName: read("LIPIA_MERCHANT_NAME") ?? null,
    trustProxy,
    logLevel,
    limits,
    mail,
  };
}

/** Off unless asked for: Safaricom enables Pull by contract, and the shortcode is registered once. */
function pullOf(text: string | undefined, faults: string[]): Config["pull"] {
  if (text === undefined || text === "false") return "off";
  if (text !== "true") faults.push("MPESA_PULL_ENABLED must be true or false.");
  return "asked";
}

/**
 * True when there is a database but not the secret that sealed it. The database is asked first:
 * a process that starts at the same moment makes the secret first.
 */
function isLost(secretPath: string, databasePath: string): boolean {
  const written = existsSync(databasePath) && statSync(databasePath).size > 0;
  return written && !existsSync(secretPath);
}

/** Reads NAME, or the file that NAME_FILE points at; empty text counts as not set. */
function reader(env: Env, faults: string[]): Read {
  return (name) => {
    const direct = env[name]?.trim();
    const file = env[`${name}_FILE`]?.trim();
    if (direct && file) faults.push(`Set ${name} or ${name}_FILE, not both.`);
    if (direct) return direct;
    if (!file) return undefined;
    try {
      return readFileSync(file, "utf8").trim() || undefined;
    } catch {
      faults.push(`${name}_FILE points at ${file}, which cannot be read.`);
      return undefined;
    }
  };
}

function portOf(text: string, faults: string[]): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  faults.push("PORT must be a number from 0 to 65535.");
  return 0;
}

function addressOf(name: string, text: string, faults: string[]): URL | null {
  try {
    const url = new URL(text);
    const plain =
      url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
    if ((url.protocol === "https:" || url.protocol === "http:") && plain) return url;
  } catch {
    // Falls through to the one sentence that covers every bad shape.
  }
  faults.push(
    `${name} must be an http(s) address without a path, such as https://pay.example.co.ke.`,
  );
  return null;
}

function databasePathOf(text: string, faults: string[]): string {
  if (text.startsWith("file:") && text.length > "file:".length) return text.slice("file:".length);
  faults.push(
    /^postgres(ql)?:/.test(text)
      ? "DATABASE_URL: PostgreSQL is not available in this version; use file:PATH (SQLite)."
      : "DATABASE_URL must be file:PATH, for example file:data/lipia.db.",
  );
  return "data/lipia.db";
}

function trustProxyOf(text: string | undefined, faults: string[]): number | readonly string[] {
  if (text === undefined) return 0;
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const parts = text.split(",").map((part) => part.trim());
  const everybody = parts.find((part) => /\/0+$/.test(part));
  if (everybody !== undefined) {
    faults.push(
      `TRUST_PROXY: ${everybody} is everybody, so that any caller could name an address of its choice. Set it to the addresses of your proxies, such as 10.0.0.5 or 10.0.0.0/24, or to how many of them stand before Lipia, such as 1.`,
    );
    return 0;
  }
  if (parts.every((part) => isAddress(part))) return parts;
  faults.push(
    "TRUST_PROXY must be a number of hops or a list of addresses and CIDRs; true is refused.",
  );
  return 0;
}

/** An address or CIDR in full; ipaddr also takes "127" for 0.0.0.127, which nobody means. */
function isAddress(text: string): boolean {
  return /[.:]/.test(text) && (ipaddr.isValidCIDR(text) || ipaddr.isValid(text));
}

function limitsOf(text: string | undefined, mpesa: Mpesa, faults: string[]): Config["limits"] {
  if (text !== undefined && text !== "enforce") faults.push("LIPIA_LIMITS can only be enforce.");
  return text === undefined && mpesa.kind === "simulator" ? "test_phones_exempt" : "enforced";
}

function adminOf(read: Read, faults: string[]): Config["admin"] {
  const email = read("LIPIA_ADMIN_EMAIL");
  const password = read("LIPIA_ADMIN_PASSWORD");
  if (email === undefined && password === undefined) return null;
  if (email === undefined || password === undefined) {
    faults.push("LIPIA_ADMIN_EMAIL and LIPIA_ADMIN_PASSWORD go together; one is missing.");
    return null;
  }
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) faults.push("LIPIA_ADMIN_EMAIL must be an e-mail address.");
  if (password.length < PASSWORD_MIN || password.length > PASSWORD_MAX) {
    faults.push(
      `LIPIA_ADMIN_PASSWORD must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters: the sign-in takes no others.`,
    );
  }
  return { email: email.toLowerCase(), password };
}
