/** `npm run --silent lipia -- COMMAND`: operations from a terminal. The answer alone goes to standard output. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { parseArgs } from "node:util";
import { systemClock } from "./clock.ts";
import { ConfigError, readConfig } from "./config.ts";
import type { UserId } from "./core/payment.ts";
import { createSeal } from "./db/seal.ts";
import { openSqlite } from "./db/sqlite.ts";
import { createStore } from "./db/store.ts";
import { createKeys } from "./flows/create-keys.ts";
import { hashPassword } from "./flows/passwords.ts";
import { systemIds } from "./ids.ts";
import { defaultMerchant } from "./merchant.ts";
import type { Store } from "./ports.ts";

const HELP = `Lipia from a terminal

  lipia keys create [--json]   make new keys for the default merchant; they are shown this once
  lipia user add EMAIL         make an owner who can sign in to the dashboard; asks for a password
  lipia --help                 this page

Commands work on the configured database (DATABASE_URL), whether or not the server runs.
`;

const COMMAND_HELP: ReadonlyMap<string, string> = new Map([
  [
    "keys create",
    `lipia keys create [--json]

Makes a publishable key, a secret key, a signing key and a webhook secret for the default merchant
of the configured environment. Older keys go on working. With --json one JSON object is printed:
{"publishableKey","secretKey","signingKey","webhookSecret"}
`,
  ],
  [
    "user add",
    `lipia user add EMAIL

Makes an owner. The password (10 to 256 characters) is read from standard input.
`,
  ],
]);

const PASSWORD_MIN = 10;
const PASSWORD_MAX = 256;

/** A mistake of the person at the terminal, said in a sentence. */
class UsageError extends Error {}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parsed(args);
  const command = positionals.slice(0, 2).join(" ");
  if (values.help || positionals.length === 0) {
    process.stdout.write(COMMAND_HELP.get(command) ?? HELP);
    return;
  }
  switch (command) {
    case "keys create":
      return withStore((store) => printKeys(store, values.json === true));
    case "user add":
      return withStore((store) => addUser(store, positionals[2]));
    default:
      throw new UsageError(`There is no command "${positionals.join(" ")}". See: lipia --help`);
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : "Bad arguments"}\nSee: lipia --help`,
    );
  }
}

async function withStore(use: (store: Store) => Promise<void>): Promise<void> {
  const config = readConfig();
  const store = createStore(await openSqlite(config.databasePath), createSeal(config.secret));
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

async function printKeys(store: Store, asJson: boolean): Promise<void> {
  const config = readConfig();
  const merchant = await store.merchants.ensureDefault(defaultMerchant(config));
  const keys = await createKeys(
    {
      merchants: store.merchants,
      seal: createSeal(config.secret),
      ids: systemIds(),
      clock: systemClock(),
    },
    merchant,
  );
  const text = asJson
    ? JSON.stringify(keys)
    : Object.entries(keys)
        .map(([name, value]) => `${name.padEnd(16)}${value}`)
        .join("\n");
  process.stdout.write(`${text}\n`);
}

async function addUser(store: Store, email: string | undefined): Promise<void> {
  if (email === undefined || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw new UsageError("Name an e-mail address: lipia user add you@shop.co.ke");
  }
  const password = await readPassword();
  if (password.length < PASSWORD_MIN || password.length > PASSWORD_MAX) {
    throw new UsageError(`The password must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`);
  }
  const added = await store.people.addUser({
    id: systemIds().row("usr") as UserId,
    email: email.toLowerCase(),
    passwordHash: await hashPassword(password),
    role: "owner",
    createdAt: systemClock().now(),
  });
  if (added === "taken") throw new UsageError(`${email} has an account already.`);
  process.stdout.write(`${email} can sign in now.\n`);
}

/** One line of standard input; a terminal does not show what is typed. */
function readPassword(): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = process.stdin.isTTY === true;
  process.stderr.write("Password: ");
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal });
  return new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    lines.once("SIGINT", () => lines.close());
    lines.once("close", () => reject(new UsageError("No password was given; nothing was added.")));
  }).finally(() => {
    lines.close();
    process.stderr.write("\n");
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof UsageError || error instanceof ConfigError;
  const text = error instanceof Error ? (known ? error.message : error.stack) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
