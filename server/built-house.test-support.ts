/** The built server as a process of its own with a database and a Daraja, to stop, kill and restore. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { type ArrivedPush, darajaEnv, type LocalDaraja } from "./local-daraja.test-support.ts";
import { packageRoot } from "./package-root.ts";

const START_PATIENCE_MS = 60_000;

export interface Told {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface BuiltHouse extends AsyncDisposable {
  readonly folder: string;
  readonly path: string;
  readonly secretPath: string;
  readonly origin: string;
  /** Starts the server; resolves when it is ready. */
  start(): Promise<void>;
  /** Runs the server to its end, for starts that are refused. */
  refusedStart(): Promise<Told>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code once the server has ended. */
  ended(): Promise<number | null>;
  stop(): Promise<number | null>;
  lipia(...args: readonly string[]): Promise<Told>;
  /** Calls the merchant's API. */
  call(method: "GET" | "POST", path: string, body?: object): Promise<Answer>;
  /** Opens a payment and prompts a phone; gives the payment and the push that arrived. */
  prompt(phoneNumber: string): Promise<{ readonly payment: Answer["body"]; push: ArrivedPush }>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers by field and assert each one
  readonly body: any;
}

/** Makes a house with keys; the server does not run yet. */
export async function builtHouse(
  daraja: LocalDaraja,
  more: Record<string, string> = {},
): Promise<BuiltHouse> {
  const folder = mkdtempSync(join(tmpdir(), "lipia-built-"));
  const path = join(folder, "lipia.db");
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = {
    PORT: String(port),
    PUBLIC_URL: origin,
    DATABASE_URL: `file:${path}`,
    LOG_LEVEL: "warn",
    ...darajaEnv(daraja),
    ...more,
  };
  const run = (program: string, args: readonly string[]) => {
    const file = join(packageRoot(), "dist", "programs", program);
    if (!existsSync(file)) throw new Error(`${program} is not built; run: npm run build`);
    return spawn(process.execPath, [file, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  };
  const lipia = async (...args: readonly string[]) => outcome(run("cli.js", args));
  const { secretKey } = JSON.parse((await lipia("keys", "create", "--json")).out);
  const call = caller(origin, secretKey);
  let server: ChildProcess | null = null;
  let orders = 0;

  const ended = async () => {
    if (server === null) return null;
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    const { exitCode } = server;
    server = null;
    return exitCode;
  };
  const house: BuiltHouse = {
    folder,
    path,
    secretPath: join(folder, "lipia.secret"),
    origin,
    async start() {
      const child = run("main.js", []);
      child.stdout.resume();
      const complaint = text(child.stderr);
      server = child;
      const until = Date.now() + START_PATIENCE_MS;
      while (!(await isReady(origin))) {
        if (child.exitCode !== null) throw new Error(`the server ended: ${await complaint}`);
        if (Date.now() > until) throw new Error("the server is not ready");
        await delay(25);
      }
    },
    refusedStart: () => outcome(run("main.js", [])),
    signal: (signal) => void server?.kill(signal),
    ended,
    stop() {
      server?.kill("SIGTERM");
      return ended();
    },
    lipia,
    call,
    async prompt(phoneNumber) {
      orders += 1;
      const wish = { amount: 1_250, orderReference: `built-${orders}` };
      const opened = await call("POST", "/v1/payments", wish);
      const count = daraja.pushes.length;
      const path = `/v1/payments/${opened.body.id}/prompt`;
      const prompted = await call("POST", path, { phoneNumber });
      const push = daraja.pushes[count];
      if (push === undefined) throw new Error(`no push: ${JSON.stringify(prompted.body)}`);
      return { payment: prompted.body, push };
    },
    async [Symbol.asyncDispose]() {
      server?.kill("SIGKILL");
      await ended();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return house;
}

/** Daraja's news of a push that was paid. */
export function paidBody({ checkoutRequestId, amount, phone }: ArrivedPush, receipt: string) {
  return JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: "m-1",
        CheckoutRequestID: checkoutRequestId,
        ResultCode: 0,
        ResultDesc: "The service request is processed successfully.",
        CallbackMetadata: {
          Item: [
            { Name: "Amount", Value: amount },
            { Name: "MpesaReceiptNumber", Value: receipt },
            { Name: "TransactionDate", Value: 20261123200000 },
            { Name: "PhoneNumber", Value: Number(phone) },
          ],
        },
      },
    },
  });
}

/** Posts a callback as Daraja does; gives the status. */
export async function post(url: string, body: string): Promise<number> {
  const headers = { "Content-Type": "application/json" };
  return (await fetch(url, { method: "POST", headers, body })).status;
}

async function outcome(child: ChildProcess & { stdout: unknown; stderr: unknown }): Promise<Told> {
  const { stdout, stderr } = child as ReturnType<typeof spawn>;
  if (stdout === null || stderr === null) throw new Error("the process has no pipes");
  const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), once(child, "close")]);
  return { code, out, err };
}

function caller(origin: string, secretKey: string): BuiltHouse["call"] {
  return async (method, path, body) => {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { Authorization: `Bearer ${secretKey}`, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
}

async function isReady(origin: string): Promise<boolean> {
  return fetch(`${origin}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}
