/**
 * One whole small world: the real server with its simulator and a database of its own, keys made
 * by the real command, and a shop on another origin. Each test takes fresh orders and phones from
 * it, so that many can share one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { canariesOf, leaksIn, scanFolder } from "../server/drills/leaks.ts";
import type { PaymentObject } from "../shared/api.ts";
import type { HandsetState, TestScenario } from "../shared/handset-view.ts";
import {
  type Env,
  freePort,
  runCommand,
  type ServerProcess,
  startServer,
} from "./server-process.ts";
import { openShop, type Shop } from "./shop.ts";

export const OWNER = { email: "owner@mugs.co.ke", password: "hand made mugs only" } as const;
/** What the customer's pages and the handset call the shop. */
const MERCHANT_NAME = "Mug Shop";
/** Paid after 5 s becomes 1.7 s, and a prompt that waits for a person still waits for 20 s. */
const SPEED = 3;

export interface Reply<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Call {
  readonly method?: "GET" | "POST";
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

export interface World extends AsyncDisposable {
  /** Lipia as browsers reach it: `http://localhost:…`. */
  readonly origin: string;
  readonly shop: Shop;
  /** Calls the merchant's API with the secret key. */
  api<T = PaymentObject>(path: string, call?: Call): Promise<Reply<T>>;
  /** Opens a payment for a fresh order. */
  sell(wish?: Record<string, unknown>): Promise<PaymentObject>;
  payment(id: string): Promise<PaymentObject>;
  /** A number nobody has used yet whose last two digits choose what happens: `0700 012 301`. */
  phone(scenario: TestScenario): string;
  /** How many prompts of this payment ever reached a phone. */
  promptsOnPhones(payment: PaymentObject): Promise<number>;
  /** Moves the prompts of a payment into the past: nobody waits minutes for a rule in a test. */
  age(payment: PaymentObject, seconds: number): void;
  /** All that the server printed. */
  output(): string;
  /** As if everybody had proved long ago who they are: five minutes are too long for a test. */
  proofsRunOut(): void;
  /** Does to the database what only somebody at its file can do. */
  tamper(statement: string): void;
  /** Ends the server as a power cut would. */
  crash(): Promise<void>;
  /** Starts it again on the same database and port. */
  restart(): Promise<void>;
}

export interface WorldOptions {
  /** Without an owner the server prints its set-up link. */
  readonly owner?: "made" | "none";
  readonly merchantName?: string;
  /** Further settings of the server. */
  readonly env?: Env;
}

/**
 * Opens a world. Disposing of it ends exactly the processes that it began, and fails when a number,
 * a key or a token stands in what they wrote: in the log or in the database.
 */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "lipia-e2e-"));
  const port = await freePort();
  const env = environment(folder, port, options);
  // Node may read localhost as ::1, where nobody listens; browsers try both.
  const direct = `http://127.0.0.1:${port}`;
  const origin = `http://localhost:${port}`;
  let server: ServerProcess = await startServer(env, direct);
  const servers = [server];
  const shop = await openShop(origin);
  const keys = JSON.parse(await runCommand(env, ["keys", "create", "--json"]));
  const canaries = canariesOf(keys);
  canaries.secrets.set("owner's password", OWNER.password);
  const api = caller(direct, keys.secretKey);
  const counter = countUp();

  return {
    origin,
    shop,
    api,
    sell: (wish) => sell(api, counter(), wish),
    payment: async (id) => (await api(`/v1/payments/${id}`)).body,
    phone(scenario) {
      const phone = `0700${String(counter() % 10_000).padStart(4, "0")}${scenario}`;
      canaries.phones.add(`254${phone.slice(1)}`);
      return phone;
    },
    promptsOnPhones: (payment) => promptsOnPhones(direct, payment),
    age: ({ id }, seconds) => age(join(folder, "lipia.db"), id, seconds * 1_000),
    output: () => server.output(),
    proofsRunOut: () => atFile(folder, "update sessions set proved_at = null"),
    tamper: (statement) => atFile(folder, statement),
    crash: () => server.kill(),
    async restart() {
      await server.stop();
      server = await startServer(env, direct);
      servers.push(server);
    },
    async [Symbol.asyncDispose]() {
      await shop.close();
      // Before and after: the WAL goes when the server stops.
      const running = scanFolder(folder, canaries).leaks;
      await server.stop();
      const told = servers.flatMap((one) => leaksIn(one.output(), canaries));
      const leaks = [...running, ...scanFolder(folder, canaries).leaks, ...told];
      rmSync(folder, { recursive: true, force: true });
      if (leaks.length > 0) throw new Error(`left in the clear: ${[...new Set(leaks)].join("; ")}`);
    },
  };
}

function atFile(folder: string, statement: string): void {
  const client = new Database(join(folder, "lipia.db"));
  try {
    client.exec(statement);
  } finally {
    client.close();
  }
}

function environment(folder: string, port: number, options: WorldOptions): Env {
  const { owner = "made", merchantName = MERCHANT_NAME } = options;
  return {
    PORT: String(port),
    DATABASE_URL: `file:${join(folder, "lipia.db")}`,
    SIMULATOR_SPEED: String(SPEED),
    LIPIA_MERCHANT_NAME: merchantName,
    LOG_LEVEL: "warn",
    ...(owner === "made" && {
      LIPIA_ADMIN_EMAIL: OWNER.email,
      LIPIA_ADMIN_PASSWORD: OWNER.password,
    }),
    ...options.env,
  };
}

function caller(base: string, secretKey: string): World["api"] {
  return async (path, { method = "GET", body, idempotencyKey } = {}) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${secretKey}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
}

async function sell(api: World["api"], n: number, wish: Record<string, unknown> = {}) {
  const body = { amount: 1_250, orderReference: `MUG-${n}`, description: "One mug", ...wish };
  const opened = await api("/v1/payments", { method: "POST", body });
  if (opened.status !== 201) throw new Error(`not opened: ${JSON.stringify(opened.body)}`);
  return opened.body;
}

function age(file: string, id: string, ms: number): void {
  const database = new Database(file);
  database
    .prepare(
      "update attempts set created_at = created_at - :ms, sent_at = sent_at - :ms where payment_id = :id",
    )
    .run({ id, ms });
  database.close();
}

/** Asks the simulated phones themselves, which know of every push that was shown. */
async function promptsOnPhones(base: string, { accountReference }: PaymentObject): Promise<number> {
  const response = await fetch(`${base}/simulator/handset/prompts`);
  const { prompts, messages }: HandsetState = await response.json();
  const mine = (one: { accountReference: string }) => one.accountReference === accountReference;
  return prompts.filter(mine).length + messages.filter(mine).length;
}

function countUp(): () => number {
  let n = 100;
  return () => {
    n += 1;
    return n;
  };
}
