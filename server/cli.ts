/** `npm run --silent lipia -- COMMAND`: operations from a terminal. The answer alone goes to standard output. */
import { parseArgs } from "node:util";
import { auditVerify } from "./commands/audit-verify.ts";
import { backup } from "./commands/backup.ts";
import { type Command, type Given, UsageError } from "./commands/command.ts";
import { doctor } from "./commands/doctor.ts";
import { erase } from "./commands/erase.ts";
import { keysCreate } from "./commands/keys-create.ts";
import { orphans } from "./commands/orphans.ts";
import { restore } from "./commands/restore.ts";
import { secretRotate } from "./commands/secret-rotate.ts";
import { userAdd } from "./commands/user-add.ts";
import { userReset } from "./commands/user-reset.ts";
import { ConfigError } from "./config.ts";
import { UnfitDatabase } from "./db/unfit.ts";

const COMMANDS: readonly Command[] = [
  keysCreate,
  userAdd,
  userReset,
  doctor,
  backup,
  restore,
  orphans,
  secretRotate,
  erase,
  auditVerify,
];

async function main(args: readonly string[]): Promise<number | undefined> {
  const words = args.filter((word) => !word.startsWith("-"));
  const command = COMMANDS.find(({ name }) => {
    const own = name.split(" ");
    return own.every((word, index) => words[index] === word);
  });
  if (command === undefined) {
    const wantsHelp = args.some((word) => word === "--help" || word === "-h");
    if (words.length > 0) {
      throw new UsageError(`There is no command "${words.join(" ")}". See: lipia --help`);
    }
    if (!wantsHelp && args.length > 0) {
      throw new UsageError(`"${args.join(" ")}" is no command. See: lipia --help`);
    }
    process.stdout.write(overview());
    return 0;
  }
  const { values, positionals } = parsed(command, args);
  const flags: Readonly<Record<string, unknown>> = values;
  if (values.help === true) {
    process.stdout.write(
      `${["lipia", command.name, command.usage].join(" ")}\n\n${command.help}\n`,
    );
    return 0;
  }
  const given: Given = {
    positionals: positionals.slice(command.name.split(" ").length),
    flag: (name) => flags[name] === true,
    option: (name) => optionOf(flags[name]),
  };
  return command.run(given);
}

function optionOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function parsed(command: Command, args: readonly string[]) {
  try {
    const options = { ...command.options, help: { type: "boolean", short: "h" } as const };
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const because = error instanceof Error ? error.message : "Bad arguments";
    throw new UsageError(`${because}\nSee: lipia ${command.name} --help`);
  }
}

function overview(): string {
  const lines = [...COMMANDS.map(lineOf), ["lipia COMMAND --help", "more about one of them"]];
  const width = Math.max(...lines.map(([left = ""]) => left.length));
  return `Lipia from a terminal

${lines.map(([left = "", right]) => `  ${left.padEnd(width)}   ${right}`).join("\n")}

Commands work on the configured database (DATABASE_URL). All but restore and secret rotate may run
beside the server.
`;
}

function lineOf({ name, usage, summary }: Command): string[] {
  return [["lipia", name, usage].join(" ").trimEnd(), summary];
}

// Whoever reads the answer may stop early, as `head` does; the work is done all the same.
process.stdout.on("error", () => undefined);

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code ?? 0;
  },
  (error: unknown) => {
    const known =
      error instanceof UsageError || error instanceof ConfigError || error instanceof UnfitDatabase;
    const text = error instanceof Error ? (known ? error.message : error.stack) : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  },
);
