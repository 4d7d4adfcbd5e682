/** A password that is typed at the terminal, or comes through a pipe. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { PASSWORD_MAX, PASSWORD_MIN } from "../../shared/password-rules.ts";
import { UsageError } from "./command.ts";

/**
 * A password that is chosen now.
 * @param without what becomes of the command where none is given, such as "nothing was added".
 */
export async function readNewPassword(without: string): Promise<string> {
  const password = await readPassword(without);
  if (password.length < PASSWORD_MIN || password.length > PASSWORD_MAX) {
    throw new UsageError(`The password must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`);
  }
  return password;
}

/** One line of standard input; a terminal does not show what is typed. */
function readPassword(without: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = process.stdin.isTTY === true;
  process.stderr.write("Password: ");
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal });
  return new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    lines.once("SIGINT", () => lines.close());
    lines.once("close", () => reject(new UsageError(`No password was given; ${without}.`)));
  }).finally(() => {
    lines.close();
    process.stderr.write("\n");
  });
}
