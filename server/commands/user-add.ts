/** `lipia user add`: an owner who can sign in to the dashboard. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { systemClock } from "../clock.ts";
import type { UserId } from "../core/payment.ts";
import { hashPassword } from "../flows/passwords.ts";
import { systemIds } from "../ids.ts";
import type { Store } from "../ports.ts";
import { answer, type Command, onlyPositional, UsageError } from "./command.ts";
import { withHouse } from "./house.ts";

const PASSWORD_MIN = 10;
const PASSWORD_MAX = 256;

export const userAdd: Command = {
  name: "user add",
  usage: "EMAIL",
  summary: "make an owner who can sign in to the dashboard; asks for a password",
  help: `Makes an owner. The password (10 to 256 characters) is read from standard input.`,
  options: {},
  async run(given) {
    const wanted = "Name an e-mail address: lipia user add you@shop.co.ke";
    const email = onlyPositional(given, wanted);
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw new UsageError(wanted);
    await withHouse(({ store }) => addUser(store, email));
    answer(`${email} can sign in now.`);
    return 0;
  },
};

async function addUser(store: Store, email: string): Promise<void> {
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
