/** `lipia user add`: somebody who can sign in to the dashboard, an owner unless told otherwise. */
import { PASSWORD_MAX, PASSWORD_MIN } from "../../shared/password-rules.ts";
import { USER_ROLES, type UserRole } from "../../shared/permissions.ts";
import { systemClock } from "../clock.ts";
import type { UserId } from "../core/payment.ts";
import { hashPassword } from "../flows/passwords.ts";
import { systemIds } from "../ids.ts";
import type { Store } from "../ports.ts";
import { answer, type Command, onlyPositional, UsageError } from "./command.ts";
import { withHouse } from "./house.ts";
import { readNewPassword } from "./read-password.ts";

export const userAdd: Command = {
  name: "user add",
  usage: "EMAIL [--role ROLE]",
  summary: "let somebody sign in to the dashboard, as owner by default; asks for a password",
  help: `Makes a person with a role: ${USER_ROLES.join(", ")}; owner when none is named.
The password (${PASSWORD_MIN} to ${PASSWORD_MAX} characters) is read from standard input.`,
  options: { role: { type: "string" } },
  async run(given) {
    const wanted = "Name an e-mail address: lipia user add you@shop.co.ke";
    const email = onlyPositional(given, wanted);
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw new UsageError(wanted);
    const wish = given.option("role") ?? "owner";
    const role = USER_ROLES.find((known) => known === wish);
    if (role === undefined) {
      throw new UsageError(`"${wish}" is no role; choose one of ${USER_ROLES.join(", ")}.`);
    }
    await withHouse(({ store }) => addUser(store, email, role));
    answer(`${email} can sign in now, as ${role}.`);
    return 0;
  },
};

async function addUser(store: Store, email: string, role: UserRole): Promise<void> {
  const password = await readNewPassword("nothing was added");
  const id = systemIds().row("usr") as UserId;
  const at = systemClock().now();
  const passwordHash = await hashPassword(password);
  const added = await store.people.addUser(
    { id, email: email.toLowerCase(), passwordHash, role, createdAt: at },
    { at, actor: "command", action: "user_added", target: id, details: { role } },
  );
  if (added === "taken") throw new UsageError(`${email} has an account already.`);
}
