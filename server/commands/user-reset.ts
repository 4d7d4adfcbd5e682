/** `lipia user reset`: a way back in for somebody who has lost their password, a lone owner too. */
import { PASSWORD_MAX, PASSWORD_MIN } from "../../shared/password-rules.ts";
import { systemClock } from "../clock.ts";
import { hashPassword } from "../flows/passwords.ts";
import type { Store, User } from "../ports.ts";
import { answer, type Command, onlyPositional, UsageError } from "./command.ts";
import { withHouse } from "./house.ts";
import { readNewPassword } from "./read-password.ts";

const WITHOUT_FACTOR = "without-second-factor";

export const userReset: Command = {
  name: "user reset",
  usage: `EMAIL [--${WITHOUT_FACTOR}]`,
  summary: "give somebody a new password and sign them out everywhere; asks for the password",
  help: `Whoever has this machine and its secret may let a person back in. The new password (${PASSWORD_MIN} to ${PASSWORD_MAX}
characters) is read from standard input, and every session of the person ends.

A second factor stays and is asked for at the next sign-in. With --${WITHOUT_FACTOR} the
authenticator app, every passkey and the recovery codes go too: only where they are lost as well.
The audit log keeps all of it, as done by command.`,
  options: { [WITHOUT_FACTOR]: { type: "boolean" } },
  async run(given) {
    const email = onlyPositional(given, "Name an e-mail address: lipia user reset you@shop.co.ke");
    const told = await withHouse(async ({ store }) => {
      const user = await store.people.userByEmail(email.trim().toLowerCase());
      if (user === null)
        throw new UsageError(`Nobody signs in as ${email}. See: lipia user add --help`);
      const passwordHash = await hashPassword(await readNewPassword("nothing was changed"));
      await reset(store, user, passwordHash);
      return given.flag(WITHOUT_FACTOR) ? withoutFactors(store, user) : factorWords(store, user);
    });
    answer(`${email} can sign in with the new password, and is signed out everywhere.`);
    answer(told);
    return 0;
  },
};

const by = ({ id }: User) =>
  ({ at: systemClock().now(), actor: "command", target: id, details: {} }) as const;

/** The password first: no session can be opened with the old one after the sessions have ended. */
async function reset({ people }: Store, user: User, passwordHash: string): Promise<void> {
  await people.setPassword(user.id, passwordHash, { ...by(user), action: "password_reset" });
  await people.endSessionsOf(user.id, null, { ...by(user), action: "sessions_ended" });
}

async function withoutFactors({ factors, passkeys }: Store, user: User): Promise<string> {
  for (const { id } of await passkeys.of(user.id)) {
    await passkeys.remove(user.id, id, { ...by(user), action: "passkey_removed" });
  }
  await factors.remove(user.id, { ...by(user), action: "second_factor_off" });
  return "No second factor is left.";
}

async function factorWords({ factors }: Store, user: User): Promise<string> {
  const kinds = await factors.kinds(user.id);
  return kinds.length === 0
    ? "There is no second factor."
    : `The second factor stays; where it is lost too: lipia user reset EMAIL --${WITHOUT_FACTOR}`;
}
