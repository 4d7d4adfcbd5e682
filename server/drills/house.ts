/**
 * One merchant's server for a drill: the built program on a database of its own, in the sandbox
 * environment, with a Daraja on loopback that belongs to the drill. All that it answers is looked
 * through for canaries at once; its files at the end.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { type Answer, type Call, type Caller, createCaller } from "./caller.ts";
import { DRILL_APP, DRILL_SECRET, OWNER } from "./canary-secrets.ts";
import type { Tally } from "./drill.ts";
import { type Canaries, canariesOf, leaksIn, scanFolder } from "./leaks.ts";
import {
  backUp,
  type DrillKeys,
  freePort,
  makeKeys,
  type ProcessEnv,
  type Ready,
  type ServerProcess,
  startServer,
} from "./server-process.ts";
import { type Disk, makeWorkplace } from "./workplace.ts";

/**
 * Numbers far apart, so that none is part of a counter, and none of the test phones (2547 00…), which
 * the handset shows in full. The stride shares no divisor with how many there are.
 */
const PHONES = 99_000_000;
const FIRST_PHONE = 1_000_000;
const PHONE_STRIDE = 76_543_217;
const PHONE_START = 13_579_246;
const DATABASE = "lipia.db";
/** In the house's own folder, which is looked through as a whole. */
export const BACKUP = "backup.db";
const BYTES_USUAL = 64 * 1024 * 1024;

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
  /** Reads the hosted page, whose address holds its token: that may stand in it, nothing else. */
  page(path: string): Promise<Answer>;
  /** Posts a callback to an address of this server. */
  post(url: string, body: string | Buffer, headers?: Record<string, string>): Promise<Answer>;
  kill(): Promise<void>;
  /** Starts it again. */
  restart(): Promise<Ready>;
  /** A phone number for a turn; all of them are canaries. */
  phone(turn: number): string;
  /** What `pragma integrity_check` says, and what a query gives, by a connection of its own. */
  look<T>(sql: string): readonly T[];
  /** Looks through logs, database and a backup of it, before and after the server stops. */
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

/** The environment of a sandbox merchant whose Daraja is the drill's own. */
export function drillEnv(folder: string, port: number, darajaAddress: string): ProcessEnv {
  return {
    NODE_ENV: "production",
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: `file:${join(folder, DATABASE)}`,
    LIPIA_SECRET: DRILL_SECRET,
    LIPIA_ADMIN_EMAIL: OWNER.email,
    LIPIA_ADMIN_PASSWORD: OWNER.password,
    MPESA_ENVIRONMENT: "sandbox",
    MPESA_BASE_URL: darajaAddress,
    MPESA_CONSUMER_KEY: DRILL_APP.consumerKey,
    MPESA_CONSUMER_SECRET: DRILL_APP.consumerSecret,
    MPESA_SHORTCODE: DRILL_APP.shortcode,
    MPESA_PASSKEY: DRILL_APP.passkey,
  };
}

/** Starts a house; disposing of it ends its process and removes its folder. */
export async function openHouse(options: HouseOptions): Promise<DrillHouse> {
  const folder = makeWorkplace(options.disk, options.bytesWanted ?? BYTES_USUAL);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const databasePath = join(folder, DATABASE);
  const logFile = join(folder, "server.log");
  const env: ProcessEnv = { ...drillEnv(folder, port, options.darajaAddress), ...options.env };
  let server = await startServer(env, logFile);
  const keys = await makeKeys(env);
  const canaries = canariesOf(keys);
  const { close, ...calls } = watchfulCaller(origin, keys, canaries, options.tally);
  return {
    folder,
    origin,
    databasePath,
    env,
    keys,
    owner: OWNER,
    canaries,
    server: () => server,
    ...calls,
    kill: () => server.kill(),
    async restart() {
      await server.stop();
      server = await startServer(env, logFile);
      return server.ready;
    },
    phone: (turn) => drillNumber(turn, canaries),
    look: <T>(sql: string) => lookInto<T>(databasePath, sql),
    async finish(tally) {
      await backUp(env, join(folder, BACKUP));
      // Twice: the WAL goes when the server stops, and its last words come only then.
      const running = scanFolder(folder, canaries);
      await server.stop();
      const stopped = scanFolder(folder, canaries);
      tally.figure("MB looked through", ((running.bytes + stopped.bytes) / 1e6).toFixed(1));
      for (const leak of new Set([...running.leaks, ...stopped.leaks])) {
        tally.fault(`canary found in ${leak}`);
      }
    },
    async [Symbol.asyncDispose]() {
      close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const MERCHANT_MAY_SEE = ["checkout token", "CheckoutRequestID, which ends in the phone"];

/** A phone number for a turn; it becomes a canary. */
export function drillNumber(turn: number, { phones }: Canaries): string {
  const national = FIRST_PHONE + ((turn * PHONE_STRIDE + PHONE_START) % PHONES);
  const phone = `2547${String(national).padStart(8, "0")}`;
  phones.add(phone);
  return phone;
}

/** The three ways to call a server, each answer looked through at once. */
export function watchfulCaller(
  origin: string,
  keys: DrillKeys,
  canaries: Canaries,
  tally: Tally,
): Pick<DrillHouse, "merchant" | "browser" | "page" | "post"> & { close(): void } {
  const caller = createCaller(origin);
  const seen = watching(caller, canaries, tally);
  return {
    merchant: (path, body, headers = {}) =>
      seen(
        { path, body, headers: { Authorization: `Bearer ${keys.secretKey}`, ...headers } },
        MERCHANT_MAY_SEE,
      ),
    browser: (call) => seen(call, []),
    page: (path) => seen({ path }, ["checkout token"]),
    post: (url, body, headers) => seen({ method: "POST", path: pathOf(url), body, headers }, []),
    close: () => caller.close(),
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

/** What a query gives by a read-only connection of its own. */
export function lookInto<T>(path: string, sql: string): readonly T[] {
  const db = new Database(path, { readonly: true, timeout: 10_000 });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}
