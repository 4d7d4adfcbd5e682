/** What every command of the terminal is made of. The answer goes to standard output, all else to standard error. */
import type { ParseArgsConfig } from "node:util";

export interface Command {
  /** One or two words: `backup`, `secret rotate`. */
  readonly name: string;
  /** What comes after the name in the list of commands. */
  readonly usage: string;
  readonly summary: string;
  /** Everything a person needs to know before running it. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** @throws UsageError for the person's mistakes; a number is the exit code, 0 by default. */
  run(given: Given): Promise<number | undefined>;
}

/** What was typed after the command's name. */
export interface Given {
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  /** The value of an option, or null where it was left out. */
  option(name: string): string | null;
}

/** A mistake of the person at the terminal, said in a sentence. */
export class UsageError extends Error {}

/** Part of the answer. */
export function answer(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Progress and warnings, beside the answer. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The only positional of a command, or a sentence that says what is wanted. */
export function onlyPositional({ positionals }: Given, wanted: string): string {
  const [first, ...more] = positionals;
  if (first === undefined || more.length > 0) throw new UsageError(wanted);
  return first;
}

export function refusePositionals({ positionals }: Given, usage: string): void {
  if (positionals.length > 0) throw new UsageError(`"${positionals.join(" ")}"? See: ${usage}`);
}
