/** The recorded payloads of samples.jsonl, as fixtures for tests. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";

export interface Sample {
  readonly kind: string;
  readonly api: string;
  readonly note?: string;
  readonly group?: string;
  readonly http_status?: number;
  readonly payload: unknown;
}

/** Every recorded payload of one kind, in the file's order. */
export function samplesOf(kind: string): readonly Sample[] {
  // Found from the root, because the build copies no data beside the program.
  const file = join(packageRoot(), "server", "daraja", "samples.jsonl");
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Sample).filter((sample) => sample.kind === kind);
}

/** A payload as it came over the wire: JSON, or the firewall's page as it is. */
export function bodyOf(sample: Sample): string {
  return typeof sample.payload === "string" ? sample.payload : JSON.stringify(sample.payload);
}
