/** Schedules that once broke a promise: they are kept and run first. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";
import type { Mode } from "./plan.ts";

export interface PastFailure {
  readonly seed: number;
  readonly schedule: number;
  readonly mode: Mode;
  /** What was wrong then, in one line. */
  readonly reason: string;
}

const FILE = "server/simulation/past-failures.json";

/** The list in the repository. Throws when it is missing or no list. */
export function pastFailures(): readonly PastFailure[] {
  const list: unknown = JSON.parse(readFileSync(join(packageRoot(), FILE), "utf8"));
  if (!Array.isArray(list)) throw new TypeError(`${FILE} must hold a list`);
  return list.map((entry: PastFailure) => entry);
}
