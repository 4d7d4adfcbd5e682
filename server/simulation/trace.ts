/** The story of a schedule, line by line, with a hash by which two runs are compared. */
import { fnv1a } from "./random.ts";

/** A promise of the machine that was seen broken. */
export interface Violation {
  /** An invariant of machine §10, or a name that says what else was broken. */
  readonly invariant: string;
  readonly what: string;
}

export interface Trace {
  readonly lines: readonly string[];
  violation(): Violation | null;
  hash(): string;
  /** Tells what happened; facts that follow from the seed only. */
  say(text: string): void;
  /** Notes a broken promise; the first one ends the schedule. */
  broken(invariant: string, what: string): void;
}

export function createTrace(now: () => number): Trace {
  const startedAt = now();
  const lines: string[] = [];
  let left = 0x811c9dc5;
  let right = 0x01000193;
  let first: Violation | null = null;
  function say(text: string): void {
    const line = `+${((now() - startedAt) / 1_000).toFixed(3)} ${text}`;
    lines.push(line);
    left = fnv1a(line, left);
    right = fnv1a(`~${line}`, right);
  }
  return {
    lines,
    violation: () => first,
    hash: () => left.toString(16).padStart(8, "0") + right.toString(16).padStart(8, "0"),
    say,
    broken(invariant, what) {
      say(`BROKEN ${invariant}: ${what}`);
      first ??= { invariant, what };
    },
  };
}
