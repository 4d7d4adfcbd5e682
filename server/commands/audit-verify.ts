/** `lipia audit verify`: is the audit log as it was written? */
import type { AuditFault } from "../../shared/audit-words.ts";
import type { AuditStore } from "../ports.ts";
import { answer, type Command, type Given, remark, UsageError } from "./command.ts";
import { withHouse } from "./house.ts";

const STEP = 2_000;
/** A line of progress after so many rows: some seconds' work. */
const REMARK_EVERY = 100_000;
const HASH = /^[0-9a-f]{64}$/;

const FAULTS: Readonly<Record<AuditFault, string>> = {
  missing: "is missing, or another stands in its place",
  unlinked: "does not follow the row before it",
  changed: "says something else than what was written",
  unsealed: "was not written under this house's secret",
};

export const auditVerify: Command = {
  name: "audit verify",
  usage: "[HASH]",
  summary: "walk along the audit log from its first row; says which row was tampered with",
  help: `Every row of the audit log carries the hash of the row before it, and its own hash sealed under the
secret. This reads all of them and names the first row that was changed, removed or put in between.

No chain can show that its newest rows were cut off. So this prints the newest row's hash: note it
outside of this machine and give it next time, as HASH; it must still be in the log then. A restored
backup lacks the rows written since; its own row says that it was restored.

Exit code 1 means that the log cannot be trusted.`,
  options: {},
  async run(given) {
    const noted = notedHash(given);
    return withHouse(({ store }) => verify(store.audit, noted));
  },
};

function notedHash({ positionals }: Given): string | null {
  const [hash, ...more] = positionals;
  if (hash === undefined) return null;
  if (more.length === 0 && HASH.test(hash)) return hash;
  throw new UsageError("HASH is 64 digits and letters a to f. See: lipia audit verify --help");
}

async function verify(audit: AuditStore, noted: string | null): Promise<number> {
  for (let after = 0; ; ) {
    const { checkedTo, broken } = await audit.verify(after, STEP);
    if (broken !== null) {
      answer(`Row ${broken.row} ${FAULTS[broken.fault]}.`);
      answer(`Rows before it that are as they were written: ${checkedTo}.`);
      return 1;
    }
    if (checkedTo === after) break;
    after = checkedTo;
    if (after % REMARK_EVERY === 0) remark(`${after} rows so far`);
  }
  const { number, hash } = await audit.head();
  if (noted !== null && (await audit.numberOfHash(noted)) === null) {
    answer("The noted hash is not in the log: rows were cut off, or an older backup was restored.");
    return 1;
  }
  answer(number === 0 ? "The audit log is empty." : `${number} rows, all as they were written.`);
  if (number > 0) answer(`Newest: ${hash}`);
  return 0;
}
