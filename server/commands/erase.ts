/** `lipia erase`: a person's number goes, and what is known of the money stays. */
import { createInterface } from "node:readline";
import { type Phone, parsePhone, phoneTail } from "../../shared/phone.ts";
import { systemClock } from "../clock.ts";
import { type Counts, type ErasedPhone, erasePhone } from "../flows/erase-phone.ts";
import { createLog } from "../log.ts";
import { answer, type Command, onlyPositional, remark, UsageError } from "./command.ts";
import { withHouse } from "./house.ts";

export const erase: Command = {
  name: "erase",
  usage: "PHONE [--yes]",
  summary: "erase a person's phone number for good; asks first",
  help: `Takes one phone number out of payments, attempts, M-Pesa's messages and notes of every merchant here,
whatever the spelling.
Amounts, times, receipts, states and evidence stay, and a late callback still finds its payment.
Refused while a payment on the number is not settled. It cannot be undone; running it again after
a crash does the rest.

An order's own name is not changed, since it keeps the order from being paid twice: how many hold
the number is said. Backups made before hold it until you delete them.

Asks for the last four digits before it begins; --yes does not ask.`,
  options: { yes: { type: "boolean" } },
  async run(given) {
    const wanted = "Name one Kenyan mobile number: lipia erase 0712345678";
    const phone = parsePhone(onlyPositional(given, wanted));
    if (phone === null) throw new UsageError(wanted);
    if (!given.flag("yes")) await confirmed(phone);
    const done = await withHouse(({ config, store }) =>
      erasePhone(
        { ...store, clock: systemClock(), log: createLog(config.logLevel) },
        phone,
        "command",
      ),
    );
    return told(done);
  },
};

/** @throws UsageError unless the last four digits are typed. */
async function confirmed(phone: Phone): Promise<void> {
  remark("This cannot be undone. Type the last four digits of the number to erase it:");
  const lines = createInterface({ input: process.stdin });
  const typed = await new Promise<string>((resolve) => {
    lines.once("line", resolve);
    lines.once("close", () => resolve(""));
  });
  lines.close();
  if (typed.trim() !== phoneTail(phone)) {
    throw new UsageError("Those are not its last four digits; nothing was erased.");
  }
}

function told(done: ErasedPhone): number {
  switch (done.kind) {
    case "unsettled":
      throw new UsageError(
        "A payment on this number is not settled yet: settle it first (lipia's dashboard says how), then erase the number.",
      );
    case "erased":
      answer(sentence(done.counts));
      if (done.counts.references > 0) {
        answer(
          `Orders that the shop named after the number: ${done.counts.references}. Their names stay.`,
        );
      }
      if (done.counts.unopened > 0) {
        answer(
          `Sealed texts that do not open, of which nobody can say what they hold: ${done.counts.unopened}. They stay.`,
        );
      }
      answer("Backups made before hold the number until you delete them.");
      return 0;
  }
}

function sentence({ attempts, payments, callbacks, notes }: Counts): string {
  return `Erased. Where the number stood: attempts ${attempts}, payments ${payments}, messages of M-Pesa ${callbacks}, notes ${notes}.`;
}
