/**
 * One merchant's server for a drill: the built program on a database of its own, in the sandbox
 * environment, with a Daraja on loopback that belongs to the drill. All that it answers is looked
 * through for canaries at once; its files at the end.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { type Answer, type Call, type Caller, createCaller } from "./caller.ts";
import { DRILL_APP } from "./counting-daraja.ts";
import type { Tally } from "./drill.ts";
import { type Canaries, leaksIn, scanFolder } from "./leaks.ts";
import {
  type DrillKeys,
  freePort,
  makeKeys,
  type ProcessEnv,
  type Ready,
  type ServerProcess,
  startServer,
} from "./server-process.ts";
import { type Disk, makeWorkplace } from "./workplace.ts";

const OWNER = { email: "owner@drill.co.ke", password: "canary pass phrase of the owner" } as const;
/** Numbers far apart, so that none is part of a counter; the stride shares no divisor with 10^8. */
const PHONE_STRIDE = 76_543_217;
const PHONE_START = 13_579_246;
const BYTES_USUAL = 64 * 1024 * 1024;
/** 32 bytes, hex. */
export const DRILL_SECRET = "c0ffee11".repeat(8);

export interface DrillHouse extends AsyncDisposable {
  readonly folder: string;
  readonly origin: string;
  readonly databasePath: string;
  readonly env: ProcessEnv;
  readonly keys: DrillKeys;
  readonly owner: typeof OWNER;
  readonly canaries: Canaries;
  server(): ServerProcess;
  /** Calls with the secret key; the answer may hold the checkout's token and address. */
  merchant(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Calls as a browser: the answer may hold nothing that is secret. */
  browser(call: Call): Promise<Answer>;
  /** Posts a callback to an address of this server. */
  post(url: string, body: string | Buffer, headers?: Record<string, string>): Promise<Answer>;
  kill(): Promise<void>;
  /** Starts it again. */
  restart(): Promise<Ready>;
  /** A phone number for a turn; all of them are canaries. */
  phone(turn: number): string;
  /** What `pragma integrity_check` says, and what a query gives, by a connection of its own. */
  look<T>(sql: string): readonly T[];
  /** Stops the server and looks through logs and database. */
  finish(tally: Tally): Promise<void>;
}

export interface HouseOptions {
  readonly darajaAddress: string;
  readonly env?: ProcessEnv;
  readonly tally: Tally;
  readonly disk: Disk;
  /** How much the server may write, by a generous guess. */
  readonly bytesWanted?: number;
}

/** Starts a house; disposing of it ends its process and removes its folder. */
export async function openHouse(options: HouseOptions): Promise<DrillHouse> {
  const folder = makeWorkplace(options.disk, options.bytesWanted ?? BYTES_USUAL);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const databasePath = join(folder, "lipia.db");
  const logFile = join(folder, "server.log");
  const env: ProcessEnv = {
    NODE_ENV: "production",
    PORT: String(port),
    PUBLIC_URL: origin,
    DATABASE_URL: `file:${databasePath}`,
    LIPIA_SECRET: DRILL_SECRET,
    LIPIA_ADMIN_EMAIL: OWNER.email,
    LIPIA_ADMIN_PASSWORD: OWNER.password,
    MPESA_ENVIRONMENT: "sandbox",
    MPESA_BASE_URL: options.darajaAddress,
    MPESA_CONSUMER_KEY: DRILL_APP.consumerKey,
    MPESA_CONSUMER_SECRET: DRILL_APP.consumerSecret,
    MPESA_SHORTCODE: DRILL_APP.shortcode,
    MPESA_PASSKEY: DRILL_APP.passkey,
    ...options.env,
  };
  let server = await startServer(env, logFile);
  const keys = await makeKeys(env);
  const caller = createCaller(origin);
  const canaries = canariesOf(keys);
  const seen = watching(caller, canaries, options.tally);
  return {
    folder,
    origin,
    databasePath,
    env,
    keys,
    owner: OWNER,
    canaries,
    server: () => server,
    merchant: (path, body, headers = {}) =>
      seen(
        { path, body, headers: { Authorization: `Bearer ${keys.secretKey}`, ...headers } },
        MERCHANT_MAY_SEE,
      ),
    browser: (call) => seen(call, []),
    post: (url, body, headers) => seen({ method: "POST", path: pathOf(url), body, headers }, []),
    kill: () => server.kill(),
    async restart() {
      await server.stop();
      server = await startServer(env, logFile);
      return server.ready;
    },
    phone(turn) {
      const national = (turn * PHONE_STRIDE + PHONE_START) % 100_000_000;
      const phone = `2547${String(national).padStart(8, "0")}`;
      canaries.phones.add(phone);
      return phone;
    },
    look: <T>(sql: string) => look<T>(databasePath, sql),
    async finish(tally) {
      await server.stop();
      const { bytes, leaks } = scanFolder(folder, canaries);
      tally.figure("MB of logs and database looked through", (bytes / 1e6).toFixed(1));
      for (const leak of leaks) tally.fault(`canary found in ${leak}`);
    },
    async [Symbol.asyncDispose]() {
      caller.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const MERCHANT_MAY_SEE = ["checkout token", "CheckoutRequestID, which ends in the phone"];

function canariesOf(keys: DrillKeys): Canaries {
  return {
    phones: new Set(),
    secrets: new Map([
      ["secret key", keys.secretKey],
      ["signing key", keys.signingKey],
      ["webhook secret", keys.webhookSecret],
      ["server secret", DRILL_SECRET],
      ["consumer key", DRILL_APP.consumerKey],
      ["consumer secret", DRILL_APP.consumerSecret],
      ["passkey", DRILL_APP.passkey],
      ["passkey in base64", Buffer.from(DRILL_APP.passkey).toString("base64").slice(3, 60)],
      ["owner's password", OWNER.password],
    ]),
  };
}

/** Every answer is looked through; the stk-push's own CheckoutRequestID is the merchant's to know. */
function watching(caller: Caller, canaries: Canaries, tally: Tally) {
  return async (call: Call, mayHold: readonly string[]): Promise<Answer> => {
    const answer = await caller.call(call);
    const text =
      mayHold.length > 0 ? answer.text.replace(/"checkoutRequestId":"[^"]*"/, "") : answer.text;
    for (const leak of leaksIn(text, canaries, mayHold)) {
      tally.fault(`canary in the answer to ${call.path.slice(0, 40)}: ${leak}`);
    }
    return answer;
  };
}

function pathOf(url: string): string {
  return url.startsWith("/") ? url : url.slice(url.indexOf("/", "http://".length));
}

function look<T>(path: string, sql: string): readonly T[] {
  const db = new Database(path, { readonly: true, timeout: 10_000 });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}
