/** A real server on a free port with a database of its own, for tests over HTTP. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type RunningApp, startApp } from "./app.ts";
import { type Env, readConfig } from "./config.ts";
import { createSeal } from "./db/seal.ts";
import { createKeys, type FreshKeys } from "./flows/create-keys.ts";
import type { Overrides } from "./house.ts";
import { systemIds } from "./ids.ts";
import type { Clock, Log, LogFields } from "./ports.ts";

export interface TestHouse extends AsyncDisposable {
  readonly app: RunningApp;
  readonly origin: string;
  readonly keys: FreshKeys;
  /** Every log line so far, as JSON text. */
  readonly logged: readonly string[];
  readonly env: Env;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers by field and assert each one
  readonly body: any;
}

/** A clock that runs `factor` times as fast as the wall's, so that minutes of looks fit a test. */
export function fastClock(factor: number): Clock {
  const origin = Date.now();
  return {
    now: () => Math.floor(origin + (Date.now() - origin) * factor),
    elapsed: () => performance.now() * factor,
    async sleep(ms, signal) {
      await delay(ms / factor, undefined, { signal });
    },
  };
}

/** Boots the app; `folder` lets a test start a second time on the same database. */
export async function testHouse(
  options: { env?: Env; clock?: Clock; folder?: string; openEngine?: Overrides["openEngine"] } = {},
): Promise<TestHouse> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "lipia-test-"));
  const env: Env = {
    PORT: String(await freePort()),
    DATABASE_URL: `file:${join(folder, "lipia.db")}`,
    SIMULATOR_SPEED: "60",
    LIPIA_ADMIN_EMAIL: "owner@shop.co.ke",
    LIPIA_ADMIN_PASSWORD: "a long enough password",
    ...options.env,
  };
  const config = readConfig(env);
  const logged: string[] = [];
  const app = await startApp(config, recorder(logged), {
    clock: options.clock,
    openEngine: options.openEngine,
  });
  const origin = `http://127.0.0.1:${app.port}`;
  const keys = await createKeys(
    {
      merchants: app.store.merchants,
      seal: createSeal(config.secret),
      ids: systemIds(),
      clock: options.clock ?? fastClock(1),
    },
    app.merchant,
  );
  return {
    app,
    origin,
    keys,
    logged,
    env,
    call: (method, path, body, headers = {}) =>
      call(origin, method, path, body, { Authorization: `Bearer ${keys.secretKey}`, ...headers }),
    async [Symbol.asyncDispose]() {
      await app.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function recorder(lines: string[]): Log {
  const write =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      lines.push(JSON.stringify({ level, event, ...fields }));
    };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}

async function call(
  origin: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Reply> {
  const json =
    body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${origin}${path}`, {
    method,
    redirect: "manual",
    headers: { ...(json === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    body: json,
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") && text !== "";
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
}

/** Waits until `read` gives a value that `good` accepts; fails after `patienceMs` with the last one. */
export async function eventually<T>(
  read: () => Promise<T>,
  good: (value: T) => boolean,
  patienceMs = 10_000,
): Promise<T> {
  const until = Date.now() + patienceMs;
  let value = await read();
  while (!good(value)) {
    if (Date.now() > until) throw new Error(`it never came to be: ${JSON.stringify(value)}`);
    await delay(25);
    value = await read();
  }
  return value;
}
